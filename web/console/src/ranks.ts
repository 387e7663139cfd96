// Places in a ranking, as the page shows it: numbered by what it is ordered by.
export interface Rankable { cases: number; response?: number; solved?: number; satisfied?: number; overdue: number; reopened: number; score?: number }
export type RankBy = 'score' | 'cases' | 'response' | 'solved' | 'satisfied' | 'overdue' | 'reopened'

/** With fewer cases a rate says little: such a line stands last and has no place. The scorecards commend nobody below it either. */
export const fewest = 5

/**
 * In order, with `place` from 1. Equal values share a place and the next is left out (1, 1, 3); lines of few cases, and those that have
 * no such value, come last without one. Of late and reopened cases fewer are better.
 */
export function rankedBy<T extends Rankable>(rows: readonly T[], by: RankBy): (T & { place?: number })[] {
  const few = (row: T) => row.cases < fewest && by !== 'cases'
  const value = (row: T) => (by === 'overdue' || by === 'reopened' ? -row[by] : row[by])
  const out: (T & { place?: number })[] = [...rows]
    .sort((a, b) => Number(few(a)) - Number(few(b)) || (value(b) ?? -Infinity) - (value(a) ?? -Infinity) || b.cases - a.cases).map(row => ({ ...row }))
  out.forEach((row, i) => {
    if (few(row) || value(row) === undefined) return
    const above = out[i - 1]
    row.place = above && above.place !== undefined && value(above) === value(row) ? above.place : i + 1
  })
  return out
}
