import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listen, onReset, type LiveEvent } from './live'
import { me, type Me } from './session'

class Source {
  static all: Source[] = []
  static CLOSED = 2
  readyState = 0
  onopen = () => {}
  onerror = () => {}
  heard = new Map<string, (message: unknown) => void>()
  constructor(readonly url: string) { Source.all.push(this) }
  addEventListener(topic: string, fn: (message: unknown) => void) { this.heard.set(topic, fn) }
  close() { this.readyState = 2 }
  stand() { this.readyState = 1; this.onopen() }
  fall(state: number) { this.readyState = state; this.onerror() }
  say(topic: string, id: string) { this.heard.get(topic)?.({ type: topic, lastEventId: id, data: JSON.stringify({ subject: topic, body: {} }) }) }
  get topics() { return new URL(this.url, 'http://x').searchParams.get('topics') }
  get device() { return new URL(this.url, 'http://x').searchParams.get('device') }
  get from() { return new URL(this.url, 'http://x').searchParams.get('last_event_id') }
}
const open = () => Source.all.filter(source => source.readyState !== 2)
const tick = () => vi.advanceTimersByTimeAsync(0)
const ends: (() => void)[] = []
const hear = (...words: Parameters<typeof listen>) => {
  const stream = listen(...words)
  ends.push(stream.stop)
  return stream
}

describe('live events', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('EventSource', Source)
    Source.all = []
    me.value = { account: 'a', rights: ['cases', 'situations', 'node', 'devices'].map(room => ({ right: room + '.read', path: '/' })) } as unknown as Me
  })
  afterEach(() => {
    for (const end of ends.splice(0)) end()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('takes one connection for the whole page, of the rooms that the login may read', async () => {
    hear(['cases'], null, () => {})
    hear(['situations', 'cases'], null, () => {})
    hear(['rosters'], null, () => {})
    await tick()
    expect(Source.all.map(source => source.topics)).toEqual(['cases,situations'])
  })
  it('lets a bureau hear of the cases that it is called to', async () => {
    me.value = { account: 'b', rights: [{ right: 'cases.called', path: '/' }] } as unknown as Me
    hear(['cases', 'situations'], null, () => {})
    await tick()
    expect(Source.all.map(source => source.topics)).toEqual(['cases'])
  })
  it('tells each what it asked for, and whoever stopped nothing', async () => {
    const told: string[] = []
    hear(['cases'], ['cases.opened'], (event: LiveEvent) => told.push('a ' + event.topic))
    const gone = hear(['cases'], null, event => told.push('b ' + event.topic))
    await tick()
    Source.all[0]!.stand()
    Source.all[0]!.say('cases.opened', '1')
    gone.stop()
    Source.all[0]!.say('cases.opened', '2')
    Source.all[0]!.say('cases.closed', '3')
    expect(told).toEqual(['a cases.opened', 'b cases.opened', 'a cases.opened'])
  })
  it('leaves nothing out and tells nothing twice while another room is taken in', async () => {
    const told: string[] = []
    hear(['cases'], null, event => told.push(event.topic))
    await tick()
    Source.all[0]!.stand()
    Source.all[0]!.say('cases.opened', '7')
    hear(['devices'], null, event => told.push(event.topic))
    await tick()
    const [old, next] = Source.all as [Source, Source]
    expect(next.topics).toBe('cases,devices')
    old.say('cases.joined', '8') // before the new one stands
    next.stand()
    next.say('cases.joined', '8')
    next.say('devices.kept', '10')
    old.say('cases.closed', '9') // was on its way
    next.say('cases.closed', '9')
    expect(told).toEqual(['cases.opened', 'cases.joined', 'devices.kept', 'cases.closed'])
    await vi.advanceTimersByTimeAsync(1000)
    expect(open()).toEqual([next])
  })
  it('comes back from the last id when the browser has given up, ever more rarely, and says so', async () => {
    const cameBack = vi.fn()
    const { connection } = hear(['cases'], null, () => {}, cameBack)
    await tick()
    Source.all[0]!.stand()
    Source.all[0]!.say('cases.opened', '41')
    Source.all[0]!.fall(2)
    expect(connection.value).toBe('lost')
    await vi.advanceTimersByTimeAsync(1000)
    expect(Source.all[1]!.from).toBe('41')
    Source.all[1]!.fall(2)
    await vi.advanceTimersByTimeAsync(1000)
    expect(Source.all.length).toBe(2)
    await vi.advanceTimersByTimeAsync(1000)
    Source.all[2]!.stand()
    expect(connection.value).toBe('live')
    expect(cameBack).toHaveBeenCalledTimes(1)
  })
  it('hears what has no id of its own', async () => {
    const told = vi.fn()
    hear(['cases', 'node'], null, told)
    await tick()
    Source.all[0]!.stand()
    Source.all[0]!.say('cases.opened', '5')
    Source.all[0]!.say('node.health', '5')
    Source.all[0]!.say('node.health', '5')
    expect(told).toHaveBeenCalledTimes(3)
  })
  it('asks for the devices that are looked at, by the one stream, and no more when nobody looks', async () => {
    const told: string[] = []
    hear(['devices'], ['devices.kept'], event => told.push('list ' + event.topic))
    await tick()
    Source.all[0]!.stand()
    expect(Source.all[0]!.device).toBe(null)
    const looks = hear(['devices'], null, event => told.push('page ' + event.topic), () => {}, 'lift-3')
    await tick()
    expect(Source.all[1]!.device).toBe('lift-3')
    Source.all[1]!.stand()
    Source.all[1]!.say('devices.said', '')
    expect(told).toEqual(['page devices.said'])
    looks.stop()
    await tick()
    expect(Source.all[2]!.device).toBe(null)
    Source.all[2]!.stand()
    await vi.advanceTimersByTimeAsync(1000)
    expect(open()).toEqual([Source.all[2]])
  })
  it('a second that does not come about leaves the first in place and is tried again', async () => {
    hear(['cases'], null, () => {})
    await tick()
    Source.all[0]!.stand()
    hear(['devices'], null, () => {})
    await tick()
    Source.all[1]!.fall(0)
    expect(open()).toEqual([Source.all[0]])
    await vi.advanceTimersByTimeAsync(1000)
    Source.all[2]!.stand()
    await vi.advanceTimersByTimeAsync(1000)
    expect(open()).toEqual([Source.all[2]])
  })
  it('reads anew where it cannot go on', async () => {
    const anew = vi.fn(), cameBack = vi.fn()
    onReset(anew)
    hear(['cases'], null, () => {}, cameBack)
    await tick()
    Source.all[0]!.stand()
    Source.all[0]!.say('cases.opened', '900')
    Source.all[0]!.heard.get('reset')!({ type: 'reset', lastEventId: '7', data: '{}' })
    expect(anew).toHaveBeenCalledTimes(1)
    expect(cameBack).toHaveBeenCalledTimes(1)
    Source.all[0]!.fall(2)
    await vi.advanceTimersByTimeAsync(1000)
    expect(Source.all[1]!.from).toBe(null)
  })
  it('nobody listens: nothing is held', async () => {
    const one = hear(['cases'], null, () => {}), two = hear(['cases'], null, () => {})
    await tick()
    one.stop()
    two.stop()
    await tick()
    expect(open()).toEqual([])
  })
})
