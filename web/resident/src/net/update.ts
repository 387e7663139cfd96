// A new version of the page waits until the person says so: nobody loses what they were typing.
import { ref } from 'vue'

export const fresh = ref(false)
let waiting: ServiceWorker | null = null
let taking = false

export function startUpdates(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  navigator.serviceWorker.addEventListener('controllerchange', () => { if (taking) location.reload() })
  navigator.serviceWorker.register('/sw.js').then(registration => {
    const stands = (worker: ServiceWorker | null) => {
      if (!worker || !navigator.serviceWorker.controller) return
      waiting = worker
      fresh.value = true
    }
    stands(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing
      worker?.addEventListener('statechange', () => { if (worker.state === 'installed') stands(worker) })
    })
    document.addEventListener('visibilitychange', () => { if (!document.hidden) void registration.update().catch(() => undefined) })
  }, () => undefined)  // without a safe origin the page works, only not without a line
}
export function takeUpdate(): void {
  taking = true
  waiting?.postMessage('update')
}
