import { beforeEach, describe, expect, it, vi } from 'vitest'
import { droppedView, keptViews, readViews, type View } from './views'

const view = (name: string): View => ({ name, search: '井盖', sort: { key: 'due', down: true }, columns: ['title'], filters: { place: 'fuyuan' } })
beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) })
})
describe('views of a list', () => {
  it('are kept by list and name, and the same name replaces', () => {
    keptViews('cases', view('南区'))
    keptViews('cases', { ...view('南区'), search: '路灯' })
    expect(readViews('cases').map(v => [v.name, v.search])).toEqual([['南区', '路灯']])
    expect(readViews('people')).toEqual([])
    expect(droppedView('cases', '南区')).toEqual([])
  })
  it('survive what somebody else wrote there, and stay few', () => {
    localStorage.setItem('views.cases', '{"x":1}')
    expect(readViews('cases')).toEqual([])
    localStorage.setItem('views.cases', 'not json')
    expect(readViews('cases')).toEqual([])
    for (let i = 0; i < 25; i++) keptViews('cases', view('v' + i))
    expect(readViews('cases').length).toBe(20)
  })
})
