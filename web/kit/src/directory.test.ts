import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { me, type Me } from './session'
import { accountName, caseKnown, forget, greaterPlaces, metricName, namesThere, organisationsToChoose, pathName, personName, placesOf, profileName, roleName, ruleName } from './directory'
import { turnTongue } from './i18n'
import type { Profile } from './types'

const known: Record<string, unknown> = {
  'places/c1': { id: 'c1', name: '云溪苑', path: '/s1/c1/' }, 'people/person_near': { id: 'person_near', name: '李*' },
  'accounts/account_1': { id: 'account_1', login: 'guard', name: '李强' }, 'cases/case_1': { id: 'case_1', number: '20261122-0001', kind: 'leak' },
}
beforeEach(() => {
  me.value = { rights: [{ right: 'accounts.read', path: '/' }, { right: 'cases.read', path: '/' }] } as unknown as Me
  vi.stubGlobal('fetch', vi.fn(async (address: string) => named(address, known)))
})
/** As the node answers: what it does not show is not there. */
function named(address: string, all: Record<string, unknown>): Response {
  const { pathname, searchParams } = new URL(address, 'http://node')
  const sort = pathname.replace('/api/v1/', '').replace('/names', '')
  const ids = (searchParams.get('ids') ?? '').split(',')
  return new Response(JSON.stringify({ items: ids.flatMap(id => all[sort + '/' + id] ?? []), next: null }))
}
const asked = () => (fetch as ReturnType<typeof vi.fn>).mock.calls.map(([address]) => decodeURIComponent(String(address)))
afterEach(() => { me.value = null; vi.unstubAllGlobals(); forget() })

