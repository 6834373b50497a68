// Keeps what is typed in the form inside, 1.5 s after typing stops, when the page is left, and before it locks.
const NEVER = new Set(["password", "file", "hidden", "submit", "button"]);

export class KeepDraft extends HTMLElement {
  private timer = 0;
  private dirty = false;
  private sent = false;
  private flying: AbortController | null = null;

  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    const typed = (event: Event) => {
      if ((event.target as Element).closest("form") !== form) return;
      this.dirty = true;
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.save(), 1500);
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    form.addEventListener("submit", () => { this.sent = true; clearTimeout(this.timer); this.flying?.abort(); });
    addEventListener("pageshow", () => { this.sent = false; });
    addEventListener("pagehide", () => this.beacon());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.beacon(); });
  }

  async save(): Promise<void> {
    const body = this.body();
    if (!body) return;
    clearTimeout(this.timer);
    this.dirty = false;
    this.flying = new AbortController();
    try {
      const answer = await fetch(this.dataset.url ?? "", {
        method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" }, signal: this.flying.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const kept = (await answer.json()) as { kept: boolean };
      const said = this.querySelector<HTMLElement>(".kept-said");
      if (said) said.hidden = !kept.kept;
    } catch {
      this.dirty = true; // the next key, or leaving the page, tries again
    }
  }

  private beacon(): void {
    const body = this.body();
    if (body && navigator.sendBeacon(this.dataset.url ?? "", body)) this.dirty = false;
  }

  private body(): FormData | null {
    const form = this.querySelector("form");
    if (!form || !this.dirty || this.sent) return null;
    const body = new FormData();
    body.set("path", this.dataset.path ?? location.pathname);
    for (const control of Array.from(form.elements)) {
      if (control instanceof HTMLInputElement && control.name === "csrfmiddlewaretoken") body.set("csrfmiddlewaretoken", control.value);
    }
    const names = Array.from(form.elements, (control) => (control as HTMLInputElement).name).filter(Boolean);
    body.set("among", Array.from(new Set(names)).join(" "));
    for (const [name, value] of new FormData(form)) {
      const control = form.elements.namedItem(name);
      const type = control instanceof HTMLInputElement ? control.type : "";
      const autocomplete = control instanceof HTMLInputElement ? control.autocomplete : "";
      if (typeof value === "string" && !NEVER.has(type) && autocomplete !== "one-time-code") body.append(`f:${name}`, value);
    }
    return body;
  }
}
customElements.define("keep-draft", KeepDraft);

export async function keepAll(): Promise<void> {
  await Promise.all(Array.from(document.querySelectorAll<KeepDraft>("keep-draft"), (one) => one.save?.()));
}
