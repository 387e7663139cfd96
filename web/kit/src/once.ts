// What a person does by one touch is done once, however often they touch while it is under way.
import { ref } from 'vue'

export function useOnce() {
  const busy = ref(false)
  /** @returns whether it was begun; a deed that is under way is not begun again */
  async function once(deed: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      await deed()
    } finally {
      busy.value = false
    }
    return true
  }
  return { busy, once }
}
/** A newer first page in front of what was loaded already: nothing that somebody read on to goes away under them. */
export const inFront = <T extends { id: string }>(newer: T[], shown: T[]): T[] => inFrontBy(one => one.id, newer, shown)
export function inFrontBy<T>(id: (one: T) => string, newer: T[], shown: T[]): T[] {
  const known = new Set(newer.map(id))
  return [...newer, ...shown.filter(one => !known.has(id(one)))]
}