test('where a name belongs no id stands, also for what lies above the viewer', async () => {
  const said = () => [personName('person_near'), personName('person_01KAV24T'), personName('person_01KAV24T', '上级岗位人员'), pathName('/yunqi/s1/'), pathName('/s1/c1/'), accountName('account_1'), accountName('account_9', '值班账号'), caseKnown('case_1')?.number]
  expect(said().slice(0, 3)).toEqual(['…', '…', '…'])
  await namesThere()
  expect(said()).toEqual(['李*', '辖区外人员', '上级岗位人员', '上级地点', '云溪苑', '李强', '值班账号', '20261122-0001'])
})
test('the names of one drawing are one question, and whatever the node leaves out is not for the viewer', async () => {
  me.value = { rights: [{ right: 'places.read', path: '/' }] } as unknown as Me
  const units = { 'places/u1': { id: 'u1', name: '1单元', path: '/b1/u1/' }, 'places/u2': { id: 'u2', name: '2单元', path: '/b1/u2/' } }
  vi.stubGlobal('fetch', vi.fn(async (address: string) => named(address, { ...known, ...units })))
  const said = () => [...['/b1/u1/', '/b1/u2/', '/b1/u3/', '/b1/u1/'].map(path => pathName(path, 1)), personName('person_near'), personName('person_far')]
  said()
  await namesThere()
  expect(said()).toEqual(['1单元', '2单元', '上级地点', '1单元', '李*', '辖区外人员'])
  expect(asked()).toEqual(['/api/v1/places/names?ids=u1,u2,u3', '/api/v1/people/names?ids=person_near,person_far'])
})
test('a choice that could not be read is no empty one', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify({ code: 'server.unavailable' }), { status: 503 })))
  await expect(greaterPlaces()).rejects.toMatchObject({ status: 503 })
  await expect(organisationsToChoose()).rejects.toMatchObject({ status: 503 })
  vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify({ items: [{ id: 'fire', name: '消防', path: '/' }], next: null }))))
  expect((await organisationsToChoose()).map(found => found.id)).toEqual(['fire'])
  expect((await greaterPlaces()).length).toBe(5)
})
test('a long list asks for a hundred names at a time', async () => {
  const ids = Array.from({ length: 230 }, (_, i) => 'b' + i)
  vi.stubGlobal('fetch', vi.fn(async (address: string) => named(address, Object.fromEntries(ids.map(id => ['places/' + id, { id, name: id + '幢', path: '/c1/' + id + '/' }])))))
  expect((await placesOf([...ids, 'b0'])).length).toBe(231)
  expect(asked().map(address => address.split(',').length)).toEqual([100, 100, 30])
  expect((await placesOf(['b7'])).map(found => found.name)).toEqual(['b7幢'])
  expect(fetch).toHaveBeenCalledTimes(3)
})
test('whoever lacks the right for a sort of names is told so once', async () => {
  me.value = { rights: [{ right: 'places.read', path: '/' }] } as unknown as Me
  vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify({ code: 'access.no_right' }), { status: 403 })))
  const said = () => [pathName('/b1/u1/', 1), pathName('/b1/u2/', 1)]
  said()
  await namesThere()
  expect(said()).toEqual(['上级地点', '上级地点'])
  await namesThere()
  expect(fetch).toHaveBeenCalledTimes(1)
})
test('who and what is withheld is asked for once a session, also after the page was loaded anew', async () => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) })
  me.value!.session = 'session_1'
  const said = () => [personName('person_far'), pathName('/far/', 1), accountName('account_9', '值班账号'), caseKnown('case_9')]
  said()
  await namesThere()
  expect(fetch).toHaveBeenCalledTimes(4)
  forget()
  expect(personName('person_far')).toBe('辖区外人员')
  said()
  await namesThere()
  expect(said()).toEqual(['辖区外人员', '上级地点', '值班账号', null])
  expect(fetch).toHaveBeenCalledTimes(4)
  // A new login may have other rights.
  me.value!.session = 'session_2'
  forget()
  personName('person_far')
  await namesThere()
  expect(fetch).toHaveBeenCalledTimes(5)
})
test('a cut line makes nobody a stranger: the name is asked for again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const cut = fetch as ReturnType<typeof vi.fn>
  cut.mockRejectedValueOnce(new TypeError('cut'))
  personName('person_near')
  await namesThere()
  expect(personName('person_near')).toBe('…')
  expect(fetch).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(30_000)
  personName('person_near')
  await namesThere()
  expect(personName('person_near')).toBe('李*')
  vi.useRealTimers()
})
test('what a site adopted has its English name where the catalogue has one, and its own name where it has none', async () => {
  me.value = { rights: [{ right: 'rules.read', path: '/' }] } as unknown as Me
  const air = { id: 'air', name: '空气站', name_en: 'Air station', metrics: [{ id: 'pm25', name: '细颗粒物' }, { id: 'noise' }], metrics_en: ['Fine dust', 'noise'] } as unknown as Profile
  const lists: Record<string, unknown[]> = {
    'devices/profiles': [air, { id: 'own', name: '自己的', name_en: '自己的', metrics: [], metrics_en: [] }], rules: [{ id: 'dust', name: '扬尘', name_en: 'Dust' }],
  }
  vi.stubGlobal('fetch', vi.fn(async (address: string) => new Response(JSON.stringify({ items: lists[address.replace('/api/v1/', '').split('?')[0]!] ?? [], next: null }))))
  const said = () => [profileName('air'), profileName('own'), profileName('gone'), ruleName('dust'), metricName(air, 'pm25'), metricName(air, 'noise'), metricName(undefined, 'pm25')]
  said()
  await namesThere()
  expect(said()).toEqual(['空气站', '自己的', 'gone', '扬尘', '细颗粒物', 'noise', 'pm25'])
  expect([roleName('guard', '保安'), roleName('sweeper', '保洁'), roleName('nobody')]).toEqual(['保安', '保洁', 'nobody'])
  turnTongue('en')
  expect([roleName('guard', '保安'), roleName('sweeper', '保洁')]).toEqual(['guard', '保洁'])
  expect(said()).toEqual(['Air station', '自己的', 'gone', 'Dust', 'Fine dust', 'noise', 'pm25'])
  turnTongue('zh')
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
