// Times as the district reads them: the zone is the district's, never the browser's, so that a page says what the sentences say.
import { ref } from 'vue'
import { tongue as ofPage } from './i18n'

export type Instant = string | number | undefined | null

/** Minutes east of UTC; China's until the node has said otherwise. */
export const zone = ref(480)

export const toMs = (time: Instant): number => (typeof time === 'number' ? time : time ? Date.parse(time) : NaN)

const two = (n: number) => String(n).padStart(2, '0')
const parts = (ms: number) => {
  const d = new Date(ms + zone.value * 60_000)
  return { y: d.getUTCFullYear(), m: d.getUTCMonth() + 1, d: d.getUTCDate(), h: d.getUTCHours(), min: d.getUTCMinutes(), s: d.getUTCSeconds(), w: d.getUTCDay() }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** "11-22" in Chinese; "22 Nov" in English, as the node's own English sentences say it. */
const dated = (p: { y: number; m: number; d: number }, year: boolean): string =>
  ofPage.value === 'zh' ? (year ? p.y + '-' : '') + two(p.m) + '-' + two(p.d) : `${p.d} ${months[p.m - 1]}` + (year ? ' ' + p.y : '')

/** "11-22 08:30" or "22 Nov 08:30", with the year where it is not this one. */
export function instant(time: Instant, now = Date.now()): string {
  const ms = toMs(time)
  if (Number.isNaN(ms)) return ''
  const p = parts(ms)
  return dated(p, p.y !== parts(now).y) + ' ' + two(p.h) + ':' + two(p.min)
}
/** "2026-11-22 08:30:05" or "22 Nov 2026 08:30:05" */
export function exactly(time: Instant): string {
  const ms = toMs(time)
  if (Number.isNaN(ms)) return ''
  const p = parts(ms)
  return dated(p, true) + ` ${two(p.h)}:${two(p.min)}:${two(p.s)}`
}
/** "2026-11-22" or "22 Nov 2026"; without its year "11-22" or "22 Nov". */
export function day(time: Instant, year = true): string {
  const ms = toMs(time)
  return Number.isNaN(ms) ? '' : dated(parts(ms), year)
}
/** "2026-11-22" in every tongue: for fields, names of files and reckoning. */
export function isoDay(time: Instant): string {
  const ms = toMs(time)
  if (Number.isNaN(ms)) return ''
  const p = parts(ms)
  return `${p.y}-${two(p.m)}-${two(p.d)}`
}
/** A day of the calendar ("2026-11-22", in no zone) as `day` says it; what is none stays as it is. */
export function dayWords(iso: string | number | undefined | null, year = true): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(String(iso ?? ''))
  return found ? dated({ y: Number(found[1]), m: Number(found[2]), d: Number(found[3]) }, year) : String(iso ?? '')
}
/** "2026-11" or "Nov 2026" */
export function monthWords(iso: string): string {
  const found = /^(\d{4})-(\d\d)$/.exec(iso)
  return found && ofPage.value === 'en' ? `${months[Number(found[2]) - 1] ?? found[2]} ${found[1]}` : iso
}
/** "08:30" */
export function clock(time: Instant): string {
  const ms = toMs(time)
  if (Number.isNaN(ms)) return ''
  const p = parts(ms)
  return two(p.h) + ':' + two(p.min)
}
/** 0 is Sunday. */
export const weekday = (time: Instant): number => parts(toMs(time)).w
/** The first instant of the district's day. */
export const dayStart = (time: Instant): number => {
  const offset = zone.value * 60_000
  return Math.floor((toMs(time) + offset) / 86_400_000) * 86_400_000 - offset
}
/** What a field of type date or datetime-local holds, read in the district's zone. */
export function fromField(text: string): string | undefined {
  if (!text) return undefined
  const ms = Date.parse((text.length === 10 ? text + 'T00:00' : text) + 'Z') - zone.value * 60_000
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}
/** For a field of type datetime-local. */
export function toField(time: Instant): string {
  const ms = toMs(time)
  return Number.isNaN(ms) ? '' : new Date(ms + zone.value * 60_000).toISOString().slice(0, 16)
}

/** Milliseconds of an ISO 8601 duration (P1DT2H30M), or NaN. */
export function durationMs(text: string | undefined): number {
  const m = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text ?? '')
  if (!m) return NaN
  const [w, d, h, min, s] = m.slice(1).map(x => Number(x ?? 0)) as [number, number, number, number, number]
  return ((w * 7 + d) * 86_400 + h * 3600 + min * 60 + s) * 1000
}
/** ISO 8601 of whole seconds. */
export function isoDuration(ms: number): string {
  let s = Math.round(ms / 1000)
  const d = Math.floor(s / 86_400)
  s -= d * 86_400
  const h = Math.floor(s / 3600)
  s -= h * 3600
  const m = Math.floor(s / 60)
  s -= m * 60
  const time = (h ? h + 'H' : '') + (m ? m + 'M' : '') + (s ? s + 'S' : '')
  return 'P' + (d ? d + 'D' : '') + (time ? 'T' + time : d ? '' : 'T0S')
}

const units = {
  zh: { d: ' 天', h: ' 小时', m: ' 分钟', s: ' 秒', join: ' ', left: (t: string) => '还剩 ' + t, past: (t: string) => '已超 ' + t, ago: (t: string) => t + '前', now: '刚刚' },
  en: { d: ' d', h: ' h', m: ' min', s: ' s', join: ' ', left: (t: string) => t + ' left', past: (t: string) => t + ' late', ago: (t: string) => t + ' ago', now: 'just now' },
}
export type Tongue = keyof typeof units

/** "2 小时 5 分钟": the two greatest units. */
export function span(ms: number, tongue: Tongue): string {
  const u = units[tongue]
  let s = Math.max(0, Math.round(ms / 1000))
  const d = Math.floor(s / 86_400)
  s -= d * 86_400
  const h = Math.floor(s / 3600)
  s -= h * 3600
  const m = Math.floor(s / 60)
  s -= m * 60
  const said: string[] = []
  if (d) said.push(d + u.d)
  if (h) said.push(h + u.h)
  if (m && !d) said.push(m + u.m)
  if (s && !d && !h && !m) said.push(s + u.s)
  return said.slice(0, 2).join(u.join) || '0' + u.m
}
/** "还剩 2 小时" or "已超 5 分钟". */
export function left(due: Instant, now: number, tongue: Tongue): string {
  const ms = toMs(due)
  if (Number.isNaN(ms)) return ''
  return ms >= now ? units[tongue].left(span(ms - now, tongue)) : units[tongue].past(span(now - ms, tongue))
}
export function ago(time: Instant, now: number, tongue: Tongue): string {
  const ms = toMs(time)
  if (Number.isNaN(ms)) return ''
  return now - ms < 60_000 ? units[tongue].now : units[tongue].ago(span(now - ms, tongue))
}
