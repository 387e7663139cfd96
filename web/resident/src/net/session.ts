// Who is here, also without a line: the login that was here last is remembered until it leaves.
import { api, askNode, look, logOut, looked, may, me, node, onLoggedOut, zone, type Me } from '@lifang/kit'
import { computed, ref } from 'vue'
import { dropMine, letGo } from './box'
import { dropDrafts } from './drafts'
import { inStore } from './db'
import { fetchKept, forgetAll } from './kept'

export type Role = 'resident' | 'staff'
export interface Home { household: string; role: string; kind: string; place: string; path: string; address: string; since: string }

const kMe = 'me'
export const isStaff = computed(() => may('cases.handle'))
export const isResident = computed(() => may('cases.report') || !isStaff.value)
const chosen = ref<Role | null>((localStorage.getItem('role') as Role | null) ?? null)
export const role = computed<Role>(() => (isStaff.value && chosen.value !== 'resident' ? 'staff' : 'resident'))
export function takeRole(to: Role): void {
  chosen.value = to
  localStorage.setItem('role', to)
}
export const ended = ref(false)   // the session ran out while somebody was here

export async function begin(): Promise<void> {
  onLoggedOut(() => { if (me.value) ended.value = true })
  const kept = await inStore<Me>('kept', 'readonly', store => store.get(kMe) as IDBRequest<Me>).catch(() => undefined)
  if (navigator.onLine) {
    void askNode()
    await look()
    if (me.value) await remember()
  }
  // No line, or the node is away: whoever was here last may go on with what is kept. A refused session is not.
  if (!me.value && kept && (!navigator.onLine || !(await answers()))) me.value = kept
  looked.value = true
}
async function answers(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { cache: 'no-store' })).ok
  } catch {
    return false
  }
}
export async function remember(): Promise<void> {
  ended.value = false
  const plain = JSON.parse(JSON.stringify(me.value)) as Me
  await inStore('kept', 'readwrite', store => store.put(plain, kMe)).catch(() => undefined)
}
export async function leave(): Promise<void> {
  await letGo()
  await dropMine()
  await dropDrafts()
  await logOut()
  await forgetAll()
  ended.value = false
}

export const homes = ref<Home[]>([])
export const homeNumber = ref(Number(localStorage.getItem('home') ?? 0))
export const home = computed<Home | undefined>(() => homes.value[homeNumber.value] ?? homes.value[0])
export async function loadHomes(): Promise<void> {
  if (!me.value?.person) return void (homes.value = [])
  homes.value = (await fetchKept<{ items: Home[] }>('people/me/homes')).items
}
/// The compound that the login belongs to, where nobody has registered a home.
export const wardPath = computed(() => me.value?.rights.find(grant => grant.right === 'cases.report')?.path ?? '')
export const wardPlace = computed(() => wardPath.value.split('/').filter(Boolean).pop() ?? '')
/// "云溪苑 · 2幢 · 1单元 · 101": without the city, district, street and community that every neighbour shares.
export const shortAddress = (address: string) => address.split(' · ').slice(-4).join(' ')

export { api, me, node, zone, may, looked }
