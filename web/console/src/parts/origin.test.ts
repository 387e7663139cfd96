import { describe, expect, it } from 'vitest'
import { originOf } from './origin'

describe('where a thing came from', () => {
  it('is read with how far it may be off', () => {
    expect(originOf({ floor: 12, floor_error: 0.72, column: 3, column_error: 0.02, box: [1, 2, 3, 4] }))
      .toEqual({ floor: { at: 12, error: 0.72 }, column: { at: 3, error: 0.1 } })
  })
  it('is left out where it is none', () => {
    expect(originOf({ floor: 'twelve', column: 0 })).toEqual({ floor: undefined, column: undefined })
    expect(originOf({ floor: 2, floor_error: -1 }).floor).toEqual({ at: 2 })
    expect(originOf(undefined)).toEqual({})
  })
})
