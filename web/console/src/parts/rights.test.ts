import { describe, expect, it } from 'vitest'
import { byRoom, holds, turned } from './rights'

const known = ['cases.handle', 'cases.read', 'places.read', 'purpose.case']
describe('rights of a role', () => {
  it('stand by their room, without purposes', () => expect(byRoom(known)).toEqual([{ room: 'cases', rights: ['cases.handle', 'cases.read'] }, { room: 'places', rights: ['places.read'] }]))
  it('hold by themselves, by their room, by everything', () => expect([holds(['*'], 'a.b'), holds(['a.*'], 'a.b'), holds(['a.b'], 'a.b'), holds(['a.c'], 'a.b')]).toEqual([true, true, true, false]))
  it('turn one by one, and one out of a whole room leaves the others', () => {
    expect(turned([], 'cases.read', known)).toEqual(['cases.read'])
    expect(turned(['cases.read'], 'cases.*', known)).toEqual(['cases.*'])
    expect(turned(['cases.*'], 'cases.read', known)).toEqual(['cases.handle'])
    expect(turned(['*'], 'cases.read', known)).toEqual(['cases.handle', 'places.*'])
    expect(turned(['cases.read'], 'cases.read', known)).toEqual([])
    expect(turned(['cases.read'], '*', known)).toEqual(['*'])
  })
})
