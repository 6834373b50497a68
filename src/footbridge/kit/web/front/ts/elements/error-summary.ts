// After a refused form the summary has the focus, and each of its lines leads into its field.
class ErrorSummary extends HTMLElement {
  connectedCallback(): void {
    const box = this.querySelector<HTMLElement>(".error-summary");
    if (box && document.querySelector(".error-summary") === box && !this.closest("[data-still]")) box.focus();
    this.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#"]');
      const target = link && document.getElementById(link.hash.slice(1));
      if (!target) return;
      event.preventDefault();
      const field = target.matches("input, select, textarea") ? target : target.querySelector<HTMLElement>("input, select, textarea");
      target.scrollIntoView({ block: "center" });
      field?.focus({ preventScroll: true });
    });
  }
}
customElements.define("error-summary", ErrorSummary);
