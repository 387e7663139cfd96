// Names for ids: places, organisations, posts, kinds, profiles. Short lists are asked for whole; of people, places, accounts and
// cases what one drawing of a page wants is asked for in one question. Kept for the page.
import { reactive, ref, type Ref } from 'vue'
import { all, api, type Problem } from './api'
import { either, hasWord, word } from './i18n'
import { may, me, readsCases } from './session'
import type { Account, Case, Kind, List, Organisation, Person, Place, Post, Profile, Role, Rule } from './types'

const places = reactive(new Map<string, Place>())
const asked = new Set<string>()
/** Places that the node does not show to the viewer, such as the district of somebody who works in a community. */
const withheld = reactive(new Set<string>())
export const organisations = ref<Organisation[]>([])
export const posts = ref<Post[]>([])
export const kinds = ref<Kind[]>([])
export const profiles = ref<Profile[]>([])
export const roles = ref<Role[]>([])
export const rules = ref<Rule[]>([])

/** Questions for names that are on their way. */
const underWay = new Set<Promise<unknown>>()
function hold<P>(question: Promise<P>): Promise<P> {
  underWay.add(question)
  void question.finally(() => underWay.delete(question)).catch(() => undefined)
  return question
}
/** When every name that was asked for is known, or known to be kept from the viewer: for a sheet, which does not fill in later. */
export async function namesThere(): Promise<void> {
  while (underWay.size) await Promise.allSettled([...underWay])
}

const once = new Map<string, Promise<void>>()
function load<T>(path: string, into: (items: T[]) => void): Promise<void> {
  let going = once.get(path)
  if (!going) {
    going = hold(all<T>(path).then(into, () => {
      once.delete(path)  // without the right, or without a line: names stay ids
    }))
    once.set(path, going)
  }
  return going
}
export const needOrganisations = () => load<Organisation>('people/organisations', x => (organisations.value = x))
export const needPosts = () => load<Post>('rosters/posts', x => (posts.value = x))
/** The same for a choice, which is not empty because they could not be read. @throws Problem */
export const organisationsToChoose = () => toChoose('people/organisations', organisations, needOrganisations)
export const postsToChoose = () => toChoose('rosters/posts', posts, needPosts)
async function toChoose<T>(path: string, list: Ref<T[]>, need: () => Promise<void>): Promise<T[]> {
  await need()
  // What was not read is not kept, and for names nothing is said of it.
  if (!once.has(path)) list.value = await all<T>(path)
  return list.value
}
export const needKinds = () => load<Kind>('cases/kinds', x => (kinds.value = x))
export const needProfiles = () => load<Profile>('devices/profiles', x => (profiles.value = x))
export const needRules = () => load<Rule>('rules', x => (rules.value = x))
export const needRoles = () => load<Role>('accounts/roles', x => (roles.value = x))
/** What the node said is nothing for this viewer is not asked for again in the same session, also after the page was loaded anew. */
type Sort = 'people' | 'places' | 'accounts' | 'cases'
const hiddenKey = (sort: Sort) => 'hidden/' + sort + '/' + (me.value?.session ?? '')
function hidden(sort: Sort): string[] {
  try {
    return (sessionStorage.getItem(hiddenKey(sort)) ?? '').split(' ')
  } catch {
    return []
  }
}
function hide(sort: Sort, id: string) {
  try {
    sessionStorage.setItem(hiddenKey(sort), [...hidden(sort).slice(-200), id].join(' ').trim())
  } catch {
    // A browser that keeps nothing asks again.
  }
}
/** The node names so many at once. */
const kAtOnce = 100
interface Waits { give: (found: never) => void; fail: (error: unknown) => void }
const wanted: Record<Sort, Map<string, Waits[]>> = { people: new Map(), places: new Map(), accounts: new Map(), cases: new Map() }
async function askWanted(sort: Sort) {
  const all = [...wanted[sort]]
  wanted[sort].clear()
  for (let from = 0; from < all.length; from += kAtOnce) {
    const lot = all.slice(from, from + kAtOnce)
    try {
      const { items } = await api.get<List<{ id: string }>>(sort + '/names', { ids: lot.map(([id]) => id).join(',') })
      const found = new Map(items.map(item => [item.id, item]))
      for (const [id, waits] of lot) {
        if (!found.has(id)) hide(sort, id)
        for (const each of waits) each.give((found.get(id) ?? null) as never)
      }
    } catch (error) {
      // Without the right nothing of the sort is for this viewer.
      const isForbidden = (error as Problem).status === 403
      for (const [id, waits] of lot) {
        if (isForbidden) hide(sort, id)
        for (const each of waits) {
          if (isForbidden) each.give(null as never)
          else each.fail(error)
        }
      }
    }
  }
}
/** What a thing is called by its id, or null where it is nothing for this viewer. @throws Problem where it could not be asked for */
function one<T>(sort: Sort, id: string): Promise<T | null> {
  if (hidden(sort).includes(id)) return Promise.resolve(null)
  return new Promise<T | null>((give, fail) => {
    if (!wanted[sort].size) void Promise.resolve().then(() => askWanted(sort))
    wanted[sort].set(id, [...(wanted[sort].get(id) ?? []), { give, fail }])
  })
}
/** A cut line says nothing about a name: it is asked for again when it is wanted half a minute later. */
const later = (again: () => void) => void setTimeout(again, 30_000)

/** Forgets what was kept, after a change or a login. */
export function forget(path?: string) {
  if (path) once.delete(path)
  else {
    once.clear()
    places.clear()
    withheld.clear()
    accounts.clear()
    people.clear()
    cases.clear()
    asked.clear()
  }
}

