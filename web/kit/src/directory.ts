// Names for ids: places, organisations, posts, kinds, profiles. Asked once, kept for the page, and asked singly where a list is too long.
import { reactive, ref } from 'vue'
import { all, api } from './api'
import { either } from './i18n'
import { may } from './session'
import type { Kind, Organisation, Person, Place, Post, Profile, Role } from './types'

const places = reactive(new Map<string, Place>())
const asked = new Set<string>()
export const organisations = ref<Organisation[]>([])
export const posts = ref<Post[]>([])
export const kinds = ref<Kind[]>([])
export const profiles = ref<Profile[]>([])
export const roles = ref<Role[]>([])

const once = new Map<string, Promise<void>>()
function load<T>(path: string, into: (items: T[]) => void): Promise<void> {
  let going = once.get(path)
  if (!going) {
    going = all<T>(path).then(into, () => {
      once.delete(path)  // without the right, or without a line: names stay ids
    })
    once.set(path, going)
  }
  return going
}
export const needOrganisations = () => load<Organisation>('people/organisations', x => (organisations.value = x))
export const needPosts = () => load<Post>('rosters/posts', x => (posts.value = x))
export const needKinds = () => load<Kind>('cases/kinds', x => (kinds.value = x))
export const needProfiles = () => load<Profile>('devices/profiles', x => (profiles.value = x))
export const needRoles = () => load<Role>('accounts/roles', x => (roles.value = x))
/** Forgets what was kept, after a change or a login. */
export function forget(path?: string) {
  if (path) once.delete(path)
  else {
    once.clear()
    places.clear()
    people.clear()
    asked.clear()
  }
}

/** The places down to compounds (a few hundred): for filters. */
export async function greaterPlaces(): Promise<Place[]> {
  const found = await Promise.all(['city', 'district', 'street', 'community', 'compound'].map(kind =>
    all<Place>('places', { kind }, 2000).catch((): Place[] => [])))
  for (const place of found.flat()) places.set(place.id, place)
  return found.flat().sort((a, b) => a.path.localeCompare(b.path))
}
export function keep(found: Place[]) {
  for (const place of found) places.set(place.id, place)
}
export function place(id: string | undefined): Place | undefined {
  if (!id) return undefined
  const known = places.get(id)
  if (!known && !asked.has(id)) {
    asked.add(id)
    api.get<Place>('places/' + encodeURIComponent(id)).then(found => places.set(id, found)).catch(() => undefined)
  }
  return known
}
export const placeName = (id: string | undefined): string => place(id)?.name ?? id ?? ''
/** The ids of a path; of whoever reads places somewhere, those that they may read: a guard does not ask for the district. */
function ids(path: string | undefined): string[] {
  const all = (path ?? '').split('/').filter(Boolean)
  if (!may('places.read')) return all
  const seen = all.filter((_, i) => may('places.read', '/' + all.slice(0, i + 1).join('/') + '/'))
  return seen.length ? seen : all.slice(-1)
}
/** "府苑新村 · 3幢": the last `last` places of a path. */
export const pathName = (path: string | undefined, last = 2): string =>
  ids(path).slice(-last).map(id => placeName(id)).join(' · ') || (path === '/' ? either('全区', 'everywhere') : '')
export const organisationName = (id: string | undefined): string => {
  if (!id) return ''
  void needOrganisations()
  void needPosts()
  // An organisation that nobody has registered yet is often called like its post.
  return organisations.value.find(x => x.id === id)?.name ?? posts.value.find(x => x.id === id)?.name ?? id
}
const people = reactive(new Map<string, string>())
export function keepPerson(person: Person) {
  people.set(person.id, person.name)
}
/** The name as the viewer may see it; the end of the id where they may not. */
export const personName = (id: string | undefined): string => {
  if (!id) return ''
  const known = people.get(id)
  if (known === undefined) {
    people.set(id, '…' + id.slice(-4))
    api.get<Person>('people/' + encodeURIComponent(id)).then(keepPerson).catch(() => undefined)
  }
  return people.get(id) ?? ''
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
  return profiles.value.find(x => x.id === id)?.name ?? id
}
