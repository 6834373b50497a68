// On a device that was handed over, Back leads nowhere. (The server opens nothing else either, whatever the browser tries.)
class StayHere extends HTMLElement {
  connectedCallback(): void {
    history.pushState(null, "", location.href);
    addEventListener("popstate", this.again);
    addEventListener("pageshow", this.fresh);
  }

  disconnectedCallback(): void {
    removeEventListener("popstate", this.again);
    removeEventListener("pageshow", this.fresh);
  }

  private again = (): void => history.pushState(null, "", location.href);
  private fresh = (event: PageTransitionEvent): void => { if (event.persisted) location.reload(); };
}
customElements.define("stay-here", StayHere);
