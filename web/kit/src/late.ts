// Red means that somebody must act: a deadline that runs now has passed. What was late once and is not now is said in grey.
interface Timed { state: string; due?: string; overdue: boolean; was_late?: boolean; owed?: { due: string; late: boolean }[] }
const still: readonly string[] = ['verified', 'closed', 'merged', 'refused', 'deferred']

/** Whether its running deadline, or one of what the viewer owes on it, has passed. */
export function isLate(item: Timed, now: number): boolean {
  if (item.owed?.some(one => one.late || Date.parse(one.due) < now)) return true
  return !still.includes(item.state) && !!item.due && Date.parse(item.due) < now
}
/** Late once, and no more. */
export const wasLate = (item: Timed, now: number): boolean => (item.was_late ?? item.overdue) && !isLate(item, now)
