// Runs before the page is drawn: somebody who left by "Exit this page" and goes Back sees the neutral page, not this one.
const exit = (document.currentScript as HTMLScriptElement | null)?.dataset.exit ?? "";

function left(): boolean {
  try { return sessionStorage.getItem("left") === "1"; } catch { return false; }
}
function away(): void {
  document.documentElement.hidden = true;
  location.replace(exit);
}

const [arrived] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
if (exit && left()) {
  if (arrived?.type === "back_forward") away();
  else try { sessionStorage.removeItem("left"); } catch { /* storage is off */ }
}
addEventListener("pageshow", (event: PageTransitionEvent) => { if (event.persisted && exit && left()) away(); });
