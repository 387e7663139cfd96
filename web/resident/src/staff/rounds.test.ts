import type { RoundTask } from '@lifang/kit'
import { describe, expect, it } from 'vitest'
import { codeIn, isLeft, markOf, ofToday, pointOf, roundOf, seen } from './rounds'

const now = Date.parse('2026-03-02T12:10:00Z')
const point = (name: string, code: string, words = {}) => ({ point: 'p-' + name, name, mark: markOf(code), by_tag: false, fine: true, note: '', files: [], found: '', ...words })
const round = (id: string, words: Partial<RoundTask> = {}): RoundTask => ({
  id, plan: 'nightly', route: 'evening', post: 'guard', name: '夜巡', path: '/c1/', from: '2026-03-02T12:00:00Z', until: '2026-03-02T12:30:00Z', state: 'open', missed: '',
  checks: [point('东门', 'pt_gate'), point('泵房', 'pt_pump')], ...words,
})
const letter = (about: string, body: Record<string, unknown>, words = {}) => ({ about, what: 'checkin', state: 'waiting' as const, body, title: '夜巡 · 东门', ...words })

describe('the mark of a code', () => {
  it('is the one that the node makes', () => {
    expect(markOf('')).toBe('811c9dc5')
    expect(markOf('pt_gate')).toBe('7a72f7f5')
    expect(markOf('东门')).toHaveLength(8)
  })
})
describe('a code', () => {
  it('is found in the link that a tag carries', () => {
    expect(codeIn('http://127.0.0.1:8080/#/c/pt_ab-_9')).toBe('pt_ab-_9')
    expect(codeIn(' pt_ab ')).toBe('pt_ab')
    expect(codeIn('04A2-77')).toBe('04A2-77')
  })
  it('leads to the point that is left in the round that ends first', () => {
    const later = round('task_2', { until: '2026-03-02T13:00:00Z' })
    expect(pointOf([later, round('task_1')], [], 'pt_pump', now)?.task.id).toBe('task_1')
    expect(pointOf([later, round('task_1')], [letter('task_1', { code: 'pt_pump' })], 'pt_pump', now)?.task.id).toBe('task_2')
    expect(pointOf([round('task_1')], [], 'pt_elsewhere', now)).toBe(null)
  })
})
describe('a round without a line', () => {
  it('shows what waits to be sent, by code and by tag', () => {
    expect(seen(round('task_1'), [letter('task_1', { code: 'pt_pump' })]).map(c => c.waits)).toEqual([false, true])
    expect(seen(round('task_1'), [letter('task_1', { tag: '04A2' })]).map(c => c.waits)).toEqual([true, false])
  })
  it('is not changed by refused letters or those of other rounds', () => {
    const said = [letter('task_1', { code: 'pt_pump' }, { state: 'refused' }), letter('task_9', { code: 'pt_gate' })]
    expect(seen(round('task_1'), said).every(isLeft)).toBe(true)
  })
  it('stays for a day after its end, so that it can still be told', () => {
    const old = round('task_0', { state: 'missed', until: '2026-03-01T11:00:00Z' }), past = round('task_1', { state: 'missed', until: '2026-03-02T11:00:00Z' })
    expect(ofToday([old, past, round('task_2')], now).map(t => t.id)).toEqual(['task_2', 'task_1'])
  })
})

describe('a check-in that was kept without knowing its round', () => {
  it('goes to the round that went on when the code was read, also when that is over by now', () => {
    const before = round('task_0', { from: '2026-03-02T10:00:00Z', until: '2026-03-02T10:30:00Z', state: 'missed' })
    expect(roundOf([round('task_1'), before], 'pt_pump', Date.parse('2026-03-02T10:10:00Z'))?.id).toBe('task_0')
    expect(roundOf([round('task_1'), before], 'pt_pump', now)?.id).toBe('task_1')
  })
  it('goes nowhere where no round of that time wants the point', () => {
    const there = round('task_1', { checks: [point('泵房', 'pt_pump', { at: '2026-03-02T12:05:00Z' })] })
    expect(roundOf([there], 'pt_pump', now)).toBe(null)
    expect(roundOf([round('task_1')], 'pt_elsewhere', now)).toBe(null)
    expect(roundOf([round('task_1')], 'pt_gate', Date.parse('2026-03-02T13:00:00Z'))).toBe(null)
  })
})
