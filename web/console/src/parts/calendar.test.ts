import { describe, expect, it } from 'vitest'
import { doubts, readYear, stretches, wantedYear } from './calendar'

const said = (deed: () => unknown) => {
  try {
    deed()
  } catch (wrong) {
    return (wrong as { zh: string }).zh
  }
  return ''
}
describe('a year of the working calendar', () => {
  it('is read from a table with stretches, in either language', () => {
    const year = readYear('日期,结束,休息,名称,来源\n2026-02-15,2026-02-17,休,春节,国办发明电\n2026/02/14,,班,春节调休,\n', 2026)
    expect(year.source).toBe('国办发明电')
    expect(year.days.map(d => [d.day, d.off])).toEqual([['2026-02-14', false], ['2026-02-15', true], ['2026-02-16', true], ['2026-02-17', true]])
    expect(readYear('day,off,name\n2026-01-01,true,元旦', 2026).days).toEqual([{ day: '2026-01-01', off: true, name: '元旦' }])
  })
  it('is read from JSON as the node and public data sets write it', () => {
    expect(readYear('{"papers":["国办"],"days":[{"name":"元旦","date":"2026-01-01","isOffDay":true}]}', 2026)).toEqual({ source: '国办', days: [{ day: '2026-01-01', off: true, name: '元旦' }] })
    expect(readYear('{"source":"国办","days":[{"day":"2026-01-01","off":true,"name":"元旦"}]}', 2026).days.length).toBe(1)
  })
  it('names the row that is wrong', () => {
    expect(said(() => readYear('day,off\n2026-02-30,true', 2026))).toContain('第 2 行')
    expect(said(() => readYear('day,off\n2026-02-03,maybe', 2026))).toContain('休息还是上班')
    expect(said(() => readYear('day,off\n2027-01-01,true', 2026))).toContain('不在 2026 年')
    expect(said(() => readYear('name\n元旦', 2026))).toContain('表头')
    expect(said(() => readYear('{"days":[{"day":"x"}]}', 2026))).toContain('第 1 天')
  })
  it('is told in stretches and doubts what looks forgotten', () => {
    const days = readYear('day,last,off,name\n2026-10-01,2026-10-07,true,国庆节\n2026-10-13,,false,国庆节调休', 2026).days
    expect(stretches(days).map(s => s.days)).toEqual([7, 1])
    expect(doubts(days)[0]!.zh).toContain('2026-10-13 是工作日')
    expect(doubts(days).length).toBe(7)
  })
  it('wants the next year from November on', () => {
    expect([wantedYear('2026-10-31'), wantedYear('2026-11-01'), wantedYear('2027-01-01')]).toEqual([2026, 2027, 2027])
  })
})
