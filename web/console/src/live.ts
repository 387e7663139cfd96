// A list of cases or situations that the live stream keeps current; nothing polls.
import { api, listen, spoken, type Case, type List, type Query, type Situation } from '@lifang/kit'
import { onMounted, onUnmounted, ref, watch } from 'vue'

type Kept = Case | Situation
export function useLive<T extends Kept>(room: 'cases' | 'situations', query: () => Query, holds: (item: T) => boolean) {
  const items = ref<T[]>([]) as { value: T[] }
  const problem = ref('')
  const loaded = ref(false)
  const count = ref(0)
  const fresh = ref(new Set<string>())
  async function load() {
    problem.value = ''
    try {
      const page = await api.get<List<T>>(room, { limit: 200, count: true, ...query() })
      items.value = page.items
      count.value = page.count ?? page.items.length
      loaded.value = true
    } catch (error) {
      problem.value = spoken(error)
    }
  }
  // What happened to one thing is asked for once, however many events tell of it.
  const asking = new Set<string>()
  async function one(id: string) {
    if (asking.has(id)) return
    asking.add(id)
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
    } catch {
      // Outside of our places, or gone again.
    }
    asking.delete(id)
  }
  let stop = () => {}
  onMounted(() => {
    void load()
    const stream = listen([room], null, event => void one(event.subject))
    stop = stream.stop
  })
  onUnmounted(() => stop())
  watch(() => JSON.stringify(query()), () => void load())
  return { items, problem, loaded, count, fresh, load }
}
