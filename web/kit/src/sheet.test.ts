import { expect, test } from 'vitest'
import { columnLetters, csvOf, xlsxOf } from './sheet'
// The reader of the browser walks knows nothing of this writer.
import { readSheet } from '../../../test/browser/sheet.mjs'

const sheet = { name: '工单/一', columns: ['编号', '件数', '立案'], rows: [['=1+1', 3, new Date('2026-11-22T08:30:00Z')], ['<漏水> & "水"\u0001', null, undefined], ['', 1.5, '']] }

test('a workbook is read again as it was written, a text that begins like a formula too', async () => {
  const rows = readSheet(Buffer.from(xlsxOf(sheet)))
  expect(rows[0]).toEqual(['编号', '件数', '立案'])
  expect(rows[1]!.slice(0, 2)).toEqual(['=1+1', '3'])
  // 2026-11-22 16:30 on the district's clock.
  expect(Number(rows[1]![2])).toBeCloseTo(46348 + 16.5 / 24, 6)
  expect(rows[2]![0]).toBe('<漏水> & "水"')
  expect(rows[3]![1]).toBe('1.5')
})
test('CSV is marked as UTF-8, formulas are disarmed, times are the district’s', () => {
  expect(csvOf(sheet)).toBe('\ufeff编号,件数,立案\r\n\'=1+1,3,2026-11-22 16:30\r\n"<漏水> & ""水""\u0001",,\r\n,1.5,\r\n')
})
test('columns go on after Z', () => expect([0, 25, 26, 701, 702].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']))
