import { describe, expect, it, vi } from 'vitest'

vi.mock('./net/kept', () => ({ fetchKept: async () => ({ items: [] }), peek: async () => undefined }))
const { callsFor, helpIsOut, joined } = await import('./cases')

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

describe('whom to call', () => {
  const desk = (id: string, kind: string, path: string, phone = '13800138000') => ({ id, kind, name: id, path, phone }) as Parameters<typeof callsFor>[0][number]
  const all = [desk('street', 'street_office', '/d/s1/'), desk('estate', 'property_company', '/d/s1/m1/c1/'), desk('elsewhere', 'property_company', '/d/s1/m1/c2/'), desk('silent', 'clinic', '/d/s1/', '')]
  it('is first who is there for my home, the nearest before the others', () => {
    const { own, others } = callsFor(all, '/d/s1/m1/c1/b2/u1/302/')
    expect(own.map(o => o.id)).toEqual(['estate', 'street'])
    expect(others.map(o => o.id)).toEqual(['elsewhere'])
  })
  it('is everybody where no home is known', () => {
    expect(callsFor(all, '')).toMatchObject({ own: { length: 3 }, others: [] })
  })
})
