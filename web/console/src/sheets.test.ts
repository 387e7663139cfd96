import { expect, test } from 'vitest'
import { cellOf, orderOf } from './sheets'

const row = { state: 'accepted', due: '2026-11-22T08:30:00Z', urged: 2, none: undefined, drill: true }
test('a sheet says what the page says, and times as times', () => {
  expect(cellOf({ key: 'state', title: '状态', text: () => '已接单' }, row)).toBe('已接单')
  expect(cellOf({ key: 'due', title: '时限', text: () => '还剩 5 分钟' }, row)).toEqual(new Date('2026-11-22T08:30:00Z'))
  expect(cellOf({ key: 'urged', title: '催办' }, row)).toBe(2)
  expect(cellOf({ key: 'none', title: '' }, row)).toBe(undefined)
  expect(cellOf({ key: 'drill', title: '' }, row)).toBe('✓')
})
test('rows are ordered by the time itself, whatever it is written like', () => {
  expect(orderOf({ key: 'due', title: '', text: () => '2 Nov 08:30' }, row)).toBe('2026-11-22T08:30:00Z')
  expect(orderOf({ key: 'state', title: '', text: () => '已接单' }, row)).toBe('已接单')
  expect(orderOf({ key: 'state', title: '', by: () => 3, text: () => '已接单' }, row)).toBe(3)
  expect(orderOf({ key: 'none', title: '', text: () => undefined }, row)).toBe('')
})
