// Questions that several pages ask with the very same words, so that one finds in the drawer what another has fetched.
import type { Query } from '@lifang/kit'

export const asked = {
  tasks: ['rosters/tasks', { mine: true, limit: 50 }],
  shifts: (person: string): [string, Query] => ['rosters/shifts', { person, limit: 50 }],
  handovers: ['rosters/handovers', { open: true, limit: 50 }],
  notices: (unread: boolean): [string, Query & { limit: number }] => ['notices', { unread, limit: 20 }],
} as const
