// A rule in the form: what the form can hold and give back as it was; whatever it cannot is written as JSON.
import { durationMs, isoDuration, type RuleWords, type When } from '@lifang/kit'

export type Shape = 'metric' | 'detection' | 'silent' | 'other'
export interface RuleForm {
  name: string; severity: string; profile: string; place: string; case: string; on_duty: string; shape: Shape
  metric: string; op: string; value: number; attribute: string; detection: string
  /** '' where the rule says none: any confidence counts. */
  confidence: number | ''
  silent: number; minutes: number; times: number; within: number
  clears: boolean; clear_op: string; clear_value: number; clear_attribute: string; clear_minutes: number
}
export const blankRule = (): RuleForm => ({
  name: '', severity: 'warning', profile: '', place: '', case: '', on_duty: '', shape: 'metric', metric: '', op: '>', value: 0, attribute: '', detection: '', confidence: '', silent: 30, minutes: 0, times: 1, within: 30,
  clears: true, clear_op: '<', clear_value: 0, clear_attribute: '', clear_minutes: 0,
})

const copy = <T>(x: T): T => JSON.parse(JSON.stringify(x)) as T
const minutes = (text: string | undefined, otherwise: number) => (durationMs(text) || otherwise * 60_000) / 60_000
const shapeOf = (when: When): Shape => (when.metric !== undefined && when.op !== undefined ? 'metric' : when.detection !== undefined ? 'detection' : when.silent !== undefined ? 'silent' : 'other')

/** What the form writes; everything that it has no field for stays as `rest` has it. */
export function writtenRule(form: RuleForm, rest: RuleWords): RuleWords {
  const rule = copy(rest)
  rule.name = form.name.trim()
  rule.severity = form.severity as RuleWords['severity']
  for (const key of ['profile', 'place'] as const) {
    if (form[key]) rule.applies_to[key] = form[key]
    else delete rule.applies_to[key]
  }
  const limit = (attribute: string, value: number) => (attribute.trim() ? { attribute: attribute.trim() } : { value })
  const when: When = form.shape === 'metric' ? { metric: form.metric, op: form.op, ...limit(form.attribute, form.value) }
    : form.shape === 'detection' ? { detection: form.detection, ...(form.confidence === '' ? {} : { confidence: form.confidence }) } : { silent: isoDuration(form.silent * 60_000) }
  rule.raise = { when, ...(form.minutes ? { for: isoDuration(form.minutes * 60_000) } : {}), ...(form.times > 1 ? { times: form.times, within: isoDuration(form.within * 60_000) } : {}) }
  if (form.shape === 'metric') {
    if (form.clears) rule.clear = { when: { metric: form.metric, op: form.clear_op, ...limit(form.clear_attribute, form.clear_value) }, ...(form.clear_minutes ? { for: isoDuration(form.clear_minutes * 60_000) } : {}) }
    else delete rule.clear
  } else if (shapeOf(rest.raise.when) !== form.shape) delete rule.clear // it cleared something else
  for (const key of ['case', 'on_duty'] as const) {
    if (form[key]) rule[key] = form[key]
    else delete rule[key]
  }
  return rule
}

/** The same promise, however durations and the order of members are written. */
function plain(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(plain)
  if (x && typeof x === 'object')
    return Object.fromEntries(Object.entries(x).filter(([, v]) => v !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, plain(v)]))
  return typeof x === 'string' && x.startsWith('P') && !Number.isNaN(durationMs(x)) ? durationMs(x) : x
}
export const sameRule = (a: RuleWords, b: RuleWords): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b))

/** The rule in the form; shape "other" where the form would not give it back as it was. */
export function readRule(rule: RuleWords): RuleForm {
  const when = rule.raise.when, clear = rule.clear?.when
  const form: RuleForm = {
    ...blankRule(), name: rule.name, severity: rule.severity, profile: rule.applies_to.profile ?? '', place: rule.applies_to.place ?? '', case: rule.case ?? '', on_duty: rule.on_duty ?? '', shape: shapeOf(when),
    metric: when.metric ?? '', op: when.op ?? '>', value: when.value ?? 0, attribute: when.attribute ?? '', detection: when.detection ?? '', confidence: when.confidence ?? '',
    silent: minutes(when.silent, 30), minutes: (durationMs(rule.raise.for) || 0) / 60_000, times: rule.raise.times ?? 1, within: minutes(rule.raise.within, 30),
    clears: !!clear?.metric, clear_op: clear?.op ?? '<', clear_value: clear?.value ?? 0, clear_attribute: clear?.attribute ?? '', clear_minutes: clear?.metric ? (durationMs(rule.clear?.for) || 0) / 60_000 : 0,
  }
  const odd = [when.value, clear?.value].some(v => v !== undefined && typeof v !== 'number') // true and false are limits too
  if (odd || !sameRule(writtenRule(form, rule), rule)) form.shape = 'other'
  return form
}
