import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { atOnceThenRarely } from './pace'

describe('asking while events pour in', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('answers the first event at once', () => {
    const deed = vi.fn()
    atOnceThenRarely(deed, 1000).go()
    expect(deed).toHaveBeenCalledTimes(1)
  })
  it('takes a burst together, and misses nothing of its end', () => {
    const deed = vi.fn()
    const pace = atOnceThenRarely(deed, 1000)
    for (let i = 0; i < 50; i++) {
      pace.go()
      vi.advanceTimersByTime(10)
    }
    expect(deed).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1000)
    expect(deed).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(5000)
    expect(deed).toHaveBeenCalledTimes(2)
    pace.go()
    expect(deed).toHaveBeenCalledTimes(3)
  })
  it('asks in a storm no more than once a rest', () => {
    const deed = vi.fn()
    const pace = atOnceThenRarely(deed, 1000)
    for (let i = 0; i < 1000; i++) {
      pace.go()
      vi.advanceTimersByTime(10)
    }
    expect(deed.mock.calls.length).toBeLessThanOrEqual(11)
    expect(deed.mock.calls.length).toBeGreaterThanOrEqual(10)
  })
  it('asks nothing after it was stopped', () => {
    const deed = vi.fn()
    const pace = atOnceThenRarely(deed, 1000)
    pace.go()
    pace.go()
    pace.stop()
    vi.advanceTimersByTime(5000)
    expect(deed).toHaveBeenCalledTimes(1)
  })
})
