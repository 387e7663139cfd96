// Rounds on the phone: which point a code belongs to without asking the node, and how a round stands once the letters
// that wait here have arrived.
import type { RoundCheck, RoundTask } from '@lifang/kit'
import type { Letter } from '../net/outbox'

/// FNV-1a, 32 bits, as rosters_rounds.hpp has it.
export function markOf(code: string): string {
  let hash = 2166136261
  for (const byte of new TextEncoder().encode(code)) hash = Math.imul(hash ^ byte, 16777619) >>> 0
  return hash.toString(16).padStart(8, '0')
}
/// What codes and links carry: "pt_…" alone, or a link that ends in it.
export const codeIn = (text: string): string => decodeURIComponent(/#\/c\/([^/?#]+)/.exec(text)?.[1] ?? text).trim()
export const isPoint = (code: string): boolean => code.startsWith('pt_')

export interface Seen extends RoundCheck { waits: boolean }
type Said = Pick<Letter, 'about' | 'what' | 'state' | 'body' | 'title'>

/// The letter's point: by the mark of its code; what a tag said has no mark, there the title ends with the point's name.
const isOf = (letter: Said, check: RoundCheck) =>
  typeof letter.body.code === 'string' ? markOf(letter.body.code) === check.mark : letter.title.endsWith(' · ' + check.name)
/// The points of a round with what still waits on this phone.
export function seen(task: RoundTask, letters: Said[]): Seen[] {
  const own = letters.filter(letter => letter.about === task.id && letter.what === 'checkin' && letter.state === 'waiting')
  return task.checks.map(check => ({ ...check, waits: !check.at && own.some(letter => isOf(letter, check)) }))
}
export const isLeft = (check: Seen): boolean => !check.at && !check.waits

/// Rounds that a person looks at today: those that go on, then the newest; and those of which a phone may still tell.
export function ofToday(tasks: RoundTask[], now: number): RoundTask[] {
  const day = 24 * 3_600_000
  return tasks.filter(task => task.state === 'open' || now - Date.parse(task.until) < day)
    .sort((a, b) => Number(a.state !== 'open') - Number(b.state !== 'open') || (a.state === 'open' ? Date.parse(a.until) - Date.parse(b.until) : Date.parse(b.until) - Date.parse(a.until)))
}
/// Where a check-in goes that was kept without knowing its round: pseudo path, never sent as it is (see `roundOf`).
export const kLater = 'rosters/tasks/later/check'
/// The round that a code read at `at` (Unix ms) was read for: one that went on then and still wants this point.
export function roundOf(tasks: RoundTask[], code: string, at: number): RoundTask | null {
  const mark = markOf(code)
  const wants = tasks.filter(task => task.checks.some(check => check.mark === mark && !check.at))
  const then = wants.filter(task => Date.parse(task.from) <= at && at <= Date.parse(task.until))
  return then.sort((a, b) => Date.parse(a.until) - Date.parse(b.until))[0] ?? null
}
/// Where somebody stands who read this code: the point that is still left in the round that ends first.
export function pointOf(tasks: RoundTask[], letters: Said[], code: string, now: number): { task: RoundTask; check: Seen } | null {
  const mark = markOf(code)
  const all = ofToday(tasks, now).flatMap(task => seen(task, letters).filter(check => check.mark === mark).map(check => ({ task, check })))
  return all.find(one => isLeft(one.check) && one.task.state === 'open') ?? all[0] ?? null
}
