// Views that somebody keeps of a list: its search, order, columns and filters. They stand with the login on the node;
// this browser holds the copy that it knew last and what has not reached the node yet: they are there without a line too.
import { api, me, type List, type Problem } from '@lifang/kit'

export interface View {
  name: string
  search: string
  sort: { key: string; down: boolean } | null
  columns: string[]
  filters: Record<string, unknown>
}
/** `view`: null where it goes. `found`: from before views stood on the node; what the node has of this name stays. */
interface Change { name: string; view: View | null; found?: true }
interface Copy { views: View[]; waits: Change[] }

const most = 20
const copyKey = (list: string) => 'views/' + (me.value?.account ?? '') + '/' + list
/** Where views stood when they were the browser's alone. */
const oldKey = (list: string) => 'views.' + list
const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function parsed(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}
/** Anything may stand in a browser's store, and a node says nothing of what is empty. */
function sound(all: unknown): View[] {
  const found: View[] = []
  for (const v of Array.isArray(all) ? (all as (Partial<View> | null)[]) : [])
    if (v && typeof v.name === 'string' && Array.isArray(v.columns))
      found.push({ name: v.name, search: v.search ?? '', sort: v.sort ?? null, columns: v.columns, filters: v.filters ?? {} })
  return found
}

/** The same name again replaces; the twenty latest stay. */
export function changed(views: View[], changes: Change[]): View[] {
  for (const { name, view, found } of changes) {
    if (found && views.some(v => v.name === name)) continue
    views = views.filter(v => v.name !== name)
    if (view) views = [...views, view]
  }
  return views.slice(-most)
}

function copyOf(list: string): Copy {
  const kept = parsed(copyKey(list)) as Partial<Copy> | null
  const old = sound(parsed(oldKey(list))).map((view): Change => ({ name: view.name, view, found: true }))
  const waits = (Array.isArray(kept?.waits) ? kept.waits : []).filter(c => typeof c?.name === 'string')
  return { views: sound(kept?.views), waits: [...old, ...waits] }
}
function write(list: string, copy: Copy) {
  try {
    localStorage.setItem(copyKey(list), JSON.stringify(copy))
    localStorage.removeItem(oldKey(list))
  } catch {
    // A browser that keeps nothing has what the node has.
  }
}

/** As this browser knows them now: what the node said last, with what has not reached it yet. */
export function readViews(list: string): View[] {
  const { views, waits } = copyOf(list)
  return changed(views, waits)
}

// One answer holds the views of all lists: pages that are opened soon after another share it.
const restMs = 60_000
let asked: { session: string; at: number; answer: Promise<Map<string, View[]>> } | null = null
/** Asks the node at the next need, such as after a change elsewhere. */
export const forgetViews = () => void (asked = null)
function ofNode(): Promise<Map<string, View[]>> {
  const session = me.value?.session ?? ''
  if (!asked || asked.session !== session || Date.now() - asked.at > restMs) {
    const answer = api.get<List<{ id: string; views: unknown }>>('accounts/me/views', { limit: 500 })
      .then(all => new Map(all.items.map(one => [one.id, sound(one.views)])))
    asked = { session, at: Date.now(), answer }
    answer.catch(forgetViews)
  }
  return asked.answer
}

/** A refusal of the words themselves: sent again they would be refused again. */
const isFinal = (error: unknown) => [409, 413, 422].includes((error as Problem).status)

/**
 * Asks the node and gives it what waits. What cannot be reached changes nothing.
 * @throws Problem where the node refuses what waited, which is then let go
 */
export async function freshViews(list: string): Promise<View[]> {
  let theirs: View[]
  try {
    theirs = (await ofNode()).get(list) ?? []
  } catch {
    return readViews(list)
  }
  const { waits } = copyOf(list)
  if (!waits.length) {
    write(list, { views: theirs, waits: [] })
    return theirs
  }
  const views = changed(theirs, waits)
  forgetViews()
  try {
    const words = views.map(({ sort, ...view }) => ({ ...view, ...(sort ? { sort } : {}) }))
    await api.put('accounts/me/views/' + encodeURIComponent(list), { views: words })
  } catch (error) {
    if (!isFinal(error)) return readViews(list)
    write(list, { views: theirs, waits: [] })
    throw error
  }
  // What was changed while this was on its way goes up the next time.
  const sent = JSON.stringify(waits)
  const now = copyOf(list).waits
  write(list, { views, waits: JSON.stringify(now.slice(0, waits.length)) === sent ? now.slice(waits.length) : now })
  return readViews(list)
}

function change(list: string, one: Change): View[] {
  const { views, waits } = copyOf(list)
  write(list, { views, waits: [...waits, one] })
  forgetViews()
  return changed(views, [...waits, one])
}
/** Here at once; `freshViews` takes it to the node. */
export const keptView = (list: string, view: View): View[] => change(list, { name: view.name, view: clone(view) })
export const droppedView = (list: string, name: string): View[] => change(list, { name, view: null })
