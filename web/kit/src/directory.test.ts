import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { me, type Me } from './session'
import { accountName, caseKnown, forget, namesThere, pathName, personName } from './directory'

const known: Record<string, unknown> = {
  'places/c1': { id: 'c1', name: '云溪苑', path: '/s1/c1/' }, 'people/person_near': { id: 'person_near', name: '李*' },
  'accounts/account_1': { id: 'account_1', login: 'guard', name: '李强' }, 'cases/case_1': { id: 'case_1', number: '20261122-0001', kind: 'leak' },
}
beforeEach(() => {
  me.value = { rights: [{ right: 'accounts.read', path: '/' }, { right: 'cases.read', path: '/' }] } as unknown as Me
  vi.stubGlobal('fetch', vi.fn(async (address: string) => {
  const found = known[address.replace('/api/v1/', '')]
  return new Response(JSON.stringify(found ?? { code: 'x.unknown', detail: 'not yours' }), { status: found ? 200 : 404 })
  }))
})
afterEach(() => { me.value = null; vi.unstubAllGlobals(); forget() })

test('where a name belongs no id stands, also for what lies above the viewer', async () => {
  const said = () => [personName('person_near'), personName('person_01KAV24T'), personName('person_01KAV24T', '上级岗位人员'), pathName('/yunqi/s1/'), pathName('/s1/c1/'), accountName('account_1'), accountName('account_9', '值班账号'), caseKnown('case_1')?.number]
  expect(said().slice(0, 3)).toEqual(['…', '…', '…'])
  await namesThere()
  expect(said()).toEqual(['李*', '辖区外人员', '上级岗位人员', '上级地点', '云溪苑', '李强', '值班账号', '20261122-0001'])
})
test('the names of one drawing are asked for in lots, and whatever is not in the answer by itself', async () => {
  me.value = { rights: [{ right: 'places.read', path: '/' }] } as unknown as Me
  vi.stubGlobal('fetch', vi.fn(async (address: string) => address.includes('parent=b1')
    ? new Response(JSON.stringify({ items: [{ id: 'u1', name: '1单元', path: '/b1/u1/' }, { id: 'u2', name: '2单元', path: '/b1/u2/' }], next: null }))
    : new Response(JSON.stringify({ code: 'places.unknown' }), { status: 404 })))
  const said = () => ['/b1/u1/', '/b1/u2/', '/b1/u3/'].map(path => pathName(path, 1))
  said()
  await namesThere()
  expect(said()).toEqual(['1单元', '2单元', '上级地点'])
  expect(fetch).toHaveBeenCalledTimes(2)
})
test('who is withheld is asked for once, also after the page was loaded anew', async () => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) })
  personName('person_far')
  await namesThere()
  forget()
  expect(personName('person_far')).toBe('辖区外人员')
  await namesThere()
  expect(fetch).toHaveBeenCalledTimes(1)
})
test('places above the viewer are said in words and not asked for', () => {
  me.value = { rights: [{ right: 'places.read', path: '/d/s1/c1/' }] } as unknown as Me
  expect(pathName('/d/s1/')).toBe('上级地点')
  expect(fetch).not.toHaveBeenCalled()
})
test('who may not read accounts does not ask for them', async () => {
  me.value = null
  expect(accountName('account_1', '值班账号')).toBe('值班账号')
  expect(fetch).not.toHaveBeenCalled()
})
