// How many whole rows fit: a list on a wall is never cut through the middle of a line.
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'

export function useRows(host: Ref<HTMLElement | null>, rem: number, least = 0) {
  const rows = ref(least || 1)
  let watcher: ResizeObserver | undefined
  watch(host, element => {
    watcher?.disconnect()
    if (!element) return
    const count = () => {
      const unit = parseFloat(getComputedStyle(document.documentElement).fontSize)
      rows.value = Math.max(least, Math.floor((element.clientHeight + 1) / (rem * unit)))
    }
    watcher = new ResizeObserver(count)
    watcher.observe(element)
    count()
  }, { flush: 'post' })
  onBeforeUnmount(() => watcher?.disconnect())
  return rows
}
