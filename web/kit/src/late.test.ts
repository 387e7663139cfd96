import { expect, test } from 'vitest'
import { isLate, wasLate } from './late'

const now = Date.parse('2026-11-22T12:00:00Z'), before = '2026-11-22T11:00:00Z', after = '2026-11-22T13:00:00Z'
test('late is what runs and has passed', () => {
  expect(isLate({ state: 'assigned', due: before, overdue: false }, now)).toBe(true)
  expect(isLate({ state: 'accepted', due: after, overdue: true }, now)).toBe(false)
  expect(isLate({ state: 'closed', due: before, overdue: true }, now)).toBe(false)
  expect(isLate({ state: 'deferred', due: before, overdue: true }, now)).toBe(false)
  expect(isLate({ state: 'accepted', due: after, overdue: false, owed: [{ due: before, late: false }] }, now)).toBe(true)
})
test('what was late once says so until it is late again', () => {
  expect(wasLate({ state: 'accepted', due: after, overdue: true }, now)).toBe(true)
  expect(wasLate({ state: 'accepted', due: after, overdue: false, was_late: true }, now)).toBe(true)
  expect(wasLate({ state: 'accepted', due: before, overdue: true, was_late: true }, now)).toBe(false)
  expect(wasLate({ state: 'closed', overdue: false, was_late: false }, now)).toBe(false)
})
