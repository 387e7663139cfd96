import { Problem } from '@lifang/kit'
import { expect, it } from 'vitest'
import { isGone, useTry } from './shared'

it('whoever presses twice does it once, and asking is not held up by doing', async () => {
  const { busy, attempt } = useTry()
  let finish = () => {}
  let done = 0
  const deed = () => new Promise<void>(then => {
    finish = () => {
      done++
      then()
    }
  })
  const first = attempt(deed, 'Made')
  expect(busy.value).toBe(true)
  expect(await attempt(deed, 'Made')).toBe(false)
  let asked = false
  expect(await attempt(async () => (asked = true))).toBe(true)
  expect(asked).toBe(true)
  finish()
  expect([await first, done]).toEqual([true, 1])
  expect(await attempt(async () => done++, 'Made')).toBe(true)
  expect(done).toBe(2)
})
it('what was refused is said, and may be tried again', async () => {
  const { problem, attempt } = useTry()
  expect(await attempt(async () => { throw new Problem(409, 'cases.already_accepted', '', '') }, 'Done')).toBe(false)
  expect(problem.value?.code).toBe('cases.already_accepted')
  expect(await attempt(async () => undefined, 'Done')).toBe(true)
  expect(problem.value).toBeNull()
})
it('a cut line takes nothing off the page', () => {
  expect([404, 403, 410].map(status => isGone(new Problem(status, '', '', '')))).toEqual([true, true, true])
  expect([0, 429, 503].map(status => isGone(new Problem(status, '', '', '')))).toEqual([false, false, false])
})
