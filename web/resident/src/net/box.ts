// The outbox of this page: letters in IndexedDB, carried by the API client.
import { api, formKey, me, Problem, type List, type RoundTask } from '@lifang/kit'
import { computed, ref, shallowRef } from 'vue'
import { inStore } from './db'
import { isHeld, Outbox, type Draft, type Letter, type Outcome, type Shelf } from './outbox'
import { online } from './line'
import { big } from '../prefs'
import { kLater, roundOf } from '../staff/rounds'
import { asked } from './asked'

const shelf: Shelf = {
  all: async () => ((await inStore<Letter[]>('letters', 'readonly', store => store.getAll())) ?? []).sort((a, b) => a.n - b.n),
  put: async letter => void (await inStore('letters', 'readwrite', store => store.put(letter))),
  remove: async id => void (await inStore('letters', 'readwrite', store => store.delete(id))),
}
const noLine = { status: 0, code: 'page.no_network' }
export const sending = ref(false)
export const letters = shallowRef<Letter[]>([])
export const mine = computed(() => letters.value.filter(l => l.account === me.value?.account))
const now = ref(Date.now())
/// What can still be taken back; it is not sent yet.
export const held = computed(() => mine.value.find(l => isHeld(l, now.value)) ?? null)
export const waiting = computed(() => mine.value.filter(l => l.state === 'waiting' && l.id !== held.value?.id))
export const refused = computed(() => mine.value.filter(l => l.state === 'refused'))
export const lettersAbout = (id: string) => mine.value.filter(l => l.about === id)
/// Goes up by one when a letter has arrived, so that lists look again.
export const arrivals = ref(0)

/// A check-in that was kept where no round was known finds its own now.
async function whichRound(body: Record<string, unknown>): Promise<string> {
  const tasks = (await api.get<List<RoundTask>>(...asked.tasks)).items
  const round = roundOf(tasks, String(body.code), Date.parse(String(body.at)))
  if (!round) throw new Problem(404, 'rosters.unknown_code', '', '')
  return 'rosters/tasks/' + round.id + '/check'
}
const box = new Outbox(shelf, {
  file: async (enclosure, key) => {
    if (!navigator.onLine) throw noLine
    return (await api.upload<{ id: string }>('files', new Blob([enclosure.blob], { type: enclosure.type }), {}, { key })).id
  },
  letter: async (path, body, key) => {
    if (!navigator.onLine) throw noLine
    return api.post(path === kLater ? await whichRound(body) : path, body, { key })
  },
}, {
  id: formKey,
  now: Date.now,
  // One sender, also when the page is open twice.
  alone: work => (navigator.locks ? (navigator.locks.request('lifang-outbox', work) as ReturnType<typeof work>) : work()),
})
box.onChange = all => { now.value = Date.now(); letters.value = all }
box.onSent = () => arrivals.value++

/// For so long a move that was made by one touch can be taken back, in ms; who wants big letters gets more time.
export const holdTime = (): number => (big.value ? 10_000 : 5000)
let release: ReturnType<typeof setTimeout> | undefined
/// Everything that changes something goes this way: kept first, then sent; refused ones stay where they are shown.
export async function say(draft: Omit<Draft, 'account'>, hold = 0): Promise<Outcome> {
  sending.value = true
  try {
    const outcome = await box.submit({ ...draft, account: me.value?.account ?? '' }, hold)
    clearTimeout(release)
    if (outcome.state === 'held') release = setTimeout(() => void letGo(), hold)
    return outcome
  } finally {
    sending.value = false
  }
}
/// What is held is meant: the time is over, the page is put away, the phone is handed on.
export async function letGo(): Promise<void> {
  clearTimeout(release)
  if (me.value) await box.mean(me.value.account)
  await flush()
}
export const takeBack = (id: string) => box.takeBack(id)
export async function flush(): Promise<void> {
  now.value = Date.now()
  letters.value = await box.letters()
  if (!me.value || !navigator.onLine || !waiting.value.length) return
  sending.value = true
  await box.flush(me.value.account).catch(() => undefined)
  sending.value = false
}
export const discard = (id: string) => box.discard(id)
export const again = (id: string) => box.again(id)
export async function dropMine(): Promise<void> {
  for (const letter of mine.value) await box.discard(letter.id)
}

/// When the line comes back, when the page is looked at again, and every half minute while something waits.
export function startBox(): void {
  void letGo()
  window.addEventListener('online', () => void flush())
  document.addEventListener('visibilitychange', () => { void (document.hidden ? letGo() : flush()) })
  setInterval(() => { if (waiting.value.length && online.value) void flush() }, 30_000)
}
