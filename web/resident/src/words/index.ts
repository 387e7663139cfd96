// The page's own words on top of the kit's, and small sentences made of them.
import { i18n, speak, tongue, word } from '@lifang/kit'
import { en } from './en'
import { zh } from './zh'

speak(zh as unknown as Record<string, unknown>, en as unknown as Record<string, unknown>)

export const t = (key: string, values: Record<string, unknown> = {}): string => i18n.global.t(key, values)
/// "办结" or "Done": the moves as guards say them; what the page has no word for is the kit's.
export function moveWord(move: string): string {
  const own = (tongue.value === 'zh' ? zh : en).move[move]
  return own ?? word('move', move)
}
/// What a letter that waits or was refused says.
export const letterWord = (letter: { what: string }): string => (letter.what === 'verify' ? t('order.passed') : moveWord(letter.what))
export const stateWord = (state: string): string => (tongue.value === 'zh' ? zh : en).state[state] ?? word('state', state)
/// "照片、说明" or "a photo, a note".
export const listed = (words: string[]): string => words.join(tongue.value === 'zh' ? '、' : ', ')
/// "12 分钟", "3 小时", "2 天": one unit, the coarsest that says enough.
export function about(ms: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000))
  if (minutes < 90) return t('orders.minutes', { n: minutes })
  if (minutes < 48 * 60) return t('orders.hours', { n: Math.round(minutes / 60) })
  return t('orders.days', { n: Math.round(minutes / 1440) })
}
