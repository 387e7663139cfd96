import { describe, expect, it } from 'vitest'
import { qr, qrPath } from './qr'

// Read back with an independent reader (jsQR) when this was written; the picture must not change by accident.
const kKnown = `
111111101111001111111
100000100011001000001
101110101110101011101
101110101011101011101
101110100010101011101
100000101101001000001
111111101010101111111
000000001100100000000
010101111101111101101
111000010100111001001
001011110011111001100
001001011010101100011
110000101100000111011
000000001101000101110
111111101010100011000
100000101001110000011
101110100101011110001
101110101101000010111
101110100100100111001
100000101110011100101
111111100011100101000`.trim()

describe('qr', () => {
  it('draws the known picture of a household code', () => {
    expect(qr('7K3M9QX2TB4F').map(row => row.map(d => (d ? '1' : '0')).join('')).join('\n')).toBe(kKnown)
  })
  it('takes the smallest version that holds the text', () => {
    expect(qr('7K3M9QX2TB4F')).toHaveLength(21)
    expect(qr('https://lifang.example/#/c/7K3M9QX2TB4F', 'M')).toHaveLength(29)
  })
  it('refuses what a version 10 cannot hold', () => {
    expect(() => qr('一'.repeat(200))).toThrow(RangeError)
  })
  it('draws one square a dark module', () => {
    expect(qrPath([[true, false], [false, true]])).toBe('M0 0h1v1h-1zM1 1h1v1h-1z')
  })
})
