// Live events: one EventSource for the whole page, whoever listens on it: browsers give a site six connections over all of
// its tabs. The browser resumes with Last-Event-ID after a cut; where it gives up (the node restarted, the session ended)
// another stream is opened from the last id, with a pause that grows to half a minute.
import { computed, ref } from 'vue'
import { may } from './session'

export interface LiveEvent { topic: string; subject: string; at: string; cause: string; path: string; body: Record<string, unknown> }

/** What the rooms tell (README of each); EventSource must know the names that it listens for. */
export const topics = {
  situations: ['opened', 'rose', 'cleared', 'acknowledged', 'marked_false'],
  cases: ['opened', 'joined', 'assigned', 'warned', 'escalated', 'called', 'closed', 'reopened', 'refused', 'false_alarm', 'stepped'],
  actions: ['commanded', 'blocked', 'ended', 'released'],
  evaluations: ['asked', 'given'],
  notices: ['arrived', 'ringing', 'ring_ended', 'announced'],
  rosters: ['handed_over', 'absent', 'shift_changed', 'round_began', 'round_done', 'found', 'missed'],
  rules: ['kept', 'activated', 'retired'],
  /** How the node is, for those who look after it: not stored, told every ten seconds while somebody listens. */
  node: ['health'],
  places: ['kept', 'moved'],
  /** `said`: a device that the page looks at spoke, came or went; not stored, once a second at most. */
  devices: ['kept', 'removed', 'commanded', 'answered', 'attributes_changed', 'maintenance_set', 'maintenance_ended', 'said'],
} as const
export type Room = keyof typeof topics

export type Connection = 'live' | 'connecting' | 'lost'

interface Hearer { rooms: Room[]; device: string; topics: Set<string>; tell: (event: LiveEvent) => void; cameBack: () => void }
interface Stream { source: EventSource; wanted: string }

const hearers = new Set<Hearer>()
const connection = ref<Connection>('connecting')
const heard = new Set<string>()
let stream: Stream | null = null, coming: Stream | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let last = '', pause = 1000, wasLost = false, settling = false

function wanted(): { rooms: Room[]; devices: string[] } {
  const rooms = new Set([...hearers].flatMap(hearer => hearer.rooms))
  return {
    // A room that the login may not read would refuse the whole stream; of cases a bureau hears what it is called to.
    rooms: [...rooms].filter(room => room === 'notices' || may(room + '.read') || may(room + '.called')).sort(),
    devices: [...new Set([...hearers].map(hearer => hearer.device).filter(Boolean))].sort(),
  }
}
/** A message without an id of its own bears that of the one before it. */
function hear(message: MessageEvent<string>, bearsItsOwn: boolean) {
  if (bearsItsOwn) {
    // Two streams overlap while one takes over from the other.
    if (heard.has(message.lastEventId)) return
    heard.add(message.lastEventId)
    if (heard.size > 500) heard.delete(heard.values().next().value!)
    if (Number(message.lastEventId) > Number(last)) last = message.lastEventId
  }
  const said = JSON.parse(message.data) as Omit<LiveEvent, 'topic'>
  for (const hearer of [...hearers]) if (hearer.topics.has(message.type)) hearer.tell({ topic: message.type, ...said })
}
function open({ rooms, devices }: ReturnType<typeof wanted>, resume: boolean): Stream {
  const query = new URLSearchParams({ topics: rooms.join(',') })
  if (devices.length) query.set('device', devices.join(','))
  if (resume && last) query.set('last_event_id', last)
  const source = new EventSource('/api/v1/live?' + query.toString())
  const own: Stream = { source, wanted: JSON.stringify({ rooms, devices }) }
  let before = ''
  source.onopen = () => {
    if (own === coming) takeOver()
    if (own !== stream) return
    connection.value = 'live'
    pause = 1000
    if (wasLost) for (const hearer of [...hearers]) hearer.cameBack()
    wasLost = false
  }
  source.onerror = () => {
    if (own === coming) {
      source.close() // the one that stands goes on meanwhile
      coming = null
      return later()
    }
    if (own !== stream) return
    wasLost = true
    connection.value = 'lost'
    if (source.readyState !== EventSource.CLOSED) return
    stream = null
    later()
  }
  const tell = (message: MessageEvent<string>) => {
    const bearsItsOwn = message.lastEventId !== before
    before = message.lastEventId
    hear(message, bearsItsOwn)
  }
  // It cannot go on where we were: an older backup was restored, or we were away for longer than events are kept.
  source.addEventListener('reset', () => {
    last = ''
    heard.clear()
    for (const hearer of [...hearers]) hearer.cameBack()
    readAnew()
  })
  for (const room of rooms) for (const name of topics[room]) source.addEventListener(`${room}.${name}`, tell as EventListener)
  return own
}
/** What is still on its way through the old stream comes in beside the new one. */
function takeOver() {
  const old = stream
  stream = coming
  coming = null
  setTimeout(() => old?.source.close(), 1000)
}
function later() {
  clearTimeout(timer)
  timer = setTimeout(settle, pause)
  pause = Math.min(pause * 2, 30_000)
}
/** Sees to it that one stream of the rooms that are wanted now is open. The old one stands until the new one does. */
function settle() {
  settling = false
  clearTimeout(timer)
  coming?.source.close()
  coming = null
  const now = wanted()
  if (now.rooms.length === 0) return end()
  if (stream && JSON.stringify(now) === stream.wanted) return
  if (stream && connection.value === 'live') {
    coming = open(now, false)
    return
  }
  stream?.source.close()
  stream = open(now, true)
}
function end() {
  clearTimeout(timer)
  stream?.source.close()
  coming?.source.close()
  stream = coming = null
  last = ''
  heard.clear()
  wasLost = false
  pause = 1000
  connection.value = 'connecting'
}
function change() {
  // Nobody listens: the next who does may be another login.
  if (hearers.size === 0) return end()
  if (settling) return
  settling = true
  queueMicrotask(settle)
}

let readAnew = () => location.reload()
/** What a page does that cannot go on where it was; by default it is loaded anew. */
export function onReset(deed: () => void) { readAnew = deed }

/**
 * Tells what happens in these rooms, as far as the login may hear it.
 * @param names the topics that matter; null: all of the rooms
 * @param cameBack the line was away: what stands on the page may be old
 * @param device an id: `devices.said` is told of it whenever it speaks
 */
export function listen(rooms: readonly Room[], names: string[] | null, tell: (event: LiveEvent) => void, cameBack: () => void = () => {}, device = '') {
  const hearer: Hearer = { rooms: [...rooms], device, topics: new Set(names ?? rooms.flatMap(room => topics[room].map(name => room + '.' + name))), tell, cameBack }
  hearers.add(hearer)
  change()
  return {
    connection,
    connected: computed(() => connection.value === 'live'),
    stop: () => {
      if (hearers.delete(hearer)) change()
    },
  }
}
