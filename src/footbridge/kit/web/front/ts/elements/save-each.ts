// A long form whose answers are kept one by one, as they are tapped. The server may say where to go first ("go").
class SaveEach extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("change", (event) => {
      const input = event.target as HTMLInputElement;
      const form = input.form;
      if (!form || input.type !== "radio") return;
      const body = new FormData();
      const token = form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
      if (token) body.set("csrfmiddlewaretoken", token.value);
      body.set("one", input.name);
      body.set(input.name, input.value);
      void this.keep(form.getAttribute("action") || window.location.href, body);
    });
  }

  private async keep(to: string, body: FormData): Promise<void> {
    try {
      const answer = await fetch(to, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
      const said = (await answer.json()) as { kept?: boolean; go?: string };
      if (said.go) window.location.assign(said.go);
    } catch {
      // Not kept now: sending the form keeps it.
    }
  }
}
customElements.define("save-each", SaveEach);
