// What happens, as it happens: one stream for the whole page, of the rooms that this login may hear.
import { listen, may, me, type LiveEvent, type Room } from '@lifang/kit'
import { computed, ref, shallowRef, watch } from 'vue'
import { ended } from './session'
import { online } from './line'

type Hearer = (event: LiveEvent) => void
const hearers = new Set<Hearer>()
const stream = shallowRef<ReturnType<typeof listen> | null>(null)
export const connected = computed(() => stream.value?.connected.value ?? false)
export const lastEvent = ref(0)

export function startLive(): void {
  watch([() => me.value?.account, online, ended, () => me.value?.rights.length], ([account, line, over]) => {
    stream.value?.stop()
    stream.value = null
    if (!account || !line || over) return
    const rooms = (['cases', 'notices', 'actions', 'rosters'] as Room[]).filter(room => may(room + '.read'))
    if (rooms.length) stream.value = listen(rooms, null, event => {
      lastEvent.value = Date.now()
      for (const hear of hearers) hear(event)
    })
  }, { immediate: true })
}
/// @returns what ends it
export function hear(hearer: Hearer): () => void {
  hearers.add(hearer)
  return () => hearers.delete(hearer)
}
