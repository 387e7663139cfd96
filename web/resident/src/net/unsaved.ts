// Words that would be lost by leaving: whoever holds some says so, and every way out asks first.
import { onScopeDispose, shallowRef } from 'vue'

const holders = new Set<() => boolean>()
export const isUnsaved = (): boolean => [...holders].some(holds => holds())

/// From the setup of a form: `holds` says whether something is written in it that was not sent.
export function holdsWords(holds: () => boolean): void {
  holders.add(holds)
  onScopeDispose(() => holders.delete(holds))
}

/// The question that is asked just now; the page's one dialog answers it.
export const question = shallowRef<((leave: boolean) => void) | null>(null)
/// @returns whether to leave; true at once where nothing would be lost
export async function mayLeave(): Promise<boolean> {
  if (!isUnsaved()) return true
  question.value?.(false)
  return new Promise(answered => {
    question.value = leave => {
      question.value = null
      answered(leave)
    }
  })
}
/// Closing the page itself: the browser asks in its own words.
export function startUnsaved(): void {
  window.addEventListener('beforeunload', event => { if (isUnsaved()) event.preventDefault() })
}
