import { expect, test } from 'vitest'
import { address, fileAddress } from './api'

test('what is not there and what is empty is left out, and no is said', () => {
  expect(address('evaluations', { mine: true, answered: false, limit: 1, place: '', kind: undefined, post: null }))
    .toBe('/api/v1/evaluations?mine=true&answered=false&limit=1')
  expect(address('cases')).toBe('/api/v1/cases')
  expect(fileAddress('cases', 'xlsx', { open: false })).toBe('/api/v1/cases.xlsx?open=false')
})
