import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { Problem } from './api'
import { orNone, useParts } from './parts'
import { me, type Me } from './session'

const fails = (status: number) => () => Promise.reject(new Problem(status, status ? 'cases.x' : 'page.no_network', '', ''))

describe('the parts of a page', () => {
  it('what could not be asked for is no empty list, and what stood there stays', async () => {
    const parts = useParts()
    let diary: string[] = []
    const put = (found: string[]) => (diary = found)
    expect(await parts.ask('diary', fails(500), put)).toBe(false)
    expect(parts.problem('diary')?.status).toBe(500)
    expect(parts.isEmpty('diary', diary)).toBe(false)
    expect(parts.known('diary')).toBe(false)
    expect(await parts.ask('diary', async () => ['accepted'], put)).toBe(true)
    expect([parts.problem('diary'), parts.known('diary'), diary]).toEqual([null, true, ['accepted']])
    await parts.ask('diary', fails(0), put)
    expect(diary).toEqual(['accepted'])
    expect(parts.problem('diary')?.code).toBe('page.no_network')
  })
  it('an empty list that the node answered is empty', async () => {
    const parts = useParts()
    expect(parts.isEmpty('cases', [])).toBe(false)
    await parts.ask('cases', async () => [], () => {})
    expect(parts.isEmpty('cases', [])).toBe(true)
    expect(parts.isEmpty('cases', [1])).toBe(false)
  })
  it('what is not for this login is no failure, and no emptiness either', async () => {
    const parts = useParts()
    await parts.ask('views', fails(403), () => {})
    expect([parts.problem('views'), parts.withheld('views'), parts.isEmpty('views', [])]).toEqual([null, true, false])
    await parts.ask('views', async () => [1], () => {})
    expect(parts.withheld('views')).toBe(false)
  })
  it('is asked for again: what failed alone', async () => {
    const parts = useParts()
    const asked: string[] = []
    let works = false
    const question = (name: string, fine: () => boolean) => () => {
      asked.push(name)
      return fine() ? Promise.resolve([name]) : fails(500)()
    }
    await parts.ask('one', question('one', () => true), () => {})
    await parts.ask('two', question('two', () => works), () => {})
    await parts.ask('three', question('three', () => works), () => {})
    works = true
    await parts.again(['two', 'one'])
    expect(asked).toEqual(['one', 'two', 'three', 'two'])
    await parts.again()
    expect(asked).toEqual(['one', 'two', 'three', 'two', 'three'])
    expect(parts.problem('one', 'two', 'three')).toBe(null)
  })
  it('of two questions the later one counts, whichever is answered first', async () => {
    const parts = useParts()
    const answers: ((found: string) => void)[] = []
    let shown = ''
    const ask = () => parts.ask('latest', () => new Promise<string>(done => answers.push(done)), found => (shown = found))
    const first = ask(), second = ask()
    answers[1]!('new')
    expect(await second).toBe(true)
    answers[0]!('old')
    expect(await first).toBe(false)
    expect([shown, parts.busy('latest')]).toEqual(['new', false])
  })
  it('what nobody began is none; any other failure is one', async () => {
    expect(await orNone(fails(404)())).toBe(null)
    expect(await orNone(Promise.resolve(7))).toBe(7)
    await expect(orNone(fails(0)())).rejects.toThrow()
  })
})

describe('a part that failed for want of a line or a login', () => {
  const page = new EventTarget()
  beforeEach(() => vi.stubGlobal('window', page))
  afterEach(() => vi.unstubAllGlobals())

  it('is asked for by itself when there is one again', async () => {
    const scope = effectScope()
    let status: 0 | 401 | 500 = 0
    let asked = 0
    const parts = scope.run(() => useParts())!
    const question = () => {
      asked++
      return fails(status)()
    }
    await parts.ask('cases', question, () => {})
    status = 401
    page.dispatchEvent(new Event('online'))
    await vi.waitFor(() => expect(parts.problem('cases')?.status).toBe(401))
    status = 500
    me.value = { account: 'a', rights: [] } as unknown as Me
    await vi.waitFor(() => expect(parts.problem('cases')?.status).toBe(500))
    expect(asked).toBe(3)
    // What is wrong with the node itself waits for a person.
    page.dispatchEvent(new Event('online'))
    me.value = { ...me.value }
    await nextTick()
    expect(asked).toBe(3)
    scope.stop()
  })
})
