// Reads what stands around it aloud, with the browser's own voice for the language. Without a voice there is no button.
class ReadAloud extends HTMLElement {
  private readonly button = this.querySelector("button");

  connectedCallback(): void {
    if (!("speechSynthesis" in window) || !this.button) return;
    this.look();
    speechSynthesis.addEventListener("voiceschanged", this.look);
    addEventListener("pagehide", this.stop);
    this.button.addEventListener("click", () => (this.button?.getAttribute("aria-pressed") === "true" ? this.stop() : this.say()));
  }

  disconnectedCallback(): void {
    if ("speechSynthesis" in window) speechSynthesis.removeEventListener("voiceschanged", this.look);
    removeEventListener("pagehide", this.stop);
    this.stop();
  }

  private get language(): string { return this.closest<HTMLElement>("[lang]")?.lang || document.documentElement.lang || "en"; }

  private voice(): SpeechSynthesisVoice | undefined {
    return speechSynthesis.getVoices().find((one) => one.lang.toLowerCase().startsWith(this.language.slice(0, 2)));
  }

  private look = (): void => { if (this.button) this.button.hidden = !this.voice(); };

  private stop = (): void => {
    if (!("speechSynthesis" in window)) return;
    speechSynthesis.cancel();
    this.button?.setAttribute("aria-pressed", "false");
  };

  private say(): void {
    speechSynthesis.cancel();
    document.querySelectorAll("read-aloud button[aria-pressed=true]").forEach((other) => other.setAttribute("aria-pressed", "false"));
    const words = new SpeechSynthesisUtterance(this.text());
    words.lang = this.language;
    words.voice = this.voice() ?? null;
    words.addEventListener("end", () => this.button?.setAttribute("aria-pressed", "false"));
    this.button?.setAttribute("aria-pressed", "true");
    speechSynthesis.speak(words);
  }

  // What leads in, the question, its hint, then each answer: in the order they stand.
  private text(): string {
    const around = this.closest(".aloud") ?? document.body;
    const parts = Array.from(around.querySelectorAll<HTMLElement>("legend, .question-lead, .help, .choice-words"), (one) => one.innerText.trim());
    return parts.filter(Boolean).map((said) => (/[.?!:]$/.test(said) ? said : `${said}.`)).join(" ");
  }
}
customElements.define("read-aloud", ReadAloud);
