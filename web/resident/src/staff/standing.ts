// What a case looks like once the letters that wait on this phone have arrived, and which of two cases is the more urgent.
import type { Case, Move, Owed } from '@lifang/kit'
import type { Letter } from '../net/outbox'

const kAfterAccept: Move[] = ['arrive', 'handle', 'return', 'transfer', 'defer', 'whistle', 'note']
const kGives: Partial<Record<string, Partial<Case>>> = {
  reopen: { state: 'reopened', allowed: ['note'], reason: '' },
  handle: { state: 'handled', allowed: ['note'] },
  'false-alarm': { state: 'closed', allowed: [] },
  return: { state: 'reported', allowed: [] },
  transfer: { state: 'assigned', allowed: [] },
  verify: { state: 'verified', allowed: ['note'] },
  solved: { state: 'verified', allowed: ['note'] },
  unsolved: { state: 'accepted', allowed: ['note'], handled_at: undefined },
  'not-verified': { state: 'accepted', allowed: ['note'], handled_at: undefined },
  close: { state: 'closed', allowed: [] },
}

/// The case as it will stand; the node has the last word when the letters arrive.
export function foreseen(item: Case, letters: (Pick<Letter, 'about' | 'what' | 'state' | 'at'> & { body?: unknown })[]): Case {
  let seen = item
  for (const letter of letters) {
    if (letter.about !== item.id || letter.state !== 'waiting') continue
    const at = new Date(letter.at).toISOString()
    if (letter.what === 'accept') {
      const more = seen.allowed.includes('false-alarm') ? (['false-alarm'] as Move[]) : []
      seen = { ...seen, state: 'accepted', accepted_at: at, due: seen.handle_by ?? seen.due, allowed: [...kAfterAccept, ...more] }
    } else if (letter.what === 'arrive') {
      seen = { ...seen, arrived_at: at, allowed: seen.allowed.filter(move => move !== 'arrive') }
    } else if (letter.what === 'report-in' || letter.what === 'done') {
      const said = (letter.body ?? {}) as { organisation?: string; part?: number }
      const owed = seen.owed.filter(one => (letter.what === 'done' ? one.part !== said.part : one.part !== undefined || one.organisation !== said.organisation))
      seen = { ...seen, owed, owed_by: owed[0]?.due }
    } else if (letter.what === 'false-alarm' && seen.reporters > 0) {
      // Somebody reported it: it stands until it is verified that there was nothing.
      seen = { ...seen, state: 'handled', ending: 'false_alarm', handled_at: at, allowed: ['note'] }
    } else if (kGives[letter.what]) {
      seen = { ...seen, ...kGives[letter.what] }
    }
  }
  return seen
}

/// What of the wished evidence is not there yet.
export function lacking(evidence: string[], note: string, types: string[]): string[] {
  return evidence.filter(one => (one === 'photo' ? !types.some(type => type.startsWith('image/')) : !note.trim()))
}
/// For how long a move made by one touch is held back, in ms: not where its deadline would pass meanwhile.
export function holdOf(item: Case, hold: number, now: number): number {
  const left = Date.parse(dueOf(item) ?? '') - now
  return left >= 0 && left < hold * 4 ? 0 : hold
}

/// By when the caller owes their own next step: of what they hold, or of what others asked of them.
export const dueOf = (item: Case): string | undefined => (item.owed?.length ? item.owed_by : item.due)
/// What is owed next on a case that others hold: to report in before anything else.
export const owedNext = (item: Case): Owed | undefined => item.owed?.find(one => one.part === undefined) ?? item.owed?.[0]

const kUntaken = ['reported', 'assigned', 'reopened']
/// Negative when `a` comes first: what rings, then the soonest deadline (late ones lead), then the oldest.
export function byUrgency(a: Case, b: Case): number {
  const rings = (c: Case) => (c.grade === 'I' && kUntaken.includes(c.state) ? 0 : 1)
  const due = (c: Case) => Date.parse(dueOf(c) ?? '') || Infinity
  if (rings(a) !== rings(b)) return rings(a) - rings(b)
  if (due(a) !== due(b)) return due(a) < due(b) ? -1 : 1
  return a.opened_at < b.opened_at ? -1 : 1
}
/// What ends the ringing of a case for whoever hears it: they take it, or, only called, they report in. Null: it is not theirs.
export function ringMove(item: Case): 'accept' | 'report-in' | null {
  if (item.allowed.includes('accept')) return 'accept'
  return item.allowed.includes('report-in') && item.owed.some(one => one.part === undefined) ? 'report-in' : null
}
/// The emergency numbers that these words name (96333 and its like rescue from lifts), in their order, each once; 119, 120 and 110
/// where they name none.
export function callsIn(words: string): string[] {
  const named = [...new Set(words.match(/(?<!\d)(?:119|120|110|122|96\d{3})(?!\d)/g) ?? [])]
  return named.length ? named : ['119', '120', '110']
}
/// The one step that comes next for whoever holds it; the button that is large.
export function nextMove(item: Case): Move | null {
  if (item.allowed.includes('accept')) return 'accept'
  // Whoever was only called reports in; that they are there is said with it.
  if (item.allowed.includes('arrive') && !item.arrived_at && (!item.owed?.length || item.allowed.includes('handle'))) return 'arrive'
  const owed = owedNext(item)
  if (owed) {
    const move: Move = owed.part === undefined ? 'report-in' : 'done'
    if (item.allowed.includes(move)) return move
  }
  for (const move of ['handle', 'verify', 'close'] as Move[]) if (item.allowed.includes(move)) return move
  return null
}
