// Where there is room, all questions stand on one page. Who chose one way or the other is left with it by the server.
class WideForm extends HTMLElement {
  connectedCallback(): void {
    if (matchMedia("(min-width: 900px)").matches && this.dataset.to) location.replace(this.dataset.to);
  }
}
customElements.define("wide-form", WideForm);
