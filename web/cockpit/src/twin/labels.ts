// Labels over the twin. They never overlap: those that matter most are placed first, and what finds no room is left out.

export interface Box { x: number; y: number; width: number; height: number }
/** `x`, `y`: the point on the screen that it speaks of. */
export interface Wanted { x: number; y: number; width: number; height: number; priority: number }

const gap = 4

function clash(a: Box, b: Box): boolean {
  return a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap
}

/** Where each label goes (upper left corner), in the order of `wanted`; undefined for those without room. */
export function placeLabels(wanted: Wanted[], width: number, height: number, most: number): (Box | undefined)[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[b]!.priority - wanted[a]!.priority || a - b)
  const placed: Box[] = []
  const result: (Box | undefined)[] = wanted.map(() => undefined)
  for (const i of order) {
    if (placed.length >= most) break
    const w = wanted[i]!
    if (w.x < 0 || w.x > width || w.y < 0 || w.y > height) continue
    const above = w.y - w.height - 8
    const candidates: [number, number][] = [
      [w.x - w.width / 2, above], [w.x + 8, w.y - w.height / 2], [w.x - w.width - 8, w.y - w.height / 2],
      [w.x - w.width / 2, above - w.height - gap], [w.x - w.width / 2, w.y + 8],
    ]
    for (const [x, y] of candidates) {
      const box = { x, y, width: w.width, height: w.height }
      if (x < gap || y < gap || x + w.width > width - gap || y + w.height > height - gap) continue
      if (placed.some(other => clash(box, other))) continue
      placed.push(box)
      result[i] = box
      break
    }
  }
  return result
}
