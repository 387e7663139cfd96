import { turnTongue } from '@lifang/kit'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verdictWords, whys } from './verdict'

describe('the verdict on the chain', () => {
  it('says that it is broken wherever there is an entry that does not fit', () => {
    for (const at of [0, 1, 17]) {
      const said = verdictWords({ entries: 40, anchors: 2, broken_at: at, why: 'it was changed' })
      expect(said.broken).toBe(true)
      expect(said.text).toContain(`第 ${at} 条`)
      expect(said.text).toContain('它被改过')
      expect(said.text).not.toContain('核对完成')
    }
    turnTongue('en')
    expect(verdictWords({ entries: 40, anchors: 2, broken_at: 3, why: 'it was changed' }).text).toMatch(/^The chain is broken: from entry 3 .*it was changed/)
    turnTongue('zh')
  })
  it('says that it is whole only where there is none', () => {
    expect(verdictWords({ entries: 40, anchors: 2, why: '' })).toEqual({ broken: false, text: '核对完成，链完整：共核对 40 条、2 个签名锚点。' })
  })
  it('has words for everything that the room says', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../../src/rooms/audit/audit.cpp'), 'utf8')
    const said = [...source.matchAll(/broken\([^"]*"([^"]+)"\)/g)].map(found => found[1]!)
    expect(said.length).toBeGreaterThan(5)
    expect(Object.keys(whys).sort()).toEqual([...new Set(said)].sort())
  })
})
