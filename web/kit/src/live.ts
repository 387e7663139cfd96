// Live events: one EventSource for the page; the browser resumes with Last-Event-ID by itself.
import { ref } from 'vue'

export interface LiveEvent { topic: string; subject: string; at: string; cause: string; path: string; body: Record<string, unknown> }

export function listen(rooms: string[], topics: string[], tell: (event: LiveEvent) => void) {
  const connected = ref(false)
  const source = new EventSource('/api/v1/live?topics=' + rooms.join(','))
  source.onopen = () => (connected.value = true)
  source.onerror = () => (connected.value = false)
  for (const topic of topics)
    source.addEventListener(topic, message => {
      const said = JSON.parse((message as MessageEvent<string>).data) as Omit<LiveEvent, 'topic'>
      tell({ topic, ...said })
    })
  return { connected, stop: () => source.close() }
}
