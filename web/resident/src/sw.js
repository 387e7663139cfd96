// The service worker: the page itself is kept on the phone, so that it opens in the cellar. What the node says is kept by
// the page (net/kept.ts); what people say waits in its outbox. Pictures that were looked at stay for a while.
const version = '__VERSION__'
const shell = ['__SHELL__']
const shellName = 'shell-' + version
const picturesName = 'pictures'
const mostPictures = 60

self.addEventListener('install', event => {
  event.waitUntil(caches.open(shellName).then(cache => cache.addAll(shell.map(path => new Request(path, { cache: 'no-cache' })))))
})
self.addEventListener('activate', event => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith('shell-') && name !== shellName) await caches.delete(name)
    await self.clients.claim()
  })())
})
self.addEventListener('message', event => {
  if (event.data === 'update') self.skipWaiting()
  if (event.data === 'forget') event.waitUntil(caches.delete(picturesName))
})

async function fromShell(request, key) {
  const cache = await caches.open(shellName)
  return (await cache.match(key)) ?? fetch(request)
}
async function picture(request) {
  const cache = await caches.open(picturesName)
  const kept = await cache.match(request.url)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.status === 200 && (answer.headers.get('Content-Type') ?? '').startsWith('image/')) {
    await cache.put(request.url, answer.clone())
    const all = await cache.keys()
    for (const old of all.slice(0, Math.max(0, all.length - mostPictures))) await cache.delete(old)
  }
  return answer
}

self.addEventListener('fetch', event => {
  const { request } = event
  if (request.method !== 'GET') return
  const url = new URL(request.url)
  if (url.origin !== self.location.origin) return
  if (shell.includes(url.pathname)) return event.respondWith(fromShell(request, url.pathname))
  const isPicture = /^\/api\/v1\/files\/[^/]+\/content$/.test(url.pathname) && !url.search && request.destination === 'image'
  if (isPicture) event.respondWith(picture(request))
})
