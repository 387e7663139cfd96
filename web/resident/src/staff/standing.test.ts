import type { Case } from '@lifang/kit'
import { describe, expect, it } from 'vitest'
import { byUrgency, callsIn, dueOf, foreseen, holdOf, lacking, nextMove, ringMove } from './standing'

const made = (words: Partial<Case>): Case => ({ id: 'case_1', grade: 'III', state: 'assigned', allowed: ['accept', 'false-alarm'], opened_at: '2026-01-01T00:00:00Z', ...words }) as Case
const letter = (what: string, words = {}) => ({ about: 'case_1', what, state: 'waiting' as const, at: 0, ...words })

describe('a case without a line', () => {
  it('goes through accept, arrive and handle as it will when the letters arrive', () => {
    const item = made({ handle_by: '2026-01-01T04:00:00Z', due: '2026-01-01T01:00:00Z' })
    expect(nextMove(item)).toBe('accept')
    const taken = foreseen(item, [letter('accept')])
    expect(taken).toMatchObject({ state: 'accepted', due: '2026-01-01T04:00:00Z' })
    expect(taken.allowed).toContain('false-alarm')
    expect(nextMove(taken)).toBe('arrive')
    const there = foreseen(item, [letter('accept'), letter('arrive')])
    expect(nextMove(there)).toBe('handle')
    expect(foreseen(item, [letter('accept'), letter('arrive'), letter('handle')])).toMatchObject({ state: 'handled' })
  })
  it('is not changed by refused letters or those of other cases', () => {
    const item = made({})
    expect(foreseen(item, [letter('accept', { state: 'refused' }), letter('accept', { about: 'case_2' })])).toBe(item)
  })
})

describe('a check that says no', () => {
  it('gives it back to whoever did it, said by a resident or by staff, also while the letter waits', () => {
    const item = made({ state: 'handled', handled_at: '2026-01-01T00:30:00Z', allowed: ['verify', 'note'] })
    expect(foreseen(item, [letter('solved')])).toMatchObject({ state: 'verified' })
    for (const no of ['unsolved', 'not-verified']) {
      const back = foreseen(item, [letter(no)])
      expect(back).toMatchObject({ state: 'accepted', allowed: ['note'] })
      expect(back.handled_at).toBeUndefined()
    }
  })
})

describe('what a kind asks for when it is done', () => {
  it('is named where it is not there; a recording is no photo, blanks are no words', () => {
    expect(lacking(['photo', 'note'], ' ', ['audio/webm'])).toEqual(['photo', 'note'])
    expect(lacking(['photo', 'note'], '修好了', ['image/jpeg'])).toEqual([])
    expect(lacking([], '', [])).toEqual([])
  })
})

describe('a move made by one touch', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  it('is held back, but not over its own deadline', () => {
    expect(holdOf(made({ due: '2026-01-01T00:15:00Z' }), 5000, now)).toBe(5000)
    expect(holdOf(made({ due: '2026-01-01T00:00:10Z' }), 5000, now)).toBe(0)
    expect(holdOf(made({ due: '2025-12-31T23:00:00Z' }), 5000, now)).toBe(5000)
    expect(holdOf(made({}), 5000, now)).toBe(5000)
  })
})

describe('the next step', () => {
  it('is to report in only for those who were called', () => {
    expect(nextMove(made({ state: 'handled', allowed: ['report-in', 'note'], calls_open: 1 }))).toBe(null)
    expect(nextMove(made({ state: 'accepted', arrived_at: 'x', allowed: ['report-in', 'handle'], owed: [{ organisation: 'police', task: '', due: '2026-01-01T01:00:00Z', late: false }] }))).toBe('report-in')
  })
  it('is the sub-order once a bureau has reported in, also while the letter waits', () => {
    const item = made({ state: 'accepted', allowed: ['report-in', 'done', 'arrive', 'note'], owed_by: '2026-01-01T01:00:00Z', owed: [
      { organisation: 'police', task: '', due: '2026-01-01T01:00:00Z', late: false }, { part: 2, post: 'police', task: '疏导', due: '2026-01-01T03:00:00Z', late: false }] })
    expect(nextMove(item)).toBe('report-in')
    const there = foreseen(item, [letter('report-in', { body: { organisation: 'police' } })])
    expect(nextMove(there)).toBe('done')
    expect(dueOf(there)).toBe('2026-01-01T03:00:00Z')
    expect(foreseen(item, [letter('done', { body: { part: 2 } })]).owed).toHaveLength(1)
  })
})

describe('what rings', () => {
  const called = { organisation: 'guard', task: '', due: '2026-01-01T00:05:00Z', late: false }
  it('is ended by taking it, and by reporting in where one was only called', () => {
    expect(ringMove(made({ owed: [] }))).toBe('accept')
    expect(ringMove(made({ state: 'accepted', allowed: ['report-in', 'note'], owed: [called] }))).toBe('report-in')
    expect(ringMove(made({ allowed: ['accept', 'report-in'], owed: [called] }))).toBe('accept')
  })
  it('is not for whoever may do neither, or owes nothing', () => {
    expect(ringMove(made({ allowed: ['note'], owed: [called] }))).toBe(null)
    expect(ringMove(made({ allowed: ['report-in'], owed: [] }))).toBe(null)
    expect(ringMove(made({ allowed: ['report-in'], owed: [{ ...called, part: 2 }] }))).toBe(null)
  })
})

describe('emergency numbers', () => {
  it('are those of the words, in their order, each once', () => {
    expect(callsIn('立即拨打119，有人受伤再拨打 120；119 到前不要入内。')).toEqual(['119', '120'])
    expect(callsIn('报警 110')).toEqual(['110'])
    expect(callsIn('安抚被困人员；拨打 96333')).toEqual(['96333'])
  })
  it('are all three where the words name none; longer numbers are none of them', () => {
    expect(callsIn('')).toEqual(['119', '120', '110'])
    expect(callsIn('热线 12345，值班 0571-81190000')).toEqual(['119', '120', '110'])
  })
})

describe('a false alarm', () => {
  it('ends what a device raised; what somebody reported stands until it is verified', () => {
    expect(foreseen(made({ reporters: 0 }), [letter('false-alarm')])).toMatchObject({ state: 'closed' })
    expect(foreseen(made({ reporters: 2 }), [letter('false-alarm')])).toMatchObject({ state: 'handled', ending: 'false_alarm', allowed: ['note'] })
  })
  it('is opened again by whoever disagrees', () => {
    expect(foreseen(made({ state: 'closed', allowed: ['reopen'], ending: 'false_alarm' }), [letter('reopen')])).toMatchObject({ state: 'reopened', allowed: ['note'] })
  })
})

describe('urgency', () => {
  it('puts what rings first, then the soonest deadline, then the oldest', () => {
    const sos = made({ id: 'sos', grade: 'I', due: '2026-01-01T09:00:00Z' })
    const late = made({ id: 'late', due: '2026-01-01T01:00:00Z' })
    const soon = made({ id: 'soon', due: '2026-01-01T05:00:00Z' })
    const old = made({ id: 'old', opened_at: '2025-01-01T00:00:00Z' })
    const recent = made({ id: 'recent' })
    expect([recent, soon, old, late, sos].sort(byUrgency).map(c => c.id)).toEqual(['sos', 'late', 'soon', 'old', 'recent'])
  })
})
