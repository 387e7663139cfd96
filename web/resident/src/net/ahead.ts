// What a guard may need in the cellar is fetched while there is a line: rounds, shifts, notes of the shift before, messages.
import { may, me } from '@lifang/kit'
import type { Query } from '@lifang/kit'
import { asked } from './asked'
import { fetchKept } from './kept'
import { online } from './line'
import { role } from './session'

/// `rooms`: of these alone; an event of one room makes only its own things old.
export async function fetchAhead(rooms: readonly ('rosters' | 'notices')[] = ['rosters', 'notices']): Promise<void> {
  if (!me.value || role.value !== 'staff' || !online.value) return
  const wanted: (readonly [string, Query])[] = []
  if (rooms.includes('rosters') && may('rosters.read')) {
    wanted.push(asked.tasks, asked.handovers)
    if (me.value.person) wanted.push(asked.shifts(me.value.person))
  }
  if (rooms.includes('notices')) wanted.push(asked.notices(false))
  for (const [path, query] of wanted) await fetchKept(path, query).catch(() => undefined)
}
let planned: ReturnType<typeof setTimeout> | undefined
const stale = new Set<'rosters' | 'notices'>()
/// A burst of events is one look, at all that they made old: a round that begins is told in a message too.
export function aheadSoon(room: 'rosters' | 'notices'): void {
  stale.add(room)
  clearTimeout(planned)
  planned = setTimeout(() => {
    void fetchAhead([...stale])
    stale.clear()
  }, 1000)
}
