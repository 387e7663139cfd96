// What the node said last stays on the phone, so that lists, cases and the household's code open in the cellar. It is kept
// for one login and forgotten when that login leaves.
import { api, me, Problem, type Query } from '@lifang/kit'
import { ref } from 'vue'
import { inStore } from './db'

/// Half-written reports lie in the same drawer under keys that begin so; they stay until their login throws them away.
export const kDrafts = 'draft '
interface Kept { at: number; answer: unknown }
/// Unix ms of the oldest thing now shown from the drawer; null while everything is fresh.
export const staleSince = ref<number | null>(null)

const keyOf = (path: string, query: Query) => (me.value?.account ?? '') + ' ' + path + ' ' + JSON.stringify(query)

/// GET, or what was kept of it when there is no line. @throws Problem when the node refuses, or nothing was kept
export async function fetchKept<T>(path: string, query: Query = {}): Promise<T> {
  const key = keyOf(path, query)
  try {
    if (!navigator.onLine) throw new Problem(0, 'page.no_network', '', '')
    const answer = await api.get<T>(path, query)
    staleSince.value = null
    await inStore('kept', 'readwrite', store => store.put({ at: Date.now(), answer } satisfies Kept, key)).catch(() => undefined)
    return answer
  } catch (error) {
    if ((error as Problem).status !== 0) throw error
    const kept = await look<T>(key)
    if (!kept) throw error
    staleSince.value = Math.min(staleSince.value ?? Infinity, kept.at)
    return kept.answer
  }
}
async function look<T>(key: string): Promise<{ at: number; answer: T } | undefined> {
  return inStore<{ at: number; answer: T }>('kept', 'readonly', store => store.get(key) as IDBRequest<{ at: number; answer: T }>).catch(() => undefined)
}
/// What was kept of it, at once and without asking the node; for a first picture.
export async function peek<T>(path: string, query: Query = {}): Promise<T | undefined> {
  return (await look<T>(keyOf(path, query)))?.answer
}
export async function forgetAll(): Promise<void> {
  staleSince.value = null
  await inStore('kept', 'readwrite', store => store.delete(IDBKeyRange.upperBound(kDrafts, true)))
  await inStore('kept', 'readwrite', store => store.delete(IDBKeyRange.lowerBound(kDrafts + '\uffff')))
  navigator.serviceWorker?.controller?.postMessage('forget')
}
