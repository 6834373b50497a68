// Keeps the pages a person may need without a network, and forgets them on sign-out.
const meta = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";

async function keep(): Promise<void> {
  const worker = meta("offline-worker");
  if (!worker || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(worker, { scope: "/" });
  const ready = await navigator.serviceWorker.ready;
  ready.active?.postMessage({ type: "keep", owner: meta("offline-owner"), urls: meta("offline-pages").split(" ").filter(Boolean) });
}

export async function forget(): Promise<void> {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith("own-")) await caches.delete(name);
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("[data-sign-out]")) return;
  event.preventDefault();
  void Promise.race([forget(), new Promise((go) => setTimeout(go, 1000))]).finally(() => form.submit());
});

keep().catch(() => { /* no worker in this browser: the page works, only not offline */ });
