import { describe, expect, it, vi } from 'vitest'

vi.mock('./net/kept', () => ({ fetchKept: async () => ({ items: [] }), peek: async () => undefined }))
const { joined } = await import('./cases')

describe('who has it', () => {
  it('says once what ends one name and begins the other', () => {
    expect(joined('云溪苑物业', '物业服务中心')).toBe('云溪苑物业服务中心')
    expect(joined('云溪苑物业', '保安')).toBe('云溪苑物业保安')
    expect(joined('城区指挥中心', '指挥中心')).toBe('城区指挥中心')
  })
})
