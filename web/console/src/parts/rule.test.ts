import type { RuleWords } from '@lifang/kit'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blankRule, readRule, sameRule, writtenRule } from './rule'

const rule = (more: Partial<RuleWords>): RuleWords => ({ name: '扬尘超标', applies_to: { profile: 'dust' }, raise: { when: { metric: 'pm25', op: '>', value: 150 } }, severity: 'warning', ...more })
const again = (r: RuleWords) => writtenRule(readRule(r), r)

describe('a rule in the form', () => {
  it('keeps a limit that an attribute of the device gives, where it raises and where it clears', () => {
    const r = rule({ raise: { when: { metric: 'pm25', op: '>', attribute: 'limit_hi' } }, clear: { when: { metric: 'pm25', op: '<', attribute: 'limit_lo' }, for: 'PT5M' } })
    expect(readRule(r).shape).toBe('metric')
    expect(again(r)).toEqual(r)
  })
  it('writes no confidence where the rule says none', () => {
    const r = rule({ raise: { when: { detection: 'ebike_in_lift' } }, clear: { when: { silent: 'PT2M', detection: 'ebike_in_lift' } } })
    expect(readRule(r).shape).toBe('detection')
    expect(again(r)).toEqual(r)
    expect(again(rule({ raise: { when: { detection: 'fall', confidence: 0 } } })).raise.when).toEqual({ detection: 'fall', confidence: 0 })
  })
  it('holds as JSON what it has no fields for', () => {
    for (const r of [
      rule({ clear: { when: { metric: 'pm10', op: '<', value: 3 } } }), rule({ clear: { when: { not: { metric: 'pm25', op: '>', value: 3 } } } }), rule({ raise: { when: { silent: 'PT1H', metric: 'pm25' } } }),
      rule({ raise: { when: { any: [{ metric: 'a', op: '>', value: 1 }] } } }), rule({ raise: { when: { metric: 'door', op: '==', value: true as unknown as number } } }), rule({ raise: { when: { detection: 'fall' }, within: 'PT5M' } }),
    ]) expect(readRule(r).shape, JSON.stringify(r)).toBe('other')
  })
  it('keeps what stands beside: schedule, actions, stages, tags, on whose duty', () => {
    const r = rule({ applies_to: { profile: 'dust', tags: ['north'], devices: ['d1'] }, schedule: { windows: [] }, actions: [{ notify: 'guard', text: 'x' }], escalate: [{ when: {}, severity: 'critical' }], case: 'dust', on_duty: 'guard' })
    expect(again(r)).toEqual(r)
    const off = writtenRule({ ...readRule(r), on_duty: '' }, r)
    expect('on_duty' in off).toBe(false)
  })
  it('drops the clear condition of another shape', () => {
    const r = rule({ clear: { when: { metric: 'pm25', op: '<', value: 100 } } })
    expect(writtenRule({ ...readRule(r), shape: 'silent' }, r).clear).toBeUndefined()
    expect(again(r).clear).toEqual(r.clear)
  })
  it('is the same however durations are written', () => {
    expect(sameRule(rule({ raise: { when: { silent: 'PT60M' } } }), rule({ raise: { when: { silent: 'PT1H' } } }))).toBe(true)
    expect(blankRule().confidence).toBe('')
  })
  it('gives every ready-made rule back as it was', () => {
    const ready = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../src/rooms/rules/data/rules.json'), 'utf8')) as { name: string; profile: string; rule: Partial<RuleWords> }[]
    const rules = ready.map(r => ({ name: r.name, applies_to: { profile: r.profile }, ...r.rule }) as RuleWords)
    expect(rules.length).toBeGreaterThan(8)
    for (const r of rules) if (readRule(r).shape !== 'other') expect(sameRule(again(r), r), JSON.stringify(r)).toBe(true)
    expect(rules.filter(r => readRule(r).shape !== 'other').length).toBeGreaterThan(8)
  })
})
