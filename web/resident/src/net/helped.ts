// For whom this login acts, and where they live: so that what was reported for a father says so.
import { me, type List } from '@lifang/kit'
import { shallowRef } from 'vue'
import { fetchKept } from './kept'
import { homes, type Home } from './session'

export interface Helped { person: string; person_name: string; helper: string; scope: string[]; until?: string }
export const helped = shallowRef<Helped[]>([])
let whose = ''
const places = shallowRef(new Map<string, string>())

export const runs = (one: Pick<Helped, 'until'>): boolean => !one.until || Date.parse(one.until) > Date.now()
export const mayReport = (one: Pick<Helped, 'scope'>): boolean => one.scope.includes('report') || one.scope.includes('*')
/// Those for whom the login may report, then their homes, whose names stand beside a report: without one it has no such word.
export async function loadHelped(): Promise<void> {
  if (!me.value?.person) return void (helped.value = [])
  if (whose !== me.value.person) helped.value = []
  whose = me.value.person
  // Whom somebody helped a minute ago they still help: what cannot be asked for now takes nobody off the page.
  const all = (await fetchKept<List<Helped>>('people/me/helpers').catch(() => null))?.items
  if (!all) return
  helped.value = all.filter(one => one.helper === me.value?.person && mayReport(one) && runs(one))
  const found = new Map<string, string>()
  for (const one of helped.value)
    for (const home of (await fetchKept<List<Home>>('people/' + one.person + '/homes').catch(() => null))?.items ?? []) found.set(home.place, one.person_name)
  places.value = found
}
/// The name of whoever is helped and lives at the place; "" where it is one's own home too, or nobody's.
export const helpedAt = (place: string): string => (homes.value.some(home => home.place === place) ? '' : places.value.get(place) ?? '')