/** The places down to compounds (a few hundred): for filters. @throws Problem where one sort of them could not be read */
export async function greaterPlaces(): Promise<Place[]> {
  const found = await Promise.all(['city', 'district', 'street', 'community', 'compound'].map(kind => all<Place>('places', { kind }, 2000)))
  for (const place of found.flat()) places.set(place.id, place)
  return found.flat().sort((a, b) => a.path.localeCompare(b.path))
}
export function keep(found: Place[]) {
  for (const place of found) places.set(place.id, place)
}
async function askPlace(id: string): Promise<void> {
  const found = await one<Place>('places', id)
  if (found) places.set(id, found)
  else withheld.add(id)
}
export function place(id: string | undefined): Place | undefined {
  if (!id) return undefined
  const known = places.get(id)
  if (!known && !asked.has(id)) {
    asked.add(id)
    void hold(askPlace(id)).catch(() => later(() => asked.delete(id)))
  }
  return known
}
export const placeName = (id: string | undefined): string => place(id)?.name ?? id ?? ''
/** Asks for the names of many places and waits for them; what cannot be asked for is asked for again when it is drawn. */
export async function needPlaces(ids: string[]): Promise<void> {
  await Promise.allSettled(ids.filter(id => !places.has(id) && !withheld.has(id)).map(askPlace))
}
/** Those of them that the viewer may see. */
export async function placesOf(ids: string[]): Promise<Place[]> {
  await needPlaces(ids)
  return ids.flatMap(id => places.get(id) ?? [])
}
/** The ids of a path; of whoever reads places somewhere, those that they may read: a guard does not ask for the district. */
function ids(path: string | undefined): string[] {
  const all = (path ?? '').split('/').filter(Boolean)
  if (!may('places.read')) return all
  return all.filter((_, i) => may('places.read', '/' + all.slice(0, i + 1).join('/') + '/'))
}
/** "府苑新村 · 3幢": the last `last` places of a path; in words where none of them is for the viewer. */
export const pathName = (path: string | undefined, last = 2): string => {
  const all = ids(path).slice(-last)
  const known = all.map(id => placeName(id)).filter((_, i) => !withheld.has(all[i]!))
  return known.join(' · ') || ((path ?? '').split('/').some(Boolean) ? either('上级地点', 'a place above yours') : path === '/' ? either('全区', 'everywhere') : '')
}
export const organisationName = (id: string | undefined): string => {
  if (!id) return ''
  void needOrganisations()
  void needPosts()
  // An organisation that nobody has registered yet is often called like its post.
  return organisations.value.find(x => x.id === id)?.name ?? posts.value.find(x => x.id === id)?.name ?? id
}
const people = reactive(new Map<string, string>())
export function keepPerson(person: Pick<Person, 'id' | 'name'>) {
  people.set(person.id, person.name)
}
/** The name as the viewer may see it; `otherwise`, never an id, where they may not. "…" until the node has said so. */
export const personName = (id: string | undefined, otherwise = either('辖区外人员', 'somebody outside your places')): string => {
  if (!id) return ''
  if (!people.has(id)) {
    people.set(id, hidden('people').includes(id) ? '' : '…')
    if (people.get(id)) void hold(one<Pick<Person, 'id' | 'name'>>('people', id).then(
      found => (found ? keepPerson(found) : people.set(id, '')), () => later(() => people.delete(id))))
  }
  return people.get(id) || otherwise
}
const accounts = reactive(new Map<string, string>())
/** Whose account it is, for those who may read accounts; `otherwise` for others. */
export const accountName = (id: string | undefined, otherwise = ''): string => {
  if (!id) return ''
  if (!accounts.has(id) && may('accounts.read')) {
    accounts.set(id, '')
    void hold(one<Pick<Account, 'name' | 'login'>>('accounts', id).then(found => found && accounts.set(id, found.name || found.login), () => later(() => accounts.delete(id))))
  }
  return accounts.get(id) || otherwise
}
const cases = reactive(new Map<string, Pick<Case, 'number' | 'kind'> | null>())
/** Number and kind of a case; null until the node has said so, and for a case that the viewer may not see. */
export function caseKnown(id: string | undefined): Pick<Case, 'number' | 'kind'> | null {
  if (!id) return null
  if (!cases.has(id) && readsCases()) {
    cases.set(id, null)
    void hold(one<Pick<Case, 'number' | 'kind'>>('cases', id).then(found => found && cases.set(id, found), () => later(() => cases.delete(id))))
  }
  return cases.get(id) ?? null
}
export const postName = (id: string | undefined): string => {
  if (!id) return ''
  void needPosts()
  return posts.value.find(x => x.id === id)?.name ?? id
}
export const kindName = (code: string | undefined): string => {
  if (!code) return ''
  void needKinds()
  const found = kinds.value.find(x => x.code === code)
  return found ? either(found.name, found.name_en) : code
}
export const profileName = (id: string | undefined): string => {
  if (!id) return ''
  void needProfiles()
  const found = profiles.value.find(x => x.id === id)
  return found ? either(found.name, found.name_en) : id
}
/** What a type of device calls one of its values; the id where it has no name for it. */
export const metricName = (profile: Pick<Profile, 'metrics' | 'metrics_en'> | undefined, id: string): string => {
  const at = profile?.metrics.findIndex(x => x.id === id) ?? -1
  return at < 0 ? id : either(profile!.metrics[at]!.name ?? id, profile!.metrics_en?.[at])
}
/** Roles that the program brings along have words of their own; `given`: what the node calls the others. */
export const roleName = (id: string, given = ''): string =>
  hasWord('role', id) ? word('role', id) : given || (roles.value.find(x => x.id === id)?.name ?? id)
export const ruleName = (id: string | undefined): string => {
  if (!id) return ''
  if (may('rules.read')) void needRules()
  const found = rules.value.find(x => x.id === id)
  return found ? either(found.name, found.name_en) : id
}
