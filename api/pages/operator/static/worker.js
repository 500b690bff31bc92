/* The page without a network: everything it loads, kept by edition.
 *
 * - The first lines are the server's: the edition, and what belongs to it. Another edition is another text, so the
 *   browser finds it, keeps all of it, and only then gives up the one before. What was recorded lies in the database, which
 *   no edition touches.
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
    for (const name of await caches.keys()) if (name.startsWith('campo-') && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { pathname, search } = new URL(event.request.url);
  const page = pathname === '/campo' && event.request.mode === 'navigate';
  if (event.request.method !== 'GET' || (!page && !KEPT.includes(pathname + search))) return;
  event.respondWith((async () => {
    const wanted = page ? (KEPT.includes(pathname + search) ? pathname + search : '/campo') : event.request;
    return (await caches.match(wanted, { ignoreVary: true })) ?? fetch(event.request);
  })());
});
