import { describe, expect, it } from 'vitest'
import { placeLabels, type Box } from './labels'

const clash = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

describe('labels over the twin', () => {
  it('never overlap and never leave the picture, however many there are', () => {
    let seed = 3
    const chance = () => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff)
    for (let round = 0; round < 20; round++) {
      const wanted = Array.from({ length: 300 }, () => ({ x: chance() * 900 - 50, y: chance() * 700 - 50, width: 40 + chance() * 120, height: 22, priority: Math.floor(chance() * 3) }))
      const placed = placeLabels(wanted, 800, 600, 60).filter(b => b !== undefined)
      expect(placed.length).toBeGreaterThan(10)
      expect(placed.length).toBeLessThanOrEqual(60)
      placed.forEach((a, i) => {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= 800 && a.y + a.height <= 600).toBe(true)
        for (const b of placed.slice(i + 1)) expect(clash(a, b)).toBe(false)
      })
    }
  })
  it('keep the graver one where there is room for one', () => {
    const there = { x: 60, y: 60, width: 100, height: 20 }
    const many = Array.from({ length: 9 }, () => ({ ...there, priority: 1 }))
    const placed = placeLabels([...many, { ...there, priority: 9 }], 120, 80, 10)
    expect(placed[9]).toBeDefined()
  })
  it('leave out what lies behind or beside the picture', () => {
    expect(placeLabels([{ x: -1, y: -1, width: 10, height: 10, priority: 1 }], 100, 100, 10)).toEqual([undefined])
  })
})
