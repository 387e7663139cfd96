// The small figures on the tabs: asked again when something happens, but not more often than every two seconds.
import { api, may, me, type List } from '@lifang/kit'
import { reactive } from 'vue'
import { online } from './line'
import { role } from './session'

export const counts = reactive({ notices: 0, orders: 0, evaluations: 0, rounds: 0 })
let planned = false

/// Where it cannot be asked for now the figure stays: a tab without one says that nothing waits.
async function ask(path: string, query: Record<string, string>, stands: number): Promise<number> {
  const page = await api.get<List<unknown>>(path, { ...query, limit: 1, count: true }).catch(() => null)
  return page ? page.count ?? 0 : stands
}
async function askAll(): Promise<void> {
  if (!me.value || !online.value) return
  counts.notices = await ask('notices', { unread: 'true' }, counts.notices)
  if (role.value === 'staff') {
    counts.orders = await ask('cases', { mine: 'true', open: 'true' }, counts.orders)
    if (may('rosters.read')) counts.rounds = await ask('rosters/tasks', { mine: 'true', state: 'open' }, counts.rounds)
  } else counts.evaluations = await ask('evaluations', { mine: 'true', answered: 'false' }, counts.evaluations)
}
export async function loadCounts(): Promise<void> {
  if (planned) return
  planned = true
  setTimeout(() => { planned = false; void askAll() }, counts.notices ? 2000 : 0)
}
