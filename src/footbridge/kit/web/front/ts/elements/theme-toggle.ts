// Light or dark at once, without loading the page anew. The choice is a cookie, so the server draws the next page right.
class ThemeToggle extends HTMLElement {
  connectedCallback(): void {
    this.querySelector("form")?.addEventListener("submit", (event) => {
      const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
      if (!button?.value) return;
      event.preventDefault();
      document.documentElement.dataset.theme = button.value;
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `theme=${button.value}; path=/; max-age=31536000; SameSite=Lax${secure}`;
      this.querySelector<HTMLButtonElement>(`button:not([value="${button.value}"])`)?.focus();
    });
  }
}
customElements.define("theme-toggle", ThemeToggle);
