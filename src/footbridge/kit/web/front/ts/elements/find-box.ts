// Find a person or a page from anywhere: a link to a page of its own, and with scripts a box over the page. Names are posted, never put in an address.
class FindBox extends HTMLElement {
  private waiting = 0;
  private asked = 0;

  connectedCallback(): void {
    this.querySelector("a")?.addEventListener("click", (event) => { event.preventDefault(); this.open(); });
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      const first = this.links[0];
      if (first) first.click();
      else void this.ask();
    });
    this.input?.addEventListener("input", () => { window.clearTimeout(this.waiting); this.waiting = window.setTimeout(() => void this.ask(), 150); });
    this.dialog?.addEventListener("keydown", (event) => this.move(event));
  }

  open(): void {
    if (!this.dialog || this.dialog.open) return;
    this.dialog.showModal();
    this.input?.select();
    void this.ask();
  }

  private get dialog(): HTMLDialogElement | null { return this.querySelector("dialog"); }
  private get form(): HTMLFormElement | null { return this.querySelector("form"); }
  private get input(): HTMLInputElement | null { return this.querySelector("input[type=search]"); }
  private get lines(): HTMLElement | null { return this.querySelector(".find-lines"); }
  private get links(): HTMLAnchorElement[] { return Array.from(this.querySelectorAll<HTMLAnchorElement>(".find-lines a")); }

  // Answers that come late, after a newer question, are thrown away.
  private async ask(): Promise<void> {
    if (!this.form || !this.lines) return;
    const turn = ++this.asked;
    const body = new FormData(this.form);
    body.set("part", "1");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, redirect: "manual" });
      if (turn !== this.asked) return;
      if (answer.ok) this.lines.innerHTML = await answer.text();
      else window.location.assign(this.form.action); // locked or signed out: the page says so
    } catch {
      // No network: what was found stays.
    }
  }

  private move(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const at = this.links.indexOf(document.activeElement as HTMLAnchorElement) + step;
    if (at < 0) this.input?.focus();
    else this.links[Math.min(at, this.links.length - 1)]?.focus();
  }
}
customElements.define("find-box", FindBox);

// Single letters work only outside of fields, and only while the person has them on (WCAG 2.1.4); Ctrl K and Ctrl Enter always.
const box = (): FindBox | null => document.querySelector<FindBox>("find-box");
const off = (): boolean => document.documentElement.dataset.keys === "off";
let going = 0;

function row(step: number): void {
  const rows = Array.from(document.querySelectorAll<HTMLElement>("main tbody tr")).map((one) => one.querySelector<HTMLElement>("a, button")).filter((one) => one !== null);
  const now = rows.findIndex((one) => one.closest("tr")?.contains(document.activeElement));
  rows[Math.max(0, Math.min(rows.length - 1, now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step))]?.focus();
}

document.addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k" && box()) {
    event.preventDefault();
    box()?.open();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && target.matches("input, textarea, select")) {
    const form = target.closest("form");
    if (form && !form.closest("dialog")) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || off() || document.querySelector("dialog[open]")) return;
  if (target.isContentEditable || target.matches("input, textarea, select") || target.closest("roster-keys")) return;
  if (going && Date.now() - going < 1500) {
    going = 0;
    const way = document.querySelector<HTMLAnchorElement>(`.side-nav a[data-key="${CSS.escape(event.key)}"]`);
    if (way) { event.preventDefault(); way.click(); }
    return;
  }
  if (event.key === "g") going = Date.now();
  else if (event.key === "/" && box()) { event.preventDefault(); box()?.open(); }
  else if (event.key === "?") document.querySelector<HTMLAnchorElement>("a[data-keys-page]")?.click();
  else if (event.key === "j" || event.key === "k") row(event.key === "j" ? 1 : -1);
});
