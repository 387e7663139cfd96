import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { advices, helps } from './imports'

const source = readFileSync(join(import.meta.dirname, '../../../../src/rooms/imports/imports_columns.cpp'), 'utf8')

describe('words of imports', () => {
  it('every help of a column has its English', () => {
    const said = [...source.matchAll(/^ {4}\{"[a-z_]+", "[^"]*", "[a-z_]+", (?:true|false), "[^"]*", (?:std::string_view\()?"([^"]*)"/gm)].map(found => found[1]!).filter(Boolean)
    const named = [...source.matchAll(/constexpr std::string_view k(?:Where|Span) = "([^"]+)"/g)].map(found => found[1]!)
    expect(said.length).toBeGreaterThan(30)
    expect(named.length).toBe(2)
    expect(Object.keys(helps).sort()).toEqual([...new Set([...said, ...named])].sort())
  })
  it('every advice has its English', () => {
    const said = [...source.matchAll(/^ {6}\{"([a-z_]+\.[a-z_]+)", "/gm)].map(found => found[1]!)
    expect(said.length).toBeGreaterThan(20)
    expect(Object.keys(advices).sort()).toEqual(said.sort())
    for (const words of Object.values(advices)) expect(words).toMatch(/^[A-Z]/)
  })
})
