// The board of a draft: an hour is dragged to another one, or its "Move…" is pressed (click, Enter or M). Both open the same form in a
// dialog, filled with where it was dropped, and what it does is said before anything is saved. Without scripts "Move…" is a page.
class WeekBoard extends HTMLElement {
  private moving = "";

  connectedCallback(): void {
    this.addEventListener("dragstart", (event) => this.lift(event));
    this.addEventListener("dragend", () => this.put());
    this.addEventListener("dragover", (event) => this.over(event));
    this.addEventListener("drop", (event) => this.drop(event));
    this.addEventListener("click", (event) => this.tap(event));
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("submit", (event) => this.send(event));
  }

  private get dialog(): HTMLDialogElement | null { return this.querySelector("dialog"); }
  private get body(): HTMLElement | null { return this.querySelector(".dialog-body"); }

  private lift(event: DragEvent): void {
    const entry = (event.target as Element).closest<HTMLElement>("[data-move]");
    if (!entry) return;
    this.moving = entry.dataset.move ?? "";
    entry.classList.add("entry-lifted");
    event.dataTransfer?.setData("text/plain", entry.querySelector(".entry-title")?.textContent ?? "");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  }

  private put(): void {
    this.moving = "";
    this.querySelectorAll(".entry-lifted, .drop-here").forEach((one) => one.classList.remove("entry-lifted", "drop-here"));
  }

  private cell(event: DragEvent): HTMLElement | null {
    return this.moving ? (event.target as Element).closest<HTMLElement>("td[data-starts]") : null;
  }

  private over(event: DragEvent): void {
    const cell = this.cell(event);
    if (!cell) return;
    event.preventDefault();
    if (!cell.classList.contains("drop-here")) {
      this.querySelectorAll(".drop-here").forEach((one) => one.classList.remove("drop-here"));
      cell.classList.add("drop-here");
    }
  }

  private drop(event: DragEvent): void {
    const cell = this.cell(event);
    if (!cell) return;
    event.preventDefault();
    const where = new URLSearchParams();
    for (const name of ["weekday", "starts", "leader", "room"]) if (cell.dataset[name]) where.set(name, cell.dataset[name] ?? "");
    const to = this.moving;
    this.put();
    void this.open(to, where);
  }

  private tap(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a.entry-move");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void this.open(link.href, new URLSearchParams());
  }

  private press(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    const entry = (event.target as Element).closest<HTMLElement>("[data-move]");
    if (!entry || (event.target as Element).matches("input, select, textarea")) return;
    event.preventDefault();
    void this.open(entry.dataset.move ?? "", new URLSearchParams());
  }

  private async open(to: string, where: URLSearchParams): Promise<void> {
    const page = new URL(to, window.location.href);
    where.forEach((value, name) => page.searchParams.set(name, value));
    const whole = page.toString();
    page.searchParams.set("part", "1");
    try {
      const answer = await fetch(page);
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.text());
      if (!this.dialog?.open) this.dialog?.showModal();
    } catch {
      window.location.assign(whole);
    }
  }

  private show(html: string): void {
    if (!this.body) return;
    this.body.innerHTML = html;
    const title = this.body.querySelector<HTMLElement>("[data-title]")?.dataset.title;
    const head = this.querySelector("#board-move-title");
    if (title && head) head.textContent = title;
  }

  private async send(event: SubmitEvent): Promise<void> {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-board-form]")) return;
    event.preventDefault();
    const pressed = event.submitter as HTMLButtonElement | null;
    if (this.hasAttribute("busy")) return;
    this.setAttribute("busy", "");
    pressed?.setAttribute("aria-busy", "true");
    const said = new FormData(form);
    if (pressed?.name) said.set(pressed.name, pressed.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: said });
      if (answer.redirected) return window.location.assign(answer.url);
      this.show(await answer.text());
      this.body?.querySelector<HTMLElement>(".error-summary, .board-what")?.scrollIntoView({ block: "nearest" });
    } catch {
      form.submit();
    } finally {
      this.removeAttribute("busy");
      pressed?.removeAttribute("aria-busy");
    }
  }
}
customElements.define("week-board", WeekBoard);
