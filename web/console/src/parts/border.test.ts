import { describe, expect, it } from 'vitest'
import { nextBorder } from './border'

describe('the border of shifts', () => {
  const zone = 480
  it('is the next hour of them, in the zone of the district', () => {
    const now = Date.parse('2026-03-02T21:59:30Z') // 05:59:30
    expect(nextBorder(['18:00', '06:00'], now, zone)).toBe(Date.parse('2026-03-02T22:00:00Z'))
    expect(nextBorder(['18:00', '06:00'], Date.parse('2026-03-02T22:00:00Z'), zone)).toBe(Date.parse('2026-03-03T10:00:00Z'))
  })
  it('goes over midnight, which is 24:00 as well as 00:00', () => {
    const late = Date.parse('2026-03-02T15:30:00Z') // 23:30
    expect(nextBorder(['24:00'], late, zone)).toBe(Date.parse('2026-03-02T16:00:00Z'))
    expect(nextBorder(['08:00'], late, zone)).toBe(Date.parse('2026-03-03T00:00:00Z'))
  })
  it('is not there without shifts', () => {
    expect(nextBorder([], 0, zone)).toBe(undefined)
    expect(nextBorder(['at noon'], 0, zone)).toBe(undefined)
  })
})
