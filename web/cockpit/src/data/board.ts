// Everything that the wall shows, kept in step with the node: boards are asked anew as soon as something
// happened and every few seconds while more does, the twin's marks at once. Nothing here grows with time.
import { all, api, atOnceThenRarely, listen, may, Problem, readsCases, type LiveEvent } from '@lifang/kit'
import { computed, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { Atlas } from './atlas'
import { isIn, isSaid, lineOf, merged, push, type Line } from './stream'
import type {
  Case, CaseBoard, Circle, DeviceCount, List, Mark, OnDuty, Outline, Rates, Severity, Situation, SituationBoard,
} from './types'

export const circles: Circle[] = ['micro', 'small', 'great']
const days = 30, dayMs = 86_400_000
/** At most so often are boards asked again while things happen. */
const restMs = 4000
const rowsOfCircle = 8
/** Rates and duty change slowly: at most so often. */
const slowMs = 60_000
/** Shifts begin and days end on it; no event says so. */
const halfHour = 1_800_000
/** Of a storm no more than this is read line by line; the boards tell the rest. */
const mostWaiting = 500
export interface Share { good: number; all: number }
export interface Shares { response: Share; solved: Share; satisfied: Share }

function sharesOf(rates: Rates[]): Shares {
  const sum = (good: keyof Rates, of: keyof Rates): Share =>
    rates.reduce((s, r) => ({ good: s.good + (r[good] as number), all: s.all + (r[of] as number) }), { good: 0, all: 0 })
  return { response: sum('response_good', 'response_all'), solved: sum('solved_good', 'solved_all'), satisfied: sum('satisfied_good', 'satisfied_all') }
}

export interface Names { rules: Map<string, [string, string]>; kinds: Map<string, [string, string]>; posts: Map<string, string> }

export function useBoard(place: Ref<string>) {
  const atlas = shallowRef<Atlas>()
  const situations = shallowRef<SituationBoard>()
  const cases = shallowRef<CaseBoard>()
  const rows = reactive<Record<Circle, Case[]>>({ micro: [], small: [], great: [] })
  const rates = shallowRef<{ now: Shares; before: Shares }>()
  const duty = shallowRef<OnDuty[]>()
  const devices = shallowRef<DeviceCount[]>([])
  const lines = shallowRef<Line[]>([])
  const names = shallowRef<Names>({ rules: new Map(), kinds: new Map(), posts: new Map() })
  const problem = ref('')
  const ready = ref(false)
  const asOf = ref(Date.now())
  const fresh = shallowRef<Set<string>>(new Set())
  const filter = reactive({ severities: { critical: true, warning: true, info: true } as Record<Severity, boolean>, rule: '', kind: '' })
  const clock = ref(Date.now())

  let stopped = false, round = 0
  let slowTimer = 0, slowAsked = 0, mapTimer = 0, turnTimer = 0
  const under = () => place.value || undefined
  const from = () => new Date(Math.floor(Date.now() / dayMs) * dayMs - (days - 1) * dayMs).toISOString()

  async function askOutlines() {
    atlas.value = new Atlas((await api.get<List<Outline>>('places/outlines')).items)
  }
  async function askBoards() {
    const mine = ++round
    const [s, c] = await Promise.all([
      may('situations.read') ? api.get<SituationBoard>('situations/board', { place: under(), from: from(), limit: 500 }) : undefined,
      readsCases() ? api.get<CaseBoard>('cases/board', { place: under(), kind: filter.kind, from: from() }) : undefined,
    ])
    if (stopped || mine !== round) return
    situations.value = s
    cases.value = c
    asOf.value = Date.now()
    if (fresh.value.size) fresh.value = new Set()
  }
  async function askRows() {
    if (!readsCases()) return
    const at = place.value
    await Promise.all(circles.map(async circle => {
      const query = { open: true, circle, place: under(), kind: filter.kind, order: 'due', limit: rowsOfCircle }
      const late = (await api.get<List<Case>>('cases', { ...query, overdue: true })).items
      const rest = late.length < rowsOfCircle ? (await api.get<List<Case>>('cases', query)).items : []
      if (stopped || place.value !== at) return
      const ids = new Set(late.map(c => c.id))
      rows[circle] = [...late, ...rest.filter(c => !ids.has(c.id))].slice(0, rowsOfCircle)
    }))
    waitForTheClock()
  }
  async function askSlow() {
    const now = (slowAsked = Date.now()), at = place.value
    const ratesIn = (a: number, b: number) =>
      api.get<List<Rates>>('cases/rates', { by: 'kind', place: under(), from: new Date(a).toISOString(), to: new Date(b).toISOString() }).then(l => sharesOf(l.items))
    const dutyAt = place.value || atlas.value?.roots[0]?.id
    const [current, before, on, counts] = await Promise.all([
      readsCases() ? ratesIn(now - days * dayMs, now) : undefined,
      readsCases() ? ratesIn(now - 2 * days * dayMs, now - days * dayMs) : undefined,
      may('rosters.read') && dutyAt ? api.get<List<OnDuty>>('rosters/duty', { place: dutyAt }).then(l => l.items) : undefined,
      may('devices.read') ? api.get<List<DeviceCount>>('devices/board', { place: under() }).then(l => l.items) : [],
    ])
    if (stopped || place.value !== at) return
    if (current && before) rates.value = { now: current, before }
    duty.value = on
    devices.value = counts
  }
  async function askNames() {
    const [rules, kinds, posts] = await Promise.all([
      may('rules.read') ? all<{ id: string; name: string; name_en: string }>('rules') : [],
      all<{ code: string; name: string; name_en: string }>('cases/kinds'),
      may('rosters.read') ? all<{ id: string; name: string }>('rosters/posts') : [],
    ])
    names.value = {
      rules: new Map(rules.map(r => [r.id, [r.name, r.name_en]])), kinds: new Map(kinds.map(k => [k.code, [k.name, k.name_en]])),
      posts: new Map(posts.map(p => [p.id, p.name])),
    }
  }
  /** What happened here before the page was opened, or before this place was looked at: the stream does not begin empty. */
  async function askStream() {
    const at = place.value
    const [s, c] = await Promise.all([
      may('situations.read') ? api.get<List<Situation>>('situations', { place: under(), limit: 12 }) : { items: [] },
      readsCases() ? api.get<List<Case>>('cases', { place: under(), limit: 12 }) : { items: [] },
    ])
    const past: Line[] = [
      ...s.items.map(i => ({ key: 'situations.opened' + i.id, id: i.id, at: i.raised_at, topic: 'situations.opened', what: i.rule, path: i.path, post: '', circle: '', step: '', cause: '', grave: i.severity === 'critical' })),
      ...c.items.map(i => ({ key: 'cases.opened' + i.id, id: i.id, at: i.opened_at, topic: 'cases.opened', what: i.kind, path: i.path, post: '', circle: i.circle, step: '', cause: i.cause, grave: false })),
    ]
    if (stopped || place.value !== at) return
    past.sort((a, b) => a.at.localeCompare(b.at))
    // Pushed one after another a situation and the case that it opened are one line.
    lines.value = merged(lines.value, past.reduce(push, [] as Line[]))
  }

  async function guarded(work: () => Promise<unknown>) {
    try {
      await work()
      problem.value = ''
    } catch (error) {
      // A cut line is told by the live stream's state; the boards stay as they were.
      if (!(error instanceof Problem) || error.status !== 0) problem.value = error instanceof Problem ? error.code : 'page.unknown'
    }
  }

  async function begin() {
    await guarded(async () => {
      await Promise.all([askOutlines(), askBoards(), askNames()])
      ready.value = true
      await Promise.all([askRows(), askSlow(), askStream()])
    })
    ready.value = true
  }

  // The first thing that happens is counted at once; while more happens, no more often than before.
  const counting = atOnceThenRarely(() => void guarded(() => Promise.all([askBoards(), askRows()])), restMs)

  /** Once more when the pause since the last time is over. */
  function slowly() {
    slowTimer ||= window.setTimeout(() => {
      slowTimer = 0
      if (!stopped) void guarded(askSlow)
    }, Math.max(restMs, slowAsked + slowMs - Date.now()))
  }
  function mapSoon() {
    mapTimer ||= window.setTimeout(() => {
      mapTimer = 0
      if (!stopped) void guarded(askOutlines)
    }, restMs)
  }
  /** What changes without an event changes by the clock: the next deadline that is shown, the next half hour. */
  function waitForTheClock() {
    window.clearTimeout(turnTimer)
    if (stopped) return
    const now = Date.now(), half = (Math.floor(now / halfHour) + 1) * halfHour
    const dues = circles.flatMap(c => rows[c]).map(row => Date.parse(row.due ?? '')).filter(due => due > now)
    const next = Math.min(half, ...dues)
    turnTimer = window.setTimeout(async () => {
      await guarded(() => Promise.all([askBoards(), askRows(), ...(next === half ? [askSlow()] : [])]))
      waitForTheClock()
    }, next - now + 1000)
  }

  /** The first event is drawn at once, those of the next tenth of a second together: a storm of them costs ten drawings a second. */
  const waiting: LiveEvent[] = []
  const hearing = atOnceThenRarely(take, 100)
  function hear(event: LiveEvent) {
    if (waiting.length < mostWaiting) waiting.push(event)
    hearing.go()
  }
  function take() {
    let told = lines.value, board = situations.value, happened = false
    const risen = new Set(fresh.value)
    for (const event of waiting.splice(0)) {
      if (event.topic.startsWith('places.')) mapSoon()
      if (!shown.some(room => event.topic.startsWith(room + '.'))) continue
      happened = true
      if (isSaid(event)) told = push(told, lineOf(event, id => board?.marks.find(m => m.id === id)?.rule ?? ''))
      if (board) board = stood(board, event, risen)
    }
    lines.value = told
    if (board !== situations.value) {
      fresh.value = risen
      situations.value = board
    }
    if (happened) counting.go()
    slowly()
  }
  /** The board after an event: its marks at once, its figures when it is asked again. */
  function stood(board: SituationBoard, event: LiveEvent, risen: Set<string>): SituationBoard {
    const b = event.body as Record<string, string>
    if ((event.topic === 'situations.opened' || event.topic === 'situations.unsilenced') && !event.body.silenced && isIn(event.path, place.value)) {
      const severity = b.severity as Severity
      const shown = atlas.value?.deepest(event.path)?.id ?? b.place ?? ''
      const mark: Mark = { id: event.subject, rule: b.rule ?? '', device: b.device ?? '', shown, severity, began_at: b.began_at ?? event.at, seen: false }
      if (board.marks.some(m => m.id === mark.id)) return board
      risen.add(mark.id)
      return { ...board, marks: [mark, ...board.marks].slice(0, 600), [severity]: board[severity] + 1 }
    }
    if (event.topic === 'situations.cleared' || event.topic === 'situations.marked_false') {
      const gone = board.marks.find(m => m.id === event.subject)
      if (gone) return { ...board, marks: board.marks.filter(m => m !== gone), [gone.severity]: board[gone.severity] - 1 }
    }
    return board
  }

  const shown = (['situations', 'cases'] as const).filter(room => (room === 'cases' ? readsCases() : may('situations.read')))
  const beside = (['places', 'rosters', 'devices'] as const).filter(room => may(room + '.read'))
  const stream = listen([...shown, ...beside], null, hear, () => void guarded(() => Promise.all([askBoards(), askRows(), askSlow()])))
  const ticking = window.setInterval(() => (clock.value = Date.now()), 1000)

  watch([place, () => filter.kind], () => {
    void guarded(() => Promise.all([askBoards(), askRows(), askSlow(), askStream()]))
  })
  void begin()

  /** Marks that the filter leaves. */
  const marks = computed(() => (situations.value?.marks ?? []).filter(m => filter.severities[m.severity] && (!filter.rule || m.rule === filter.rule)))

  /** What the place that is looked at is called; "" where a login has several tops and looks at all of them. */
  const here = computed(() => (atlas.value?.get(place.value) ?? (atlas.value?.roots.length === 1 ? atlas.value.roots[0] : undefined))?.name ?? '')

  return {
    place, here, atlas, situations, cases, rows, rates, duty, devices, lines, names, problem, ready, asOf, fresh, filter, clock, marks,
    connection: stream.connection,
    again: begin,
    stop() {
      stopped = true
      stream.stop()
      window.clearInterval(ticking)
      counting.stop()
      hearing.stop()
      for (const t of [slowTimer, mapTimer, turnTimer]) window.clearTimeout(t)
    },
  }
}
export type Board = ReturnType<typeof useBoard>
