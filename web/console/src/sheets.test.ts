import { expect, test } from 'vitest'
import { cellOf } from './sheets'

const row = { state: 'accepted', due: '2026-11-22T08:30:00Z', urged: 2, none: undefined, drill: true }
test('a sheet says what the page says, and times as times', () => {
  expect(cellOf({ key: 'state', title: '状态', text: () => '已接单' }, row)).toBe('已接单')
  expect(cellOf({ key: 'due', title: '时限', text: () => '还剩 5 分钟' }, row)).toEqual(new Date('2026-11-22T08:30:00Z'))
  expect(cellOf({ key: 'urged', title: '催办' }, row)).toBe(2)
  expect(cellOf({ key: 'none', title: '' }, row)).toBe(undefined)
  expect(cellOf({ key: 'drill', title: '' }, row)).toBe('✓')
})
