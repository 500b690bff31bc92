/* The page without a network: everything it loads, kept by edition.
 *
 * - The first lines are the server's: the edition, and what belongs to it. Another edition is another text, so the
 *   browser finds it, keeps all of it, and only then answers with it. What was recorded lies in the database, which no
 *   edition touches.
 * - The edition before is kept beside it, for a page of it that is still open; those before that are given up.
 * - The page is answered from what is kept, at once, with the very modules of its edition; what programs ask goes to the
 *   network and is never kept.
 *
 * W3C Service Workers.
 */

const CACHE = `campo-${EDITION}`;

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(KEPT.map((path) => new Request(path, { cache: 'reload' })));
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    // In the order in which they were made.
    const others = (await caches.keys()).filter((name) => name.startsWith('campo-') && name !== CACHE);
    for (const name of others.slice(0, -1)) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { pathname, search } = new URL(event.request.url);
  const page = pathname === '/campo' && event.request.mode === 'navigate';
  const file = pathname.startsWith('/static/');
  if (event.request.method !== 'GET' || (!page && !file && !KEPT.includes(pathname + search))) return;
  event.respondWith((async () => {
    const own = await caches.open(CACHE);
    const wanted = page ? (KEPT.includes(pathname + search) ? pathname + search : '/campo') : event.request;
    // A file of the edition before, for a page of it: its address says the edition.
    const before = () => (file ? caches.match(wanted, { ignoreVary: true }) : undefined);
    return (await own.match(wanted, { ignoreVary: true })) ?? (await before()) ?? fetch(event.request);
  })());
});
