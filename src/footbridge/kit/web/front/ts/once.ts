// A form is sent once, however often its button is pressed. (The server is safe to be asked twice all the same.)
const sent = new WeakSet<HTMLFormElement>();
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  ((event as SubmitEvent).submitter as HTMLElement | null)?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", (event: PageTransitionEvent) => {
  if (!event.persisted) return;
  document.querySelectorAll<HTMLFormElement>("form[data-once]").forEach((form) => sent.delete(form));
  document.querySelectorAll("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy"));
});
export {};
