import { me, type Me } from '@lifang/kit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changed, droppedView, forgetViews, freshViews, keptView, readViews, type View } from './views'

const view = (name: string, search = '井盖'): View => ({ name, search, sort: { key: 'due', down: true }, columns: ['title'], filters: { place: 'fuyuan' } })
const names = (views: View[]) => views.map(v => v.name)
/** What the node keeps, and what it answers to a PUT: its status. */
let node: Record<string, unknown[]> = {}
let puts = 200
let line = true
beforeEach(() => {
  node = {}
  puts = 200
  line = true
  forgetViews()
  me.value = { account: 'account_1', session: 'session_1', rights: [] } as unknown as Me
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k) })
  vi.stubGlobal('fetch', vi.fn(async (address: string, asking: { method: string; body?: string }) => {
    if (!line) throw new TypeError('cut')
    if (asking.method === 'GET') return new Response(JSON.stringify({ items: Object.entries(node).map(([id, views]) => ({ id, views })), next: null }))
    if (puts !== 200) return new Response(JSON.stringify({ code: puts === 422 ? 'accounts.too_many_views' : 'node.busy' }), { status: puts })
    node[address.split('/').pop()!] = (JSON.parse(asking.body!) as { views: unknown[] }).views
    return new Response('{}')
  }))
})
afterEach(() => {
  me.value = null
  vi.unstubAllGlobals()
})

describe('views of a list', () => {
  it('are there at once and stand on the node afterwards, by list and name', async () => {
    expect(names(keptView('cases', view('南区')))).toEqual(['南区'])
    expect(names(readViews('cases'))).toEqual(['南区'])
    await freshViews('cases')
    expect(node.cases).toEqual([view('南区')])
    keptView('cases', view('南区', '路灯'))
    expect((await freshViews('cases')).map(v => [v.name, v.search])).toEqual([['南区', '路灯']])
    expect(readViews('people')).toEqual([])
    expect(droppedView('cases', '南区')).toEqual([])
    await freshViews('cases')
    expect(node.cases).toEqual([])
  })
  it('are the same at another computer, and what the node does not say is empty', async () => {
    node.cases = [{ name: '北区', columns: ['number'] }]
    expect(await freshViews('cases')).toEqual([{ name: '北区', search: '', sort: null, columns: ['number'], filters: {} }])
    keptView('cases', { ...view('南区'), sort: null })
    await freshViews('cases')
    expect((node.cases as View[]).map(v => [v.name, v.sort])).toEqual([['北区', undefined], ['南区', undefined]])
  })
  it('go on without a line, and go up when there is one', async () => {
    node.cases = [view('北区')]
    await freshViews('cases')
    line = false
    keptView('cases', view('南区'))
    expect(names(await freshViews('cases'))).toEqual(['北区', '南区'])
    expect(names(readViews('cases'))).toEqual(['北区', '南区'])
    // Meanwhile somebody kept another at another desk.
    node.cases = [view('北区'), view('东区')]
    line = true
    expect(names(await freshViews('cases'))).toEqual(['北区', '东区', '南区'])
    expect(names(node.cases as View[])).toEqual(['北区', '东区', '南区'])
  })
  it('wait while the node is busy, and let go what it refuses for good', async () => {
    puts = 503
    keptView('cases', view('南区'))
    expect(names(await freshViews('cases'))).toEqual(['南区'])
    puts = 422
    forgetViews()
    await expect(freshViews('cases')).rejects.toMatchObject({ code: 'accounts.too_many_views' })
    expect(readViews('cases')).toEqual([])
  })
  it('that were this browser’s alone move up once, and nothing of the node is overwritten by them', async () => {
    localStorage.setItem('views.cases', JSON.stringify([view('南区', 'of the browser'), view('北区', 'of the browser')]))
    node.cases = [view('北区', 'of the node')]
    expect(names(readViews('cases'))).toEqual(['南区', '北区'])
    expect((await freshViews('cases')).map(v => v.search)).toEqual(['of the node', 'of the browser'])
    expect(localStorage.getItem('views.cases')).toBeNull()
    expect(names(node.cases as View[])).toEqual(['北区', '南区'])
  })
  it('of another login are not shown', async () => {
    keptView('cases', view('南区'))
    me.value = { account: 'account_2', session: 'session_2', rights: [] } as unknown as Me
    expect(readViews('cases')).toEqual([])
  })
  it('survive what somebody else wrote there, and stay few', () => {
    localStorage.setItem('views.cases', '{"x":1}')
    expect(readViews('cases')).toEqual([])
    localStorage.setItem('views.cases', 'not json')
    localStorage.setItem('views/account_1/cases', '{"views":[null,{"name":1}],"waits":"x"}')
    expect(readViews('cases')).toEqual([])
    expect(changed(Array.from({ length: 25 }, (_, i) => view('v' + i)), []).map(v => v.name)[0]).toBe('v5')
  })
  it('are asked of the node once for pages that are opened one after another', async () => {
    await freshViews('cases')
    await freshViews('people')
    expect(fetch).toHaveBeenCalledTimes(1)
  })
})
