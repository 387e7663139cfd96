// A list of cases or situations that the live stream keeps current; nothing polls.
import { api, listen, me, spoken, type Case, type List, type Problem, type Query, type Situation } from '@lifang/kit'
import { onMounted, onUnmounted, ref, watch } from 'vue'
import { isGone } from './shared'

type Kept = Case | Situation
/** `heard`: something of the room happened, for what is counted beside the list. `parts`: the list is several questions, such as one a circle. `withheld`: it is not for this login. */
export interface Beside { heard?: () => void; parts?: Query[]; withheld?: boolean }
export function useLive<T extends Kept>(room: 'cases' | 'situations', query: () => Query, holds: (item: T) => boolean, beside: Beside = {}) {
  const items = ref<T[]>([]) as { value: T[] }
  const problem = ref('')
  const loaded = ref(false)
  const count = ref(0)
  const busy = ref(false)
  /** Where the rest of a list of one question goes on. */
  const next = ref<string | null>(null)
  const fresh = ref(new Set<string>())
  let turn = 0
  /** The question that the items answer: under another one they do not stand. */
  let answers = ''
  /** The session had ended: whoever logs in again sees what happened meanwhile. */
  let missed = false
  watch(me, now => {
    if (!now || !missed) return
    missed = false
    void load()
  })
  async function load() {
    if (beside.withheld) return
    const mine = ++turn, question = JSON.stringify(query())
    problem.value = ''
    try {
      const pages = await Promise.all((beside.parts ?? [{}]).map(part => api.get<List<T>>(room, { limit: 200, count: true, ...query(), ...part })))
      if (mine !== turn) return
      items.value = pages.flatMap(page => page.items)
      count.value = pages.reduce((sum, page) => sum + (page.count ?? page.items.length), 0)
      next.value = pages.length === 1 ? pages[0]!.next : null
      loaded.value = true
      answers = question
    } catch (error) {
      if (mine !== turn) return
      problem.value = spoken(error)
      missed = (error as Problem).status === 401
      if (answers === question) return
      items.value = []
      count.value = 0
      next.value = null
    }
  }
  async function more() {
    if (!next.value || busy.value) return
    const mine = turn
    busy.value = true
    try {
      const page = await api.get<List<T>>(room, { limit: 200, ...query(), after: next.value })
      if (mine === turn) {
        const known = new Set(items.value.map(x => x.id))
        items.value = [...items.value, ...page.items.filter(x => !known.has(x.id))]
        next.value = page.next
      }
    } catch (error) {
      problem.value = spoken(error)
    }
    busy.value = false
  }
  // What happened to one thing is asked for once, however many events tell of it, and once more where something was told while
  // the answer was on its way: it may not know of that yet.
  const asking = new Set<string>()
  const again = new Set<string>()
  const later = new Map<string, ReturnType<typeof setTimeout>>()
  async function one(id: string) {
    if (asking.has(id)) return void again.add(id)
    asking.add(id)
    clearTimeout(later.get(id))
    later.delete(id)
    try {
      const item = await api.get<T>(room + '/' + encodeURIComponent(id))
      const at = items.value.findIndex(x => x.id === id)
      if (!holds(item)) {
        if (at >= 0) {
          items.value = items.value.filter(x => x.id !== id)
          count.value--
        }
      } else if (at >= 0) items.value[at] = item
      else {
        items.value = [item, ...items.value]
        count.value++
      }
      fresh.value.add(id)
    } catch (error) {
      if ((error as Problem).status === 401) missed = true
      else if (!isGone(error)) later.set(id, setTimeout(() => void one(id), 5000)) // what happened to it is not known yet
      // Outside of our places, or gone again.
      else if (items.value.some(x => x.id === id)) {
        items.value = items.value.filter(x => x.id !== id)
        count.value--
      }
    }
    asking.delete(id)
    if (again.delete(id)) void one(id)
  }
  let stop = () => {}
  onMounted(() => {
    if (beside.withheld) return
    void load()
    const stream = listen([room], null, event => {
      void one(event.subject)
      beside.heard?.()
    })
    stop = stream.stop
  })
  onUnmounted(() => {
    stop()
    for (const waits of later.values()) clearTimeout(waits)
  })
  watch(() => JSON.stringify(query()), () => void load())
  return { items, problem, loaded, count, fresh, next, busy, load, more }
}
