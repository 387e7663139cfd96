// What an event means for the page of one device: which part of it is to be asked for again.
import type { LiveEvent } from '@lifang/kit'

export type News = 'said' | 'record' | 'removed' | 'commands' | 'maintenance' | 'situations' | null

/** @param situations those that stand on the page: that one of them was cleared names no device */
export function deviceNews(event: Pick<LiveEvent, 'topic' | 'subject' | 'body'>, device: string, situations: string[]): News {
  const [room, what] = event.topic.split('.') as [string, string]
  if (room === 'situations') return event.body.device === device || situations.includes(event.subject) ? 'situations' : null
  if (room !== 'devices' || (event.subject !== device && event.body.device !== device)) return null
  if (what === 'said' || what === 'removed') return what
  if (what === 'commanded' || what === 'answered') return 'commands'
  return what === 'maintenance_set' ? 'maintenance' : 'record'
}
