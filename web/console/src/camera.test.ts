import { expect, test } from 'vitest'
import { flawOf, freeName, gridOf, inVain, inside, readCorners, scaled, shapesOf, viewOf, written, type Kind, type View } from './camera'

const view: View = {
  size: [640, 360], masks: [[[0, 0], [9, 0], [9, 9]]], zones: [], shields: [], slots: [{ id: '7', polygon: [[1, 1], [5, 1], [5, 5]] }],
  areas: [{ kind: 'crowd', zone: [[0, 0], [50, 0], [50, 50]], least: 12 }, { kind: 'own_words', zone: [[0, 0], [5, 0], [5, 5]] }],
  facade: { corners: [[0, 0], [9, 0], [9, 9], [0, 9]], floors: 30 }, duty: { absent_s: 60 },
}

test('what was drawn comes back as it was, and so does what cannot be drawn', () => {
  expect(viewOf(view, shapesOf(view), [640, 360])).toEqual({ ...view, areas: [view.areas![1], view.areas![0]] })
})
test('what is neither drawn nor was there is not spoken of, so that the machine of the eyes keeps its own', () => {
  const drawn = viewOf({ bins: { full: 0.8 } }, shapesOf({ masks: [[[0, 0], [9, 0], [9, 9]]] }), [640, 360], [])
  expect(drawn).toEqual({ bins: { full: 0.8 }, size: [640, 360], masks: [[[0, 0], [9, 0], [9, 9]]] })
  const line = { judge: 'duty', from: '06:30', to: '09:00', days: [] }
  expect(viewOf({}, [], [640, 360], [line]).hours).toEqual([line])
  expect(viewOf({ hours: [line] }, [], [640, 360], []).hours).toEqual([])
})
test('what a slot says besides its shape stays, and areas that are not drawn follow the size of the picture', () => {
  const own: View = { size: [640, 360], slots: [{ id: 'A-1', polygon: [[0, 0], [9, 0], [9, 9]], building: 'yunqi-1', charger: true }], areas: [{ kind: 'own_words', zone: [[0, 0], [50, 0], [50, 50]], for_s: 3 }] }
  const kept = viewOf(own, scaled(shapesOf(own), own.size, [1280, 720]), [1280, 720])
  expect(kept.slots).toEqual([{ id: 'A-1', polygon: [[0, 0], [18, 0], [18, 18]], building: 'yunqi-1', charger: true }])
  expect(kept.areas).toEqual([{ kind: 'own_words', zone: [[0, 0], [100, 0], [100, 100]], for_s: 3 }])
})
test('the door of a lift stands among what is said of e-bikes, which stays as it was', () => {
  const own: View = { size: [640, 360], ebike: { votes: 4, door: [[0, 0], [9, 0], [9, 9]] } }
  const shapes = scaled(shapesOf(own), own.size, [1280, 720])
  expect(shapes.map(s => s.kind)).toEqual(['door'])
  expect(viewOf(own, shapes, [1280, 720]).ebike).toEqual({ votes: 4, door: [[0, 0], [18, 0], [18, 18]] })
  expect(viewOf(own, [], [640, 360]).ebike).toEqual({ votes: 4, door: [] })
  expect(shapesOf({ ebike: { door: [] } })).toEqual([])
  expect(viewOf({ ebike: { votes: 4 } }, [], [640, 360]).ebike).toEqual({ votes: 4 })
  expect(viewOf({}, [], [640, 360]).ebike).toBeUndefined()
  expect(viewOf({}, shapes, [1280, 720]).ebike).toEqual({ door: [[0, 0], [18, 0], [18, 18]] })
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
test('lines between floors and columns follow the plane of the façade', () => {
  expect(gridOf([[0, 0], [100, 0], [100, 200], [0, 200]], 4, 2)).toEqual([[[0, 50], [100, 50]], [[0, 100], [100, 100]], [[0, 150], [100, 150]], [[50, 0], [50, 200]]])
  // Seen from below, the upper floors are nearer together.
  const rows = gridOf([[40, 0], [60, 0], [100, 200], [0, 200]], 2, 1)
  expect(rows[0]![0][1]).toBeLessThan(100)
  expect(gridOf([[0, 0], [5, 5], [9, 9], [12, 12]], 3, 3)).toEqual([])
  expect(gridOf([[0, 0], [5, 5]], 3, 3)).toEqual([])
})
test('a shape that the eyes would refuse is known before it is sent', () => {
  const shape = (kind: 'mask' | 'facade', c: [number, number][]) => flawOf({ kind, corners: c, name: '', more: {} })
  expect(shape('mask', [[0, 0], [9, 0], [9, 9]])).toBe('')
  expect(shape('mask', [[0, 0], [9, 0]])).toBe('few')
  expect(shape('mask', [[0, 0], [9, 9], [18, 18]])).toBe('flat')
  expect(shape('facade', [[0, 0], [90, 0], [90, 90], [0, 90]])).toBe('')
  expect(shape('facade', [[0, 0], [90, 90], [90, 10], [0, 90]])).toBe('crossed')
})
test('what is drawn for a judgement that the camera does not make is drawn in vain, and it is said', () => {
  const shape = (kind: Kind) => ({ kind, corners: [], name: '', more: {} })
  const drawn = [shape('mask'), shape('zone'), shape('crowd'), shape('crowd'), shape('slot')]
  expect(inVain(drawn, ['parking', 'duty'])).toEqual(['crowd'])
  expect(inVain(drawn, [])).toEqual(['zone', 'crowd', 'slot'])
  expect(inVain(drawn, ['face', 'areas', 'parking'])).toEqual([])
  expect(inVain(drawn, undefined), 'eyes that do not say what they judge').toEqual([])
})
test('a new slot gets a number that is free', () => expect(freeName(shapesOf({ slots: [{ id: '1', polygon: [] }, { id: '3', polygon: [] }] }))).toBe('2'))
