import { describe, expect, it } from 'vitest'
import { Atlas, floorOf, within } from './atlas'
import { tallies } from './tally'
import type { Outline } from './types'

const place = (id: string, kind: Outline['kind'], parent: string, at: number[] = [], ring: number[] = []): Outline =>
  ({ id, kind, name: id, parent, floors: kind === 'building' ? 6 : 0, height: 0, at, ring })
const outlines = [
  place('d', 'district', ''), place('s', 'street', 'd'), place('m', 'community', 's'), place('c1', 'compound', 'm', [120.1, 30.3]), place('c2', 'compound', 'm', [120.11, 30.3]),
  place('b1', 'building', 'c1', [120.1, 30.3], [120.1, 30.3, 120.1004, 30.3, 120.1004, 30.3002, 120.1, 30.3002]), place('gate', 'spot', 'c1', [120.1, 30.2999]),
]

describe('the atlas', () => {
  const atlas = new Atlas(outlines)
  it('finds the deepest place of a path that the map shows', () => {
    expect(atlas.deepest('/d/s/m/c1/b1/b1-u1/b1-101/')?.id).toBe('b1')
    expect(atlas.deepest('/elsewhere/')).toBeUndefined()
  })
  it('goes down one level at a time and passes through levels with a single place', () => {
    expect(atlas.step('b1', 'd')).toBe('m')
    expect(atlas.step('b1', 'c1')).toBe('b1')
    expect(atlas.step('gate', 'm')).toBe('c1')
    expect(atlas.step('c2', 'm')).toBe('c2')
  })
  it('knows how much ground a place covers, from what stands in it', () => {
    const b = atlas.boundsOf('c1')
    expect(b.x1 - b.x0).toBeGreaterThan(30)
    expect(b.top).toBe(18)
    const all = atlas.boundsOf('')
    expect(all.x1 - all.x0).toBeGreaterThan(900)
    expect(atlas.isInside('b1', 's')).toBe(true)
    expect(atlas.isInside('c2', 'c1')).toBe(false)
  })
  it('sums what is inside', () => {
    const mark = { id: 'x', rule: 'r', device: 'd', shown: 'b1', severity: 'info' as const, began_at: '', seen: false }
    const sums = tallies(atlas, ['c1', 'c2'], [{ place: 'b1', open: 3, overdue: 1, highest: 'micro' }], [mark])
    expect(sums.get('c1')).toEqual({ open: 3, overdue: 1, situations: 1 })
    expect(sums.get('c2')!.open).toBe(0)
  })
})

describe('small geometry', () => {
  it('tells a floor from the name of a home', () => {
    expect(floorOf('1203室')).toBe(12)
    expect(floorOf('302')).toBe(3)
    expect(floorOf('北门')).toBeUndefined()
  })
  it('tells what lies within a ring', () => {
    const ring = [0, 0, 10, 0, 10, 10, 0, 10]
    expect(within(ring, 5, 5)).toBe(true)
    expect(within(ring, 15, 5)).toBe(false)
  })
})
