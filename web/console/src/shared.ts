// What all pages of the console share: the two tongues at the place of use, the passing minute, messages that come and go, forms.
import { atOnceThenRarely, either, kindName, kinds, listen, may, needKinds, pathName, Problem, spoken, tongue, type Case, type Room } from '@lifang/kit'
import { onScopeDispose, onBeforeUnmount, onMounted, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'

/** Chinese and English where they are used: neither can be forgotten. */
export const w = (zh: string, en: string): string => either(zh, en)

/** The present minute, for "还剩 5 分钟". */
export const now = ref(Date.now())
setInterval(() => (now.value = Date.now()), 15_000)

export const sound = ref((() => {
  try {
    return localStorage.getItem('sound') !== 'off'
  } catch {
    return true
  }
})())
export function turnSound() {
  sound.value = !sound.value
  localStorage.setItem('sound', sound.value ? 'on' : 'off')
}

export interface Toast { id: number; text: string; bad: boolean; undo?: () => void }
export const toasts = reactive<Toast[]>([])
let nextToast = 1
export function tell(text: string, options: { bad?: boolean; undo?: () => void } = {}) {
  const same = toasts.find(t => t.text === text && !t.undo)
  if (same) hush(same.id)
  const toast = { id: nextToast++, text, bad: options.bad ?? false, undo: options.undo }
  toasts.push(toast)
  setTimeout(() => hush(toast.id), options.undo || options.bad ? 12_000 : 5000)
}
export function hush(id: number) {
  const at = toasts.findIndex(t => t.id === id)
  if (at >= 0) toasts.splice(at, 1)
}

/** Does something that asks the node; shows what went wrong in the reader's words. @returns whether it was done. */
export function useTry() {
  const busy = ref(false)
  const problem = ref<Problem | null>(null)
  let doing = false
  /** `done`: what is said of a deed that changes something. Such a one is not begun while another is under way: whoever presses twice does it once. */
  async function attempt(deed: () => Promise<unknown>, done?: string): Promise<boolean> {
    if (done !== undefined && doing) return false
    if (done !== undefined) doing = true
    busy.value = true
    problem.value = null
    try {
      await deed()
      if (done) tell(done)
      return true
    } catch (error) {
      problem.value = error as Problem
      return false
    } finally {
      busy.value = false
      if (done !== undefined) doing = false
    }
  }
  return { busy, problem, attempt, said: () => (problem.value ? spoken(problem.value) : '') }
}

/** What the node says is not there, or not for this login; anything else may pass. */
export const isGone = (error: unknown): boolean => [403, 404, 410].includes((error as Problem).status)

/** Fields that must be filled, marked once somebody has tried to send. `missing(name)` goes to the field, `whole()` tries, `fresh()` begins again. */
export function useMust(fields: () => Record<string, unknown>) {
  const tried = ref(false)
  const lacks = (name: string) => [undefined, null, '', false].includes(fields()[name] as never) || (Array.isArray(fields()[name]) && !(fields()[name] as unknown[]).length)
  return {
    missing: (name: string) => (tried.value && lacks(name) ? new Problem(422, 'json.missing', '', '/' + name) : null),
    whole: () => {
      tried.value = true
      return !Object.keys(fields()).some(lacks)
    },
    fresh: () => (tried.value = false),
  }
}

/** The dialogs that are open, the topmost last: whatever must stay within reach goes into it, for all outside of it is inert. */
export const dialogs = shallowRef<HTMLElement[]>([])

/** Warns before the page is left while `dirty`. @returns asks(): whether nothing would be lost, or the person means it */
export function useLeaving(dirty: Ref<boolean>) {
  const asks = () => !dirty.value || window.confirm(w('填写的内容还没有提交，离开后会丢失。要离开吗？', 'What you typed has not been sent and would be lost. Leave?'))
  const unload = (event: BeforeUnloadEvent) => {
    if (dirty.value) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', unload))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', unload))
  onBeforeRouteLeave(asks)
  return { asks }
}

/** Warns before a half-filled form is left. `clean` after it was sent. */
export function useDirty(form: Ref<unknown> | object) {
  const dirty = ref(false)
  watch(form as Ref<unknown>, () => (dirty.value = true), { deep: true })
  useLeaving(dirty)
  return { dirty, clean: () => queueMicrotask(() => (dirty.value = false)) }
}

/** Asks again when something of these rooms happens: at the first event at once, of a burst once more at its end. */
export function useHearing(rooms: Room[], again: () => void) {
  const asking = atOnceThenRarely(again, 1000)
  // A room that the login may not read would refuse the whole stream.
  const { stop } = listen(rooms.filter(room => room === 'notices' || may(room + '.read') || may(room + '.called')), null, asking.go)
  onScopeDispose(() => {
    asking.stop()
    stop()
  })
}

export const zh = () => tongue.value === 'zh'
/** The node's own title is Chinese; in English it is made anew of its kind and its place, whose name is a name. */
export const caseTitle = (item: Pick<Case, 'title' | 'kind' | 'path'>): string => (zh() ? item.title : kindName(item.kind) + ' · ' + pathName(item.path, 2))
/** The same where the title is all that is known: "漏水 · 2幢" begins with the name of its kind. */
export function titleIn(title: string): string {
  if (zh()) return title
  void needKinds()
  const [name, ...where] = title.split(' · ')
  const kind = kinds.value.find(one => one.name === name)
  return kind ? [kind.name_en || kind.name, ...where].join(' · ') : title
}
export { atOnceThenRarely, may }
