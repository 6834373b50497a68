// A tapped answer goes on by itself. Arrow keys and screen readers choose freely and go on with the button.
class AutoAdvance extends HTMLElement {
  private tapped = 0;

  connectedCallback(): void {
    this.addEventListener("pointerup", () => { this.tapped = Date.now(); });
    this.addEventListener("change", (event) => {
      const input = event.target as HTMLInputElement;
      if (input.type !== "radio" || Date.now() - this.tapped > 700) return;
      window.setTimeout(() => input.form?.requestSubmit(), 180); // long enough to see what was chosen
    });
  }
}
customElements.define("auto-advance", AutoAdvance);
