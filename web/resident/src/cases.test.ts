import { describe, expect, it, vi } from 'vitest'

vi.mock('./net/kept', () => ({ fetchKept: async () => ({ items: [] }), peek: async () => undefined }))
const { helpIsOut, joined } = await import('./cases')

describe('who has it', () => {
  it('says once what ends one name and begins the other', () => {
    expect(joined('云溪苑物业', '物业服务中心')).toBe('云溪苑物业服务中心')
    expect(joined('云溪苑物业', '保安')).toBe('云溪苑物业保安')
    expect(joined('城区指挥中心', '指挥中心')).toBe('城区指挥中心')
  })
})

describe('help that was called', () => {
  it('is on its way until they say that it is done', () => {
    for (const state of ['reported', 'assigned', 'accepted', 'reopened'] as const) expect(helpIsOut({ kind: 'sos', state })).toBe(true)
    for (const state of ['handled', 'verified', 'closed'] as const) expect(helpIsOut({ kind: 'sos', state })).toBe(false)
    expect(helpIsOut({ kind: 'leak', state: 'accepted' })).toBe(false)
  })
})
