// A bound phone: it knows its guards by a PIN, and goes from hand to hand. Its token stays on it, the node keeps a hash.
import { api, look, me, type BoundPhone, type PhoneFacts } from '@lifang/kit'
import { ref } from 'vue'
import { forgetAll } from './kept'
import { remember } from './session'

const kToken = 'phone'
export const token = ref(localStorage.getItem(kToken) ?? '')
export const facts = ref<PhoneFacts | null>(null)

/// Who may take it in hand, as the node knows it now; a phone that the node knows no more forgets that it was bound.
export async function askPhone(): Promise<void> {
  if (!token.value) return void (facts.value = null)
  try {
    facts.value = await api.post<PhoneFacts>('sessions/phone', { phone: token.value })
  } catch (error) {
    if ((error as { code: string }).code === 'accounts.unknown_phone') unbindHere()
    throw error
  }
}
export function unbindHere(): void {
  token.value = ''
  facts.value = null
  localStorage.removeItem(kToken)
}
function keep(phone: BoundPhone & { token?: string }): void {
  if (!phone.token) return
  token.value = phone.token
  localStorage.setItem(kToken, phone.token)
}
async function arrived(): Promise<void> {
  // What was kept on the phone for whoever had it before is not for the next one.
  await forgetAll()
  await look()
  await remember()
}
/// The code of the desk stands for a password. `second`: of the second factor, where the login has one.
/// @throws Problem accounts.code_needed where it is wanted; the code of the desk is not used up by that
export async function bindByCode(code: string, pin: string, name: string, second = ''): Promise<void> {
  const bound = await api.post<{ phone: BoundPhone & { token: string } }>('sessions/bind', { code, pin, name, cookie: true, ...(second ? { second_code: second } : {}), ...(token.value ? { phone: token.value } : {}) })
  keep(bound.phone)
  await arrived()
}
/// Whoever is in binds this phone to their own login.
export async function bindOwn(pin: string, name: string): Promise<void> {
  keep(await api.post<BoundPhone & { token: string }>('accounts/phones', { pin, name, ...(token.value ? { phone: token.value } : {}) }))
  await askPhone()
}
/// Takes the phone in hand; whoever had it is out.
export async function unlock(login: string, pin: string): Promise<void> {
  await api.post('sessions/pin', { phone: token.value, login, pin, cookie: true })
  await arrived()
}
export const inHand = (): string => me.value?.login ?? ''
