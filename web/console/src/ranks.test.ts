import { expect, test } from 'vitest'
import { rankedBy } from './ranks'

const row = (name: string, cases: number, score: number | undefined, overdue = 0) => ({ name, cases, score, overdue, reopened: 0 })
const places = (rows: { name: string; place?: number }[]) => rows.map(r => r.name + (r.place ?? ''))

test('equal scores share a place and the next is left out; few cases have none', () => {
  expect(places(rankedBy([row('a', 9, 80), row('b', 20, 95), row('c', 7, 95), row('lucky', 2, 100), row('none', 8, undefined)], 'score')))
    .toEqual(['b1', 'c1', 'a3', 'none', 'lucky'])
})
test('the places are those of what it is ordered by', () => {
  expect(places(rankedBy([row('a', 9, 99, 4), row('b', 9, 50, 0), row('c', 9, 70, 1)], 'overdue'))).toEqual(['b1', 'c2', 'a3'])
  expect(places(rankedBy([row('a', 2, 99), row('b', 9, 50)], 'cases'))).toEqual(['b1', 'a2'])
})
