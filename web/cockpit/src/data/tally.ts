// Counts of what is inside of places, folded from the boards.
import type { Atlas } from './atlas'
import type { CaseBoard, Mark } from './types'

export interface Tally { open: number; overdue: number; situations: number }

/** For each of `places`: what stands there or inside. */
export function tallies(atlas: Atlas, places: string[], counts: CaseBoard['places'], marks: Mark[]): Map<string, Tally> {
  const found = new Map<string, Tally>(places.map(id => [id, { open: 0, overdue: 0, situations: 0 }]))
  const up = (id: string, add: (tally: Tally) => void) => {
    for (let at = atlas.get(id), i = 0; at && i < 12; at = atlas.get(at.parent), i++) {
      const tally = found.get(at.id)
      if (tally) add(tally)
    }
  }
  for (const c of counts) up(c.place, t => ((t.open += c.open), (t.overdue += c.overdue)))
  for (const m of marks) up(m.shown, t => t.situations++)
  return found
}
