// What a kind of case is on the page: an empty one, what is wrong with it before it is sent, and how two versions differ.
import { durationMs, type schema } from '@lifang/kit'

export type KindWords = Required<schema.CasesKindWords>
export const circles = ['micro', 'small', 'great'] as const
export const steps = ['accept', 'handle', 'verify'] as const
/** The durations that stand beside the three circles. */
export const spans = ['steady', 'merge_within', 'ring', 'report_in', 'close_after', 'appeal'] as const
export const verifiers = ['desk', 'reporter', 'device', 'above'] as const
export const evidences = ['photo', 'note'] as const

/** What a new kind begins with: an ordinary event, property first, then the street, then the district. */
export function blankKind(): KindWords {
  return {
    name: '', name_en: '', class: 'event', grade: 'III', hours: 'working',
    micro: { post: 'estate-office', accept: 'PT30M', handle: 'P1D', verify: 'P1D' },
    small: { post: 'street-office', accept: 'PT1H', handle: 'P2D', verify: 'P1D' },
    great: { post: 'district-command', accept: 'PT1H', handle: 'P3D', verify: 'P1D' },
    verifier: 'desk', warn_percent: 70, evidence: [], strict: false, emergency: '', emergency_en: '', evaluate: true, steady: 'PT0S', merge_within: 'PT0S', near: { then: 'propose', floors: 0, metres: 0 }, ring: 'PT0S',
    calls: [], report_in: 'PT0S', checklist: [], close_after: 'PT0S', appeal: 'P1D',
  }
}

/** Of a kind, a version or a draft, what a person may change. */
export function wordsOf(kind: KindWords): KindWords {
  const blank = blankKind()
  const words: Record<string, unknown> = {}
  for (const key of Object.keys(blank)) words[key] = JSON.parse(JSON.stringify((kind as unknown as Record<string, unknown>)[key] ?? (blank as unknown as Record<string, unknown>)[key]))
  return words as unknown as KindWords
}

const whole = (n: unknown, most: number) => typeof n === 'number' && Number.isInteger(n) && n >= 0 && n <= most
export interface Fault { field: string; zh: string; en: string }
const longest = 400 * 86_400_000
const bytes = (text: string) => new TextEncoder().encode(text).length
function spanFault(field: string, text: string, needed: boolean): Fault[] {
  const ms = durationMs(text)
  if (Number.isNaN(ms)) return [{ field, zh: '时长写得不对，应如 PT30M、P2D。', en: 'No duration such as PT30M or P2D.' }]
  if (ms > longest) return [{ field, zh: '最长 400 天。', en: 'At most 400 days.' }]
  return needed && ms === 0 ? [{ field, zh: '必须写明时限，不能为零。', en: 'It must be more than nothing.' }] : []
}

/** Everything that the node would refuse, at its field, before it is sent; the node says only the first. */
export function faultsOf(kind: KindWords, code: string): Fault[] {
  const found: Fault[] = []
  const say = (wrong: boolean, field: string, zh: string, en: string) => wrong && found.push({ field, zh, en })
  say(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(code), '/code', '代码用字母、数字、点、横线和下划线，最多 64 个。', 'Letters, digits, dots, dashes and underscores, at most 64.')
  say(!kind.name.trim() || bytes(kind.name) > 200, '/name', '写一个名称，最多约 66 个汉字。', 'A name of 1 to 200 bytes.')
  say(bytes(kind.name_en) > 200, '/name_en', '英文名最多 200 个字符。', 'At most 200 bytes.')
  for (const circle of circles) {
    const duty = kind[circle]
    say(!duty.post, `/${circle}/post`, '选一个岗位。', 'Choose a post.')
    for (const step of steps) found.push(...spanFault(`/${circle}/${step}`, duty[step], step === 'handle'))
  }
  const warn = Number(kind.warn_percent)
  say(!Number.isInteger(warn) || warn < 1 || warn > 99, '/warn_percent', '填 1 到 99 的整数。', 'A whole number from 1 to 99.')
  say(bytes(kind.emergency) > 500, '/emergency', '最多约 166 个汉字。', 'At most 500 bytes.')
  for (const name of spans) found.push(...spanFault('/' + name, kind[name], name === 'appeal'))
  const near = kind.near
  say(!whole(near.floors, 200), '/near/floors', '填 0 到 200 的整数。', 'A whole number from 0 to 200.')
  say(!whole(near.metres, 5000), '/near/metres', '填 0 到 5000 的整数。', 'A whole number from 0 to 5,000.')
  kind.checklist.forEach((line, i) => say(!line.words.trim() || bytes(line.words) > 500, `/checklist/${i}/words`, '写明要做什么，最多约 166 个汉字。', 'Say what is to be done, at most 500 bytes.'))
  say(kind.checklist.length > 50, '/checklist', '最多 50 行。', 'At most 50 lines.')
  say(kind.calls.length > 50, '/calls', '最多 50 个单位。', 'At most 50.')
  say(kind.grade === 'I' && !kind.calls.length, '/calls', '一级事项一立案就要同时叫人：至少选一个单位。', 'Grade I calls at once: choose at least one.')
  return found
}

export interface Change { field: string; was: string; is: string }
/** How `is` differs from `was`, field by field, in the order of the form. `say` turns a value into the reader's words. */
export function changesOf(was: KindWords | null, is: KindWords, say: (field: string, value: unknown) => string): Change[] {
  const found: Change[] = []
  const old = was as unknown as Record<string, unknown> | null
  for (const [key, value] of Object.entries(wordsOf(is))) {
    if (circles.includes(key as (typeof circles)[number])) {
      for (const part of ['post', ...steps]) {
        const before = (old?.[key] as Record<string, unknown> | undefined)?.[part]
        const after = (value as unknown as Record<string, unknown>)[part]
        if (!same(before, after)) found.push({ field: key + '/' + part, was: old ? say(part, before) : '', is: say(part, after) })
      }
    } else if (!same(old?.[key], value)) {
      found.push({ field: key, was: old ? say(key, old[key]) : '', is: say(key, value) })
    }
  }
  return found
}
/** PT24H and P1D are the same promise. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string' && !Number.isNaN(durationMs(a)) && !Number.isNaN(durationMs(b))) return durationMs(a) === durationMs(b)
  return JSON.stringify(a) === JSON.stringify(b)
}
