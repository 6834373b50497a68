// Says the point under the pointer, or the one the arrow keys stand on, in a line under the drawing.
class ChartHover extends HTMLElement {
  private at = -1;

  connectedCallback(): void {
    this.tabIndex = 0;
    this.setAttribute("role", "group");
    const name = this.querySelector("svg")?.getAttribute("aria-label");
    if (name) this.setAttribute("aria-label", name);
    this.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.show(Math.min(Math.max(this.at + step, 0), this.dots.length - 1));
    });
    this.addEventListener("pointermove", (event) => {
      const spots = this.dots.map((dot) => { const box = dot.getBoundingClientRect(); return Math.abs(box.x + box.width / 2 - event.clientX); });
      this.show(spots.indexOf(Math.min(...spots)));
    });
    this.addEventListener("pointerleave", () => this.show(-1));
    this.addEventListener("focusout", () => this.show(-1));
  }

  private get dots(): SVGElement[] {
    return Array.from(this.querySelectorAll<SVGElement>("svg")).filter((svg) => svg.getClientRects().length)
      .flatMap((svg) => Array.from(svg.querySelectorAll<SVGElement>(".dot")));
  }

  private show(n: number): void {
    if (n === this.at) return;
    const dots = this.dots;
    dots.forEach((dot, i) => dot.classList.toggle("dot-on", i === n));
    this.at = n;
    const tip = this.querySelector<HTMLElement>(".chart-tip");
    if (tip) tip.textContent = dots[n]?.dataset.said ?? "\u00a0";
  }
}
customElements.define("chart-hover", ChartHover);
