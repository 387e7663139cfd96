// What just happened, as lines that people read. The list is bounded: a wall screen runs for weeks.
import type { LiveEvent } from '@lifang/kit'

export interface Line { key: string; id: string; at: string; topic: string; what: string; path: string; post: string; circle: string; step: string; grave: boolean; cause: string }

export const mostLines = 80

/** Lines that the machine writes for itself: whom it rang, what it found alike. They tell nobody at a wall anything. */
const unsaid = new Set(['rang', 'rang-on', 'rang-past', 'rang-desk', 'alike', 'told', 'outer-due'])
export const isSaid = (event: Pick<LiveEvent, 'topic' | 'body'>): boolean => event.topic !== 'cases.stepped' || !unsaid.has(String(event.body.code))
/** Whether what happened at `path` happened in the place; everything did where none is looked at. */
export const isIn = (path: string, place: string): boolean => !place || path.includes('/' + place + '/')
/** What was there before the page was, and what it heard since: the newest first, each once. */
export function merged(lines: Line[], past: Line[]): Line[] {
  const fresh = past.filter(line => !lines.some(l => l.id === line.id))
  return [...lines, ...fresh].sort((a, b) => b.at.localeCompare(a.at)).slice(0, mostLines)
}

/** The id that the why of a line begins at, and what it speaks of. `what` is the id of a rule or of a kind. */
export function lineOf(event: LiveEvent, whatOf: (situation: string) => string): Line {
  const b = event.body as Record<string, string | undefined>
  const isCase = event.topic.startsWith('cases.')
  return {
    key: event.topic + event.subject + event.at, id: event.subject, at: event.at, topic: event.topic, path: event.path,
    what: isCase ? b.kind ?? '' : b.rule ?? whatOf(event.subject), post: b.post ?? '', circle: b.circle ?? '', step: b.code ?? '', cause: event.cause,
    grave: b.severity === 'critical' || event.topic === 'cases.warned' || event.topic === 'cases.escalated',
  }
}

/** Puts a line on top, unless it says what the line below already said: a case opened and handed out at once is one thing,
    and so are a situation and the case that it opened. */
export function push(lines: Line[], line: Line): Line[] {
  const last = lines[0]
  if (last && last.id === line.id && last.at === line.at && line.topic === 'cases.assigned') return lines
  if (lines.some(l => l.key === line.key)) return lines
  if (line.topic !== 'cases.opened' || !line.cause.startsWith('situation_')) return [line, ...lines].slice(0, mostLines)
  const began = lines.find(l => l.id === line.cause)
  const both = { ...line, topic: 'cases.opened.situation', grave: line.grave || !!began?.grave }
  return [both, ...lines.filter(l => l !== began)].slice(0, mostLines)
}
