// By when the caller's next step is due, in words: what is put off has its day, what is late says by how much.
import { instant, type Case } from '@lifang/kit'
import { about, t } from '../words'
import { dueOf } from './standing'

export interface Due { words: string; late: boolean }
export function dueIn(at: string | undefined, now: number): Due {
  if (!at) return { words: t('orders.noDue'), late: false }
  const left = Date.parse(at) - now
  return left >= 0 ? { words: t('orders.left', { t: about(left) }), late: false } : { words: t('orders.late', { t: about(left) }), late: true }
}
export function dueWords(item: Case, now: number): Due {
  if (item.state === 'deferred' && item.deferred_until && !item.owed?.length) return { words: t('orders.deferred', { at: instant(item.deferred_until).split(' ')[0] }), late: false }
  return dueIn(dueOf(item), now)
}
