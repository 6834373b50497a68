// Exit this page: the button, or Shift three times within five seconds. Covers the page at once and leaves no entry in the history.
class ExitPage extends HTMLElement {
  private presses = 0;
  private alone = false;
  private timer = 0;
  private count: HTMLElement | null = null;

  connectedCallback(): void {
    this.addEventListener("click", (event) => { event.preventDefault(); this.leave(); });
    document.addEventListener("keydown", this.down);
    document.addEventListener("keyup", this.up);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.down);
    document.removeEventListener("keyup", this.up);
  }

  private down = (event: KeyboardEvent): void => {
    if (!event.repeat) this.alone = event.key === "Shift"; // a capital letter is not a press of Shift
  };

  private up = (event: KeyboardEvent): void => {
    if (event.key !== "Shift" || !this.alone) return;
    clearTimeout(this.timer);
    this.presses += 1;
    if (this.presses >= 3) return this.leave();
    this.say(this.presses === 1 ? this.dataset.two : this.dataset.one);
    this.timer = window.setTimeout(() => { this.presses = 0; this.say(""); }, 5000);
  };

  private say(words = ""): void {
    if (!this.count) {
      this.count = document.createElement("p");
      this.count.className = "exit-count";
      this.count.setAttribute("role", "status");
      document.body.append(this.count);
    }
    this.count.textContent = words;
    this.count.hidden = !words;
  }

  private leave(): void {
    const cover = document.createElement("div");
    cover.className = "exit-cover";
    document.body.append(cover);
    document.title = "\u00a0";
    try { sessionStorage.setItem("left", "1"); } catch { /* storage is off */ }
    location.replace(this.dataset.to ?? "/");
  }
}
customElements.define("exit-page", ExitPage);
