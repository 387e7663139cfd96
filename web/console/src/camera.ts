// What is drawn on a camera's picture, to and from the `view` that the eyes take. Corners are whole pixels of the picture.
export type Corner = [number, number]
export type Kind = 'mask' | 'zone' | 'shield' | 'slot' | 'facade' | 'door' | 'fire_lane_blocked' | 'crowd' | 'loitering' | 'lights_left_on'
export interface Shape { kind: Kind; corners: Corner[]; name: string; more: Record<string, unknown> }
export interface View { size?: number[]; masks?: Corner[][]; zones?: Corner[][]; shields?: Corner[][]; slots?: ({ id: string; polygon: Corner[] } & Record<string, unknown>)[]; areas?: ({ kind: string; zone: Corner[] } & Record<string, unknown>)[]; facade?: { corners: Corner[]; floors?: number; columns?: number } & Record<string, unknown>; hours?: Hours[]; ebike?: { door?: Corner[] } & Record<string, unknown>; [other: string]: unknown }
/** When a judgement is made; without a line for it always. Days: 1 Monday … 7 Sunday, none: every day. */
export interface Hours { judge: string; from: string; to: string; days?: number[] }

const areas: readonly string[] = ['fire_lane_blocked', 'crowd', 'loitering', 'lights_left_on']
/** What an area asks for when it is new; the rest has the eyes' own defaults. */
export const areaWords: Record<string, Record<string, unknown>> = {
  fire_lane_blocked: { classes: ['car', 'bus', 'truck'], for_s: 60 },
  crowd: { classes: ['person'], least: 8, for_s: 10 },
  loitering: { classes: ['person'], for_s: 300 },
  lights_left_on: { classes: ['person'], brightness: 90, for_s: 600 },
}
/** Who looks at a shape of this kind, as the eyes call their judgements; a mask is before all of them. */
const lookers: Record<Kind, readonly string[]> = {
  mask: [], zone: ['duty', 'bag', 'ebike', 'face'], shield: ['falling'], slot: ['parking'], facade: ['falling'], door: ['ebike'],
  fire_lane_blocked: ['areas'], crowd: ['areas'], loitering: ['areas'], lights_left_on: ['areas'],
}
/** Kinds that were drawn and at which nobody looks, because the camera's own machine asks for other judgements (`judge`; unknown: none). */
export const inVain = (shapes: Shape[], judge: readonly string[] | undefined): Kind[] =>
  judge ? [...new Set(shapes.map(s => s.kind))].filter(kind => lookers[kind].length && !lookers[kind].some(j => judge.includes(j))) : []
/** Of these there is one: a new one takes the place of the old. */
export const single = (kind: Kind) => kind === 'facade' || kind === 'door'
export const corners = (kind: Kind) => kind === 'facade' ? { least: 4, most: 4 } : { least: 3, most: 200 }

export function shapesOf(view: View): Shape[] {
  const plain = (kind: Kind, list: Corner[][] = []): Shape[] => list.map(c => ({ kind, corners: c, name: '', more: {} }))
  const out = [...plain('mask', view.masks), ...plain('zone', view.zones), ...plain('shield', view.shields)]
  for (const { id, polygon, ...more } of view.slots ?? []) out.push({ kind: 'slot', corners: polygon, name: id, more })
  for (const { kind, zone, ...more } of view.areas ?? []) if (areas.includes(kind)) out.push({ kind: kind as Kind, corners: zone, name: '', more })
  if (view.facade) {
    const { corners: four, ...more } = view.facade
    out.push({ kind: 'facade', corners: four, name: '', more })
  }
  if (view.ebike?.door?.length) out.push(...plain('door', [view.ebike.door]))
  return out
}

/**
 * Keeps the members of `before` that cannot be drawn: thresholds, areas of other kinds, what a slot or an area says besides its shape.
 * A list that was not there and of which nothing is drawn is left out: the eyes then keep what is written on their own machine, which
 * an empty list would take away.
 */
