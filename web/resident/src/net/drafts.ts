// What somebody has begun to write and not sent: it stays on this phone for their login until it is sent or thrown away.
import { me } from '@lifang/kit'
import { inStore } from './db'
import { kDrafts } from './kept'

/// A report half written. `kind` and `person` (for whom, "" for oneself) say which one it is.
export interface HalfReport {
  kind: string; person: string; at: number; text: string; anonymous: boolean; place?: { id: string; name: string }; pieces: { type: string; blob: Blob }[]
}

const mine = () => kDrafts + (me.value?.account ?? '') + ' '
const keyOf = (kind: string, person: string) => mine() + kind + ' ' + person
const own = () => IDBKeyRange.bound(mine(), mine() + '\uffff')

export const keepDraft = async (draft: HalfReport): Promise<void> =>
  void (await inStore('kept', 'readwrite', store => store.put(draft, keyOf(draft.kind, draft.person))).catch(() => undefined))
export const dropDraft = async (kind: string, person: string): Promise<void> =>
  void (await inStore('kept', 'readwrite', store => store.delete(keyOf(kind, person))).catch(() => undefined))
export const findDraft = (kind: string, person: string): Promise<HalfReport | undefined> =>
  inStore<HalfReport>('kept', 'readonly', store => store.get(keyOf(kind, person)) as IDBRequest<HalfReport>).catch(() => undefined)
/// All of this login, the newest first.
export async function allDrafts(): Promise<HalfReport[]> {
  const found = await inStore<HalfReport[]>('kept', 'readonly', store => store.getAll(own()) as IDBRequest<HalfReport[]>).catch(() => undefined)
  return (found ?? []).sort((a, b) => b.at - a.at)
}
export const dropDrafts = async (): Promise<void> =>
  void (await inStore('kept', 'readwrite', store => store.delete(own())).catch(() => undefined))
