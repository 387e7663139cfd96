// Live events: one EventSource for the page; the browser resumes with Last-Event-ID by itself.
import { ref } from 'vue'

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
  devices: ['kept', 'removed', 'commanded', 'answered', 'attributes_changed', 'maintenance_set'],
} as const
export type Room = keyof typeof topics

export function listen(rooms: Room[], names: string[] | null, tell: (event: LiveEvent) => void) {
  const connected = ref(false)
  const source = new EventSource('/api/v1/live?topics=' + rooms.join(','))
  source.onopen = () => (connected.value = true)
  source.onerror = () => (connected.value = false)
  for (const topic of names ?? rooms.flatMap(room => topics[room].map(name => room + '.' + name)))
    source.addEventListener(topic, message => {
      const said = JSON.parse((message as MessageEvent<string>).data) as Omit<LiveEvent, 'topic'>
      tell({ topic, ...said })
    })
  return { connected, stop: () => source.close() }
}
