import { afterEach, describe, expect, it } from 'vitest'
import { turnTongue } from './i18n'
import { day, dayStart, dayWords, durationMs, exactly, fromField, instant, isoDay, isoDuration, left, monthWords, span, toField, zone } from './time'

afterEach(() => {
  zone.value = 480
  turnTongue('zh')
})

describe('times', () => {
  it('are the district’s and not the browser’s', () => {
    const late = '2026-11-21T16:30:00Z'
    expect(instant(late, Date.parse('2026-11-22T00:00:00Z'))).toBe('11-22 00:30')
    expect(exactly(late)).toBe('2026-11-22 00:30:00')
    expect(day(late)).toBe('2026-11-22')
    zone.value = 0
    expect(day(late)).toBe('2026-11-21')
  })
  it('show the year when it is another', () => {
    expect(instant('2025-01-02T00:00:00Z', Date.parse('2026-06-01T00:00:00Z'))).toBe('2025-01-02 08:00')
  })
  it('are said in English as the node’s English sentences say them', () => {
    turnTongue('en')
    const late = '2026-11-01T16:30:00Z'
    expect(instant(late, Date.parse('2026-11-22T00:00:00Z'))).toBe('2 Nov 00:30')
    expect(instant(late, Date.parse('2027-01-02T00:00:00Z'))).toBe('2 Nov 2026 00:30')
    expect(exactly(late)).toBe('2 Nov 2026 00:30:00')
    expect([day(late), day(late, false), day(undefined)]).toEqual(['2 Nov 2026', '2 Nov', ''])
    expect([dayWords('2026-11-02'), dayWords('2026-11-02', false), dayWords(1950), dayWords(undefined)]).toEqual(['2 Nov 2026', '2 Nov', '1950', ''])
    expect(monthWords('2026-11')).toBe('Nov 2026')
    expect(isoDay(late)).toBe('2026-11-02')
  })
  it('say days of the calendar in no zone', () => {
    zone.value = -300
    expect([dayWords('2026-11-02'), dayWords('2026-11-02', false), monthWords('2026-11')]).toEqual(['2026-11-02', '11-02', '2026-11'])
  })
  it('go through a field and back', () => {
    const at = fromField('2026-02-17T08:30')
    expect(at).toBe('2026-02-17T00:30:00.000Z')
    expect(toField(at)).toBe('2026-02-17T08:30')
    expect(fromField('2026-02-17')).toBe('2026-02-16T16:00:00.000Z')
    expect(fromField('')).toBeUndefined()
  })
  it('begin days at the district’s midnight', () => {
    expect(new Date(dayStart('2026-11-21T16:30:00Z')).toISOString()).toBe('2026-11-21T16:00:00.000Z')
  })
  it('say spans in the two greatest units', () => {
    expect(span(3_725_000, 'zh')).toBe('1 小时 2 分钟')
    expect(span(90_061_000, 'en')).toBe('1 d 1 h')
    expect(left('2026-01-01T01:00:00Z', Date.parse('2026-01-01T00:00:00Z'), 'zh')).toBe('还剩 1 小时')
    expect(left('2026-01-01T01:00:00Z', Date.parse('2026-01-01T01:05:00Z'), 'en')).toBe('5 min late')
  })
  it('read and write ISO durations', () => {
    for (const text of ['PT30M', 'P1DT2H30M', 'PT15S', 'P3D', 'PT0S']) expect(isoDuration(durationMs(text))).toBe(text)
    expect(durationMs('half an hour')).toBeNaN()
  })
})
