// The offline worker. It keeps only the pages a portal page names (safety plan, week, relapse plan, help), never others:
// not messages, not notes, not questionnaires. Network first; the kept copy only when there is no network.
declare const self: ServiceWorkerGlobalScope;

const OWN = "own-1"; // pages with a person's words; forgotten on sign-out and when another person signs in
const SHELL = "shell-1"; // styles, scripts, font: the same for everybody
const ANY = { ignoreSearch: true, ignoreVary: true };
const NOTE = "/.kept"; // what is kept, for whom, since when

interface Note { owner: string; urls: string[]; at: number }

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([tidy(), self.clients.claim()])));

self.addEventListener("message", (event) => {
  if (event.data?.type === "keep") event.waitUntil(keep(String(event.data.owner), event.data.urls as string[]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(fetch(request).catch(() => kept(SHELL, request)));
});

async function page(event: FetchEvent): Promise<Response> {
  const path = new URL(event.request.url).pathname;
  try {
    const answer = await fetch(event.request);
    if (answer.ok && !answer.redirected && !new URL(event.request.url).search) event.waitUntil(renew(path, answer.clone()));
    return answer;
  } catch {
    const own = await caches.open(OWN);
    const copy = await own.match(path, ANY);
    if (copy) return copy;
    const note = await read(own);
    const help = note && (await own.match(note.urls[0] ?? "", ANY));
    return help ?? Response.error();
  }
}

// A kept page that is seen anew is kept anew: a plan written a moment ago must be the one that opens without a network.
async function renew(path: string, answer: Response): Promise<void> {
  if (!(await caches.has(OWN))) return;
  const own = await caches.open(OWN);
  if (await own.match(path, ANY)) await put(own, path, answer);
}

// One copy of an address, whatever its answer varied by.
async function put(cache: Cache, url: string, answer: Response): Promise<void> {
  await cache.delete(url, ANY);
  await cache.put(url, answer);
}

async function kept(cache: string, request: Request): Promise<Response> {
  return (await (await caches.open(cache)).match(request, ANY)) ?? Response.error();
}

async function keep(owner: string, urls: string[]): Promise<void> {
  let own = await caches.open(OWN);
  const before = await read(own);
  if (before && before.owner !== owner) {
    await caches.delete(OWN);
    own = await caches.open(OWN);
  } else if (before && before.urls.join() === urls.join() && Date.now() - before.at < 60_000) return;
  for (const old of await own.keys()) if (!urls.includes(new URL(old.url).pathname)) await own.delete(old);
  const shell = await caches.open(SHELL);
  for (const url of urls) {
    const answer = await fetch(url, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) continue;
    await put(own, url, answer.clone());
    const wanted = Array.from((await answer.text()).matchAll(/(?:href|src)="(\/static\/[^"]+)"/g), (found) => found[1] as string);
    await Promise.all(wanted.map(async (asset) => { if (!(await shell.match(asset))) await shell.add(asset).catch(() => undefined); }));
  }
  const note: Note = { owner, urls, at: Date.now() };
  await own.put(NOTE, new Response(JSON.stringify(note)));
}

async function read(own: Cache): Promise<Note | null> {
  const answer = await own.match(NOTE);
  return answer ? ((await answer.json()) as Note) : null;
}

async function tidy(): Promise<void> {
  for (const name of await caches.keys()) if (name !== OWN && name !== SHELL) await caches.delete(name);
}

export {};
