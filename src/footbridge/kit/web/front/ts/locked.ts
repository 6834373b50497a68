// A staff page that the browser kept and shows again by Back may be locked by now: then it is asked for anew.
const lock = document.querySelector<HTMLElement>("idle-watch form")?.getAttribute("action") ?? "";
addEventListener("pageshow", (event: PageTransitionEvent) => {
  if (!event.persisted || !lock) return;
  document.documentElement.hidden = true;
  void fetch(lock, { headers: { Accept: "application/json" }, cache: "no-store" })
    .then((answer) => { if (answer.status === 200) document.documentElement.hidden = false; else location.reload(); })
    .catch(() => location.reload());
});
export {};
