// Warns before the page locks, tells the server somebody is here while there is typing, and keeps drafts before locking.
import { keepAll } from "./keep-draft";

const SEEN = "seen"; // shared by the windows of this browser

class IdleWatch extends HTMLElement {
  private seen = Date.now();
  private told = Date.now();
  private clock = 0;

  connectedCallback(): void {
    for (const kind of ["pointerdown", "keydown", "input"]) document.addEventListener(kind, this.here, { passive: true, capture: true });
    document.addEventListener("visibilitychange", this.look);
    this.clock = window.setInterval(this.look, 5000);
    this.dialog?.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.dialog?.close();
      this.mark();
      void this.tell();
    });
    this.dialog?.addEventListener("cancel", () => { this.mark(); void this.tell(); });
    this.mark();
  }

  disconnectedCallback(): void {
    clearInterval(this.clock);
  }

  private get dialog(): HTMLDialogElement | null { return this.querySelector("dialog"); }
  private get limit(): number { return Number(this.dataset.minutes ?? 15) * 60_000; }

  private here = (event: Event): void => {
    if (this.dialog?.open && this.contains(event.target as Node)) return; // the button of the dialog speaks for itself
    if (this.dialog?.open) return;
    this.mark();
    if (Date.now() - this.told > 60_000) void this.tell();
  };

  private mark(): void {
    this.seen = Date.now();
    try { localStorage.setItem(SEEN, String(this.seen)); } catch { /* storage is off: each window counts for itself */ }
  }

  private look = (): void => {
    let last = this.seen;
    try { last = Math.max(last, Number(localStorage.getItem(SEEN) ?? 0)); } catch { /* storage is off */ }
    const away = Date.now() - last;
    if (away >= this.limit) void this.lock();
    else if (away >= this.limit - Number(this.dataset.warn ?? 2) * 60_000) {
      if (!this.dialog?.open) { void keepAll(); this.dialog?.showModal(); }
    } else if (this.dialog?.open) this.dialog.close();
  };

  private async tell(): Promise<void> {
    this.told = Date.now();
    const form = this.dialog?.querySelector("form");
    if (!form) return;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), credentials: "same-origin", headers: { Accept: "application/json" },
      });
      if (answer.status === 423) await this.lock();
    } catch { /* away from the network: the next sign of life tries again */ }
  }

  private async lock(): Promise<void> {
    clearInterval(this.clock);
    await Promise.race([keepAll(), new Promise((go) => setTimeout(go, 3000))]);
    location.assign(`${this.dataset.lock}?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
}
customElements.define("idle-watch", IdleWatch);