export function viewOf(before: View, shapes: Shape[], size: [number, number], hours?: Hours[]): View {
  const of = (kind: Kind) => shapes.filter(s => s.kind === kind)
  const plain = (kind: Kind) => of(kind).map(s => s.corners)
  const others = (before.areas ?? []).filter(a => !areas.includes(a.kind)).map(a => ({ ...a, zone: stretched(a.zone, before.size, size) }))
  const lists = {
    masks: plain('mask'), zones: plain('zone'), shields: plain('shield'), slots: of('slot').map(s => ({ ...s.more, id: s.name, polygon: s.corners })),
    areas: [...others, ...shapes.filter(s => areas.includes(s.kind)).map(s => ({ ...s.more, kind: s.kind, zone: s.corners }))], hours: hours ?? before.hours ?? [],
  }
  const view: View = { ...before, size }
  for (const [name, list] of Object.entries(lists)) if (list.length || before[name] !== undefined) view[name] = list
  delete view.facade
  const facade = of('facade')[0]
  if (facade) view.facade = { ...facade.more, corners: facade.corners }
  const door = of('door')[0]?.corners ?? []
  if (door.length || before.ebike?.door) view.ebike = { ...before.ebike, door }
  return view
}

/** The same shapes on a picture of another size. */
export const scaled = (shapes: Shape[], from: number[] | undefined, to: [number, number]): Shape[] => shapes.map(s => ({ ...s, corners: stretched(s.corners, from, to) }))
function stretched(list: Corner[], from: number[] | undefined, to: [number, number]): Corner[] {
  if (!from || from.length !== 2 || (from[0] === to[0] && from[1] === to[1])) return list
  return list.map(([x, y]): Corner => [Math.round(x * to[0] / from[0]!), Math.round(y * to[1] / from[1]!)])
}

/** "12,30 40,30 40,60": how corners are written where nobody can point. */
export const written = (list: Corner[]) => list.map(c => c.join(',')).join(' ')
export function readCorners(text: string, size: [number, number]): Corner[] | null {
  const list = text.trim().split(/\s+/).map(pair => pair.split(/[,，]/).map(Number))
  if (list.some(c => c.length !== 2 || c.some(n => !Number.isFinite(n)))) return null
  return list.map(([x, y]) => inside([x!, y!], size))
}
export const inside = ([x, y]: Corner, [width, height]: [number, number]): Corner => [Math.round(Math.min(Math.max(x, 0), width)), Math.round(Math.min(Math.max(y, 0), height))]
/** The lines between floors and between columns of a façade, as its plane is seen: the square that is projected onto the four corners
 *  (Heckbert, Fundamentals of Texture Mapping, 1989, §2.2.3). None for corners that span no plane. */
export function gridOf(four: Corner[], floors: number, columns: number): [Corner, Corner][] {
  if (four.length !== 4 || !(floors >= 1) || !(columns >= 1)) return []
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = four as [Corner, Corner, Corner, Corner]
  const [dx1, dx2, sx, dy1, dy2, sy] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3, y1 - y2, y3 - y2, y0 - y1 + y2 - y3]
  const span = dx1 * dy2 - dx2 * dy1
  if (!span) return []
  const g = (sx * dy2 - dx2 * sy) / span, h = (dx1 * sy - sx * dy1) / span
  const at = (u: number, v: number): Corner => {
    const z = g * u + h * v + 1
    return [Math.round(((x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0) / z), Math.round(((y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0) / z)]
  }
  const between = (n: number) => Array.from({ length: Math.min(Math.floor(n), 300) - 1 }, (_, k) => (k + 1) / Math.floor(n))
  return [...between(floors).map((v): [Corner, Corner] => [at(0, v), at(1, v)]), ...between(columns).map((u): [Corner, Corner] => [at(u, 0), at(u, 1)])]
}

/** What is wrong with a shape, before the eyes say the same: '' when nothing is. */
export function flawOf(shape: Shape): '' | 'few' | 'flat' | 'crossed' {
  const list = shape.corners, { least } = corners(shape.kind)
  if (list.length < least) return 'few'
  const next = (i: number) => list[(i + 1) % list.length]!
  const area = list.reduce((sum, [x, y], i) => sum + x * next(i)[1] - next(i)[0] * y, 0) / 2
  if (Math.abs(area) < 1) return 'flat'
  if (shape.kind !== 'facade') return ''
  const turns = list.map(([x, y], i) => Math.sign((next(i)[0] - x) * (next(i + 1)[1] - next(i)[1]) - (next(i)[1] - y) * (next(i + 1)[0] - next(i)[0])))
  return turns.some(t => t > 0) && turns.some(t => t < 0) ? 'crossed' : ''
}

/** The first number that no slot has. */
export function freeName(shapes: Shape[]): string {
  const taken = new Set(shapes.filter(s => s.kind === 'slot').map(s => s.name))
  let n = 1
  while (taken.has(String(n))) n++
  return String(n)
}
