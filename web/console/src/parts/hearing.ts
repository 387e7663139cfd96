// What a list hears of its room while it stands there: which of the events tell that it is old.
import { topics, type LiveEvent, type Query, type Room } from '@lifang/kit'

/** Lists whose room tells of more than the list shows. */
const only: Record<string, string[]> = {
  notices: ['notices.arrived'], 'notices/announcements': ['notices.announced'],
  'rosters/shifts': ['rosters.shift_changed'], 'rosters/absences': ['rosters.absent'], 'rosters/handovers': ['rosters.handed_over'],
  'rosters/tasks': ['rosters.round_began', 'rosters.round_done', 'rosters.found', 'rosters.missed'],
}
/** Lists of what no event tells of. */
const silent = ['rosters/posts', 'rosters/points', 'rosters/routes', 'rosters/plans', 'cases/kinds', 'cases/drafts', 'devices/profiles', 'notices/messages', 'notices/templates', 'notices/webhooks', 'notices/rings']
const begins = new Set(['cases.opened', 'situations.opened', 'situations.unsilenced', 'evaluations.asked', 'notices.arrived', 'notices.announced', 'actions.commanded', 'actions.blocked', 'rules.kept', 'places.kept', 'devices.kept'])

/** The topics that make the list at `path` old; none where nothing tells of it. */
export function topicsOf(path: string | undefined): { room: Room; names: string[] } | null {
  const room = (path ?? '').split('/')[0] as Room
  if (!path || !(room in topics) || silent.includes(path)) return null
  // That a device speaks changes nothing in a list.
  return { room, names: only[path] ?? topics[room].map(name => room + '.' + name).filter(name => name !== 'devices.said') }
}
/** Whether the event is about a row that stands there, or about a new one that the filters may let in. */
export function concerns(event: Pick<LiveEvent, 'topic' | 'subject' | 'path' | 'body'>, path: string, query: Query, rows: string[]): boolean {
  if (rows.includes(event.subject)) return true
  if (!begins.has(event.topic) && !(path in only)) return false
  // What is searched for by words, late, appealed or settled is nothing that has just begun.
  if (query.q || query.overdue || query.appeal || String(query.open) === 'false') return false
  if (query.place && !event.path.includes('/' + query.place + '/')) return false
  return !query.kind || event.body.kind === undefined || event.body.kind === query.kind
}
