import { describe, expect, it } from 'vitest'
import { blankKind, changesOf, faultsOf, wordsOf } from './kind'

const good = () => ({ ...blankKind(), name: '占道经营' })
const said = (_: string, value: unknown) => JSON.stringify(value)

describe('a kind on the page', () => {
  it('begins as one that only needs a name', () => {
    expect(faultsOf(blankKind(), 'street-stall').map(f => f.field)).toEqual(['/name'])
    expect(faultsOf(good(), 'street-stall')).toEqual([])
  })
  it('names every fault at its field', () => {
    const kind = { ...good(), warn_percent: 100, emergency: '火'.repeat(167), appeal: 'PT0S', ring: '5 minutes', checklist: [{ words: '关阀' }, { words: ' ' }] }
    kind.small = { ...kind.small, handle: 'PT0S', post: '' }
    expect(faultsOf(kind, '../x').map(f => f.field)).toEqual(
      ['/code', '/small/post', '/small/handle', '/warn_percent', '/emergency', '/ring', '/appeal', '/checklist/1/words'])
  })
  it('names what is wrong with what counts as near, as the node would', () => {
    const near = (more: object) => faultsOf({ ...good(), near: { then: 'join', floors: 1, metres: 50, ...more } } as never, 'x').map(f => f.field)
    expect(near({})).toEqual([])
    expect(near({ floors: 200, metres: 5000 })).toEqual([])
    expect(near({ floors: 201, metres: -1 })).toEqual(['/near/floors', '/near/metres'])
    expect(near({ floors: 1.5, metres: '' })).toEqual(['/near/floors', '/near/metres'])
  })
  it('asks of grade I whom it calls', () => {
    expect(faultsOf({ ...good(), grade: 'I' }, 'x').map(f => f.field)).toEqual(['/calls'])
    expect(faultsOf({ ...good(), grade: 'I', calls: ['fire'] }, 'x')).toEqual([])
  })
  it('tells how two versions differ, to the leaf, and not where a duration is only written otherwise', () => {
    const was = good(), is = good()
    is.micro = { ...is.micro, handle: 'PT24H', accept: 'PT1H' }
    is.strict = true
    expect(changesOf(was, is, said)).toEqual([{ field: 'micro/accept', was: '"PT30M"', is: '"PT1H"' }, { field: 'strict', was: 'false', is: 'true' }])
    expect(changesOf(null, is, said).length).toBeGreaterThan(20)
  })
  it('takes of a version only what a person may change', () => {
    const kept = { ...good(), code: 'x', version: 3, at: '2026-01-01T00:00:00Z', ready_made: true, retired: false }
    expect(Object.keys(wordsOf(kept))).toEqual(Object.keys(blankKind()))
  })
})
