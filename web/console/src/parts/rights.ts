// Rights of a role as a person chooses them: by room, one by one or the whole room.
export interface Room { room: string; rights: string[] }
/** "cases.read", "cases.write" … by their room, in order. */
export function byRoom(rights: string[]): Room[] {
  const rooms = new Map<string, string[]>()
  for (const right of [...rights].sort()) {
    const room = right.split('.')[0]!
    if (right.endsWith('*') || room === 'purpose') continue
    rooms.set(room, [...(rooms.get(room) ?? []), right])
  }
  return [...rooms].map(([room, all]) => ({ room, rights: all }))
}
/** Whether the list holds the right, by itself, by its room, or by everything. */
export const holds = (list: string[], right: string) => list.includes('*') || list.includes(right) || list.includes(right.split('.')[0] + '.*')
/** The list with the right turned: taking one out of a whole room leaves the others of it. */
export function turned(list: string[], right: string, known: string[]): string[] {
  const room = right.split('.')[0]!, whole = room + '.*'
  if (right === '*') return list.includes('*') ? [] : ['*']
  const spelt = list.includes('*') ? byRoom(known).map(r => r.room + '.*') : [...list]
  if (right.endsWith('.*')) return spelt.includes(right) ? spelt.filter(r => r !== right) : [...spelt.filter(r => !r.startsWith(room + '.')), right].sort()
  if (!holds(spelt, right)) return [...spelt, right].sort()
  const rest = spelt.includes(whole) ? [...spelt.filter(r => r !== whole), ...known.filter(r => r.startsWith(room + '.') && !r.endsWith('*'))] : spelt
  return rest.filter(r => r !== right).sort()
}
