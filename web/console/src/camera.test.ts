import { expect, test } from 'vitest'
import { freeName, inside, readCorners, scaled, shapesOf, viewOf, written, type View } from './camera'

const view: View = {
  size: [640, 360], masks: [[[0, 0], [9, 0], [9, 9]]], zones: [], shields: [], slots: [{ id: '7', polygon: [[1, 1], [5, 1], [5, 5]] }],
  areas: [{ kind: 'crowd', zone: [[0, 0], [50, 0], [50, 50]], least: 12 }, { kind: 'own_words', zone: [[0, 0], [5, 0], [5, 5]] }],
  facade: { corners: [[0, 0], [9, 0], [9, 9], [0, 9]], floors: 30 }, duty: { absent_s: 60 },
}

test('what was drawn comes back as it was, and so does what cannot be drawn', () => {
  expect(viewOf(view, shapesOf(view), [640, 360])).toEqual({ ...view, areas: [view.areas![1], view.areas![0]] })
})
test('a shape that is taken away is gone', () => {
  const left = viewOf(view, shapesOf(view).filter(s => s.kind !== 'facade' && s.kind !== 'mask'), [640, 360])
  expect(left.facade).toBeUndefined()
  expect(left.masks).toEqual([])
})
test('corners are read, kept inside the picture and written', () => {
  expect(readCorners('1,2 3，4  700,-5', [640, 360])).toEqual([[1, 2], [3, 4], [640, 0]])
  expect(readCorners('1,2 3', [640, 360])).toBeNull()
  expect(readCorners('a,b', [640, 360])).toBeNull()
  expect(written([[1, 2], [3, 4]])).toBe('1,2 3,4')
  expect(inside([1.6, 999], [640, 360])).toEqual([2, 360])
})
test('shapes follow a picture of another size', () => {
  expect(scaled(shapesOf(view), [640, 360], [1280, 720])[0]!.corners).toEqual([[0, 0], [18, 0], [18, 18]])
})
test('a new slot gets a number that is free', () => expect(freeName(shapesOf({ slots: [{ id: '1', polygon: [] }, { id: '3', polygon: [] }] }))).toBe('2'))
