// WeChat's way in: there and back again. The state that comes back must be the one that left from this very window.
import { api, look, me, Problem } from '@lifang/kit'
import { ref } from 'vue'
import { remember } from './session'

interface Entry { in?: unknown; ticket?: string }
const kState = 'wechat-state'

/// Of a WeChat user whom nobody is bound to yet: the next login by a code binds them.
export const ticket = ref('')
/// What went wrong on the way back.
export const trouble = ref<Problem | null>(null)
export const insideWechat = /MicroMessenger/i.test(navigator.userAgent)

export async function leaveForWechat(): Promise<void> {
  const door = await api.get<{ address: string; state: string }>('sessions/wechat')
  sessionStorage.setItem(kState, door.state)
  location.href = door.address
}
/// Somebody comes back from WeChat with ?code=&state=: they are let in, or bound if they are in already.
export async function comeBack(): Promise<void> {
  const words = new URLSearchParams(location.search)
  const code = words.get('code')
  const state = words.get('state')
  if (!code || !state) return
  const left = sessionStorage.getItem(kState)
  sessionStorage.removeItem(kState)
  history.replaceState(null, '', location.pathname + location.hash)
  if (state !== left) return
  try {
    if (me.value) return void (await api.post('accounts/wechat', { code }))
    const entry = await api.post<Entry>('sessions/wechat', { code, cookie: true })
    if (entry.ticket) return void (ticket.value = entry.ticket)
    await look()
    if (me.value) await remember()
  } catch (error) {
    trouble.value = error as Problem
  }
}
