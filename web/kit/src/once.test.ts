import { expect, it } from 'vitest'
import { inFront, inFrontBy, useOnce } from './once'

it('a deed that is under way is not begun again, and afterwards it is', async () => {
  const { busy, once } = useOnce()
  let begun = 0
  let finish = () => {}
  const deed = () => new Promise<void>(done => {
    begun++
    finish = done
  })
  const first = once(deed)
  expect(busy.value).toBe(true)
  expect(await once(deed)).toBe(false)
  finish()
  expect(await first).toBe(true)
  expect([begun, busy.value]).toEqual([1, false])
  const second = once(deed)
  finish()
  expect([await second, begun]).toEqual([true, 2])
})
it('a deed that failed may be begun again', async () => {
  const { busy, once } = useOnce()
  await expect(once(async () => { throw new Error('no line') })).rejects.toThrow('no line')
  expect(busy.value).toBe(false)
})
it('what is newer stands in front once, and what was read on to stays', () => {
  const of = (...ids: string[]) => ids.map(id => ({ id, read: false }))
  expect(inFront([{ id: 'c', read: true }, ...of('b')], of('b', 'a')).map(x => x.id)).toEqual(['c', 'b', 'a'])
  expect(inFront([{ id: 'b', read: true }], of('b', 'a'))[0]!.read).toBe(true)
  expect(inFrontBy(x => x.code, [{ code: 2 }], [{ code: 2 }, { code: 1 }]).map(x => x.code)).toEqual([2, 1])
})
