// The roster by keyboard: p a l x mark the person in focus, arrows or [ and ] move. Works only while the focus is in the roster.
class RosterKeys extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("keydown", (event) => this.press(event));
    this.closest("form")?.addEventListener("click", (event) => {
      const all = (event.target as Element).closest<HTMLElement>("[data-mark-all]");
      if (all) this.rows.forEach((row) => this.mark(row, `[value="${CSS.escape(all.dataset.markAll ?? "")}"]`));
    });
  }

  private get rows(): HTMLElement[] { return Array.from(this.querySelectorAll<HTMLElement>(".roster-row")); }

  private press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = target.closest<HTMLElement>(".roster-row");
    if (!row) return;
    const typing = target.matches("input[type=text], textarea, select");
    const step = event.key === "ArrowDown" || (event.key === "]" && !typing) ? 1 : event.key === "ArrowUp" || (event.key === "[" && !typing) ? -1 : 0;
    if (step) {
      const next = this.rows[this.rows.indexOf(row) + step];
      next?.querySelector<HTMLElement>(typing ? "input[type=text]" : "input:checked, input[type=radio]")?.focus();
      event.preventDefault();
    } else if (!typing && event.key.length === 1 && this.mark(row, `[data-key="${CSS.escape(event.key.toLowerCase())}"]`, true)) event.preventDefault();
  }

  private mark(row: HTMLElement, which: string, focus = false): boolean {
    const input = row.querySelector<HTMLInputElement>(`input[type=radio]${which}`);
    if (!input) return false;
    input.checked = true;
    if (focus) input.focus();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }
}
customElements.define("roster-keys", RosterKeys);
