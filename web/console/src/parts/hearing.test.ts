import { describe, expect, it } from 'vitest'
import { concerns, topicsOf } from './hearing'

const event = (topic: string, subject: string, words = {}) => ({ topic, subject, path: '/d/s/c1/', body: {}, ...words })

describe('what a list hears', () => {
  it('is what its room tells, and nothing where no event tells of it', () => {
    expect(topicsOf('cases')?.names).toContain('cases.opened')
    expect(topicsOf('rosters/absences')).toEqual({ room: 'rosters', names: ['rosters.absent'] })
    expect(topicsOf('rosters/posts')).toBe(null)
    expect(topicsOf('people')).toBe(null)
    expect(topicsOf('devices')?.names).toContain('devices.kept')
    expect(topicsOf('devices')?.names, 'a device that speaks changes no row').not.toContain('devices.said')
    expect(topicsOf(undefined)).toBe(null)
  })
  it('concerns it where a row of it changed, or a new one fits the filters', () => {
    expect(concerns(event('cases.stepped', 'case_1'), 'cases', {}, ['case_1'])).toBe(true)
    expect(concerns(event('cases.stepped', 'case_2'), 'cases', {}, ['case_1'])).toBe(false)
    expect(concerns(event('cases.opened', 'case_2'), 'cases', {}, [])).toBe(true)
    expect(concerns(event('cases.opened', 'case_2'), 'cases', { place: 'c1' }, [])).toBe(true)
    expect(concerns(event('cases.opened', 'case_2'), 'cases', { place: 'c2' }, [])).toBe(false)
    expect(concerns(event('cases.opened', 'case_2', { body: { kind: 'leak' } }), 'cases', { kind: 'noise' }, [])).toBe(false)
    for (const query of [{ q: '漏水' }, { overdue: true }, { open: 'false' }]) expect(concerns(event('cases.opened', 'case_2'), 'cases', query, [])).toBe(false)
    expect(concerns(event('rosters.absent', 'absence_2'), 'rosters/absences', {}, [])).toBe(true)
  })
})
