// Every name that docs/operate/trouble.md tells is told on the page of a device, too.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { because, known, remedy } from './refusals'

test('every reason of the documentation has words', () => {
  for (const file of ['trouble.md', 'trouble.zh-CN.md']) {
    const text = readFileSync(new URL(`../../../docs/operate/${file}`, import.meta.url), 'utf8')
    const codes = [...text.matchAll(/^\| `((?:porch|readings)\.[a-z_]+)`/gm)].map(m => m[1])
    expect(codes.length).toBeGreaterThan(10)
    for (const code of codes) expect(because(code), code).not.toBe(code)
    for (const code of known.filter(c => c.startsWith('porch.') || c.startsWith('readings.'))) expect(codes, file).toContain(code)
  }
})

test('what nobody has words for shows its code and says whom to ask', () => {
  expect(because('http.unheard_of')).toBe('http.unheard_of')
  expect(because('mqtt.utf8_null')).not.toBe('mqtt.utf8_null')
  expect(remedy('http.unheard_of')).not.toBe('')
})
