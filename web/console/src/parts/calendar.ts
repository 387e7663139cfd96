// A year of the working calendar on the page: read from a file, told in stretches, its mistakes named.
import { dayWords } from '@lifang/kit'
export interface DayLine { day: string; off: boolean; name: string }
export interface YearFile { source: string; days: DayLine[] }
export interface Wrong { zh: string; en: string }

const day = /^\d{4}-\d{2}-\d{2}$/
export const isDay = (text: string) => day.test(text) && new Date(text + 'T00:00Z').toISOString().startsWith(text)
const next = (text: string) => new Date(Date.parse(text + 'T00:00Z') + 86_400_000).toISOString().slice(0, 10)
const rest = /^(true|1|off|休|休息|放假|holiday)$/i, work = /^(false|0|on|班|上班|调休|补班|work|workday)$/i

function daysFrom(first: string, last: string, off: boolean, name: string): DayLine[] {
  const found: DayLine[] = []
  for (let d = first; d <= last && found.length < 60; d = next(d)) found.push({ day: d, off, name })
  return found
}

/** Rows of a table: columns named by their first row, in either language, in any order. */
function fromCsv(text: string): YearFile {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/).map(line => line.split(/[,\t]/).map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))).filter(row => row.some(Boolean))
  const head = (rows.shift() ?? []).map(cell => cell.toLowerCase())
  const at = (...names: string[]) => head.findIndex(cell => names.includes(cell))
  const first = at('day', 'date', 'first', '日期', '开始', '起'), last = at('last', '结束', '止'), off = at('off', 'isoffday', '休息', '放假', '类型', '是否休息'), name = at('name', '名称', '节日'), source = at('source', '来源', '文号')
  if (first < 0 || off < 0) throw { zh: '表头要有“日期”和“休息”两列（可再有“结束”“名称”“来源”）。', en: 'The first row names the columns day and off (and last, name, source).' } satisfies Wrong
  const days: DayLine[] = []
  let from = ''
  rows.forEach((row, i) => {
    const begin = (row[first] ?? '').replace(/[/.]/g, '-'), end = (last >= 0 && row[last] ? row[last]! : begin).replace(/[/.]/g, '-'), said = row[off] ?? ''
    if (!isDay(begin) || !isDay(end) || end < begin) throw { zh: `第 ${i + 2} 行的日期写得不对，应如 2027-01-01。`, en: `Row ${i + 2} has no date such as 2027-01-01.` } satisfies Wrong
    if (!rest.test(said) && !work.test(said)) throw { zh: `第 ${i + 2} 行没有写明是休息还是上班。`, en: `Row ${i + 2} says neither off nor worked.` } satisfies Wrong
    days.push(...daysFrom(begin, end, rest.test(said), (name >= 0 && row[name]) || ''))
    from ||= (source >= 0 && row[source]) || ''
  })
  return { source: from, days }
}

/** What the node answers for a year, or {"days":[{"date","isOffDay","name"}],"papers":[…]} as public data sets have it. */
function fromJson(text: string): YearFile {
  let value: { source?: string; papers?: string[]; days?: Record<string, unknown>[] }
  try {
    value = JSON.parse(text) as typeof value
  } catch {
    throw { zh: '这不是 JSON。', en: 'This is no JSON.' } satisfies Wrong
  }
  if (!Array.isArray(value.days)) throw { zh: '里面没有 days。', en: 'It has no days.' } satisfies Wrong
  return {
    source: value.source ?? value.papers?.[0] ?? '',
    days: value.days.map((d, i) => {
      const text = String(d.day ?? d.date ?? ''), off = d.off ?? d.isOffDay
      if (!isDay(text) || typeof off !== 'boolean') throw { zh: `第 ${i + 1} 天写得不对。`, en: `Day ${i + 1} is not right.` } satisfies Wrong
      return { day: text, off, name: String(d.name ?? '') }
    }),
  }
}

/** @throws Wrong with what is wrong, in both languages */
export function readYear(text: string, year: number): YearFile {
  const file = /^\s*[{[]/.test(text) ? fromJson(text) : fromCsv(text)
  const strange = file.days.find(d => !d.day.startsWith(year + '-'))
  if (strange) throw { zh: `${strange.day} 不在 ${year} 年里；请先选对年份。`, en: `${strange.day} lies not in ${year}; choose the year first.` } satisfies Wrong
  return { source: file.source, days: tidied(file.days) }
}
/** In order, each day once; what was said last counts. */
export function tidied(days: DayLine[]): DayLine[] {
  return [...new Map(days.map(d => [d.day, d])).values()].sort((a, b) => a.day.localeCompare(b.day))
}

export interface Stretch { first: string; last: string; off: boolean; name: string; days: number }
/** Days in a row of the same name and kind as one line, as the notice of the State Council tells them. */
export function stretches(days: DayLine[]): Stretch[] {
  const found: Stretch[] = []
  for (const d of tidied(days)) {
    const before = found.at(-1)
    if (before && before.off === d.off && before.name === d.name && next(before.last) === d.day) Object.assign(before, { last: d.day, days: before.days + 1 })
    else found.push({ first: d.day, last: d.day, off: d.off, name: d.name, days: 1 })
  }
  return found
}
export const spread = (first: string, last: string, off: boolean, name: string) => daysFrom(first, last || first, off, name)

/** What looks forgotten: a make-up day that is no weekend, a year without its seven festivals. Advice, no refusal. */
export function doubts(days: DayLine[]): Wrong[] {
  const found: Wrong[] = []
  for (const d of days) {
    const weekday = new Date(d.day + 'T00:00Z').getUTCDay()
    if (!d.off && weekday !== 0 && weekday !== 6) found.push({ zh: `${d.day} 是工作日，写成了调休上班。`, en: `${dayWords(d.day)} is a weekday and is written as a make-up day.` })
  }
  for (const festival of ['元旦', '春节', '清明', '劳动', '端午', '中秋', '国庆'])
    if (!days.some(d => d.off && d.name.includes(festival))) found.push({ zh: `没有看到${festival}${festival === '清明' || festival === '劳动' ? '节' : ''}。`, en: `${festival} is not there.` })
  return found
}
/** From November on the next year is needed: deadlines reach into it. */
export const wantedYear = (now: string): number => Number(now.slice(0, 4)) + (now.slice(5, 7) >= '11' ? 1 : 0)
