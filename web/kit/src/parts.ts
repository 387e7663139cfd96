// The parts of a page that are asked for by themselves. What could not be asked for is said and can be asked for
// again: it is never shown as if there were nothing. A part that is not for this login is no failure; the page leaves
// it out or says so.
import { getCurrentScope, onScopeDispose, reactive, watch } from 'vue'
import { api, type Problem, type Query } from './api'
import { me } from './session'

interface Part {
  /** What went wrong the last time; what came before stays on the page meanwhile. */
  problem: Problem | null
  /** It is not for this login. */
  withheld: boolean
  /** It was answered at least once: what stands on the page is true, or was. */
  known: boolean
  busy: boolean
  turn: number
  again: () => Promise<boolean>
}

/** The items of the first page of a list. */
export async function itemsOf<T>(path: string, query: Query = {}): Promise<T[]> {
  return (await api.get<{ items: T[] }>(path, query)).items
}

/** What is not there is null: a draft that nobody began is no failure. @throws Problem for all else */
export const orNone = <T>(question: Promise<T>): Promise<T | null> =>
  question.catch((error: Problem) => {
    if (error.status !== 404) throw error
    return null
  })

export function useParts() {
  const parts = reactive(new Map<string, Part>())
  const of = (name: string): Part => {
    if (!parts.has(name))
      parts.set(name, { problem: null, withheld: false, known: false, busy: false, turn: 0, again: async () => false })
    return parts.get(name)!
  }
  /**
   * Asks for a part; of several questions for the same one the last counts.
   * @param put what is done with the answer; without one, what stands on the page stays
   * @returns whether it was answered
   */
  async function ask<T>(name: string, question: () => Promise<T>, put: (found: T) => void): Promise<boolean> {
    const part = of(name)
    const turn = ++part.turn
    part.again = () => ask(name, question, put)
    part.busy = true
    try {
      const found = await question()
      if (turn !== part.turn) return false
      put(found)
      Object.assign(part, { problem: null, withheld: false, known: true, busy: false })
      return true
    } catch (error) {
      if (turn !== part.turn) return false
      const withheld = (error as Problem).status === 403
      Object.assign(part, { problem: withheld ? null : (error as Problem), withheld, busy: false })
      return false
    }
  }
  /** Asks once more for every part that failed, or for these. */
  const again = async (names = [...parts.keys()]): Promise<void> => {
    await Promise.all(names.filter(name => parts.get(name)?.problem).map(name => of(name).again()))
  }
  const failing = (status: number) => [...parts.keys()].filter(name => of(name).problem?.status === status)
  // Whoever logs in again, or comes out of the cellar, need not press a button.
  if (getCurrentScope()) {
    watch(me, now => void (now && again(failing(401))))
    if (typeof window !== 'undefined') {
      const back = () => void again(failing(0))
      window.addEventListener('online', back)
      onScopeDispose(() => window.removeEventListener('online', back))
    }
  }
  return {
    ask, again,
    /** What went wrong with one of them, the first that did. */
    problem: (...names: string[]): Problem | null => names.map(name => parts.get(name)?.problem).find(Boolean) ?? null,
    known: (...names: string[]): boolean => names.every(name => parts.get(name)?.known),
    withheld: (...names: string[]): boolean => names.every(name => parts.get(name)?.withheld),
    busy: (...names: string[]): boolean => names.some(name => parts.get(name)?.busy),
    /** Whether it was asked for, and it is true that nothing is there. */
    isEmpty: (name: string, things: { length: number } | null): boolean => {
      const part = parts.get(name)
      return !!part?.known && !part.problem && !part.withheld && !things?.length
    },
  }
}
export type Parts = ReturnType<typeof useParts>
