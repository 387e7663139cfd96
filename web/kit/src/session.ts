// Who is here: login with a cookie that no script can read, and what the login may do where.
import { computed, ref } from 'vue'
import { api, Problem } from './api'
import { zone } from './time'

export interface Grant { right: string; path: string }
export interface Me {
  account: string; login: string; person: string | null; session: string; expires_at: string | null
  must_change_password: boolean; must_enrol: boolean; rights: Grant[]; name?: string
}
export interface NodeWords { district: string; zone_offset_minutes: number; version: string }

export const me = ref<Me | null>(null)
/** Until it is true, nobody knows yet whether there is a session. */
export const looked = ref(false)
export const node = ref<NodeWords | null>(null)
export const loggedIn = computed(() => me.value !== null)

/** Whether the login holds the right, over the path if one is given. */
export function may(right: string, path?: string): boolean {
  return (me.value?.rights ?? []).some(grant =>
    (grant.right === '*' || grant.right === right || (grant.right.endsWith('.*') && right.startsWith(grant.right.slice(0, -1)))) &&
    (path === undefined || path.startsWith(grant.path)))
}

/** Whether the login reads cases: all of its places, or those that its organisation is called to. */
export const readsCases = () => may('cases.read') || may('cases.called')

/** The district's name and zone; needs no login. */
export async function askNode() {
  try {
    node.value = await api.get<NodeWords>('node')
    zone.value = node.value.zone_offset_minutes
  } catch {
    // An older node says nothing of itself: China's zone stays.
  }
}
export async function look() {
  try {
    me.value = await api.get<Me>('sessions/me')
    // The name of the duty is the account's, which a login may always read of itself.
    me.value.name = (await api.get<{ name: string }>('accounts/me')).name || me.value.login
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 401 || error.status === 0) me.value = null
  }
  looked.value = true
}
/** @throws Problem accounts.wrong_login, accounts.code_needed, accounts.wrong_code, accounts.too_many */
export async function logIn(login: string, password: string, code?: string) {
  await api.post('sessions', { login, password, cookie: true, ...(code ? { code } : {}) })
  await look()
}
export async function logOut() {
  await api.remove('sessions').catch(() => undefined)
  me.value = null
}
