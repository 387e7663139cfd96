// Live events: one EventSource for the page. The browser resumes with Last-Event-ID after a cut; where it gives up (the
// node restarted, the session ended) another one is opened from the last id, with a pause that grows to half a minute.
import { topics, type LiveEvent, type Room } from '@lifang/kit'
import { ref } from 'vue'

export type Connection = 'live' | 'connecting' | 'lost'

export function listen(rooms: Room[], tell: (event: LiveEvent) => void, cameBack: () => void) {
  const connection = ref<Connection>('connecting')
  let source: EventSource | undefined
  let timer = 0, pause = 1000, last = '', wasLost = false, stopped = false

  const hear = (message: MessageEvent<string>) => {
    last = message.lastEventId || last
    const said = JSON.parse(message.data) as Omit<LiveEvent, 'topic'>
    tell({ topic: message.type, ...said })
  }
  const open = () => {
    const query = new URLSearchParams({ topics: rooms.join(',') })
    if (last) query.set('last_event_id', last)
    source = new EventSource('/api/v1/live?' + query.toString())
    source.onopen = () => {
      connection.value = 'live'
      pause = 1000
      if (wasLost) cameBack()
      wasLost = false
    }
    source.onerror = () => {
      wasLost = true
      connection.value = 'lost'
      if (stopped || source?.readyState !== EventSource.CLOSED) return
      source.close()
      timer = window.setTimeout(open, pause)
      pause = Math.min(pause * 2, 30_000)
    }
    for (const room of rooms) for (const topic of topics[room]) source.addEventListener(`${room}.${topic}`, hear as EventListener)
  }
  open()
  return {
    connection,
    stop: () => {
      stopped = true
      window.clearTimeout(timer)
      source?.close()
    },
  }
}
