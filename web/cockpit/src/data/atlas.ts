// The tree of places that the twin shows, with positions in metres: x to the east, z to the south, from the middle of it all.
import type { Kind, Outline } from './types'

export interface Bounds { x0: number; x1: number; z0: number; z1: number; top: number }
/** A place on the map. `ring`: corners in metres, x, z, x, z …; empty where it has no ground plan. */
export interface Spot {
  id: string; kind: Kind; name: string; parent: string; floors: number; height: number
  x: number; z: number; placed: boolean; ring: number[]; children: Spot[]; index: number
}

const metresPerDegree = 111_320
const floorHeight = 3

export class Atlas {
  readonly spots: Spot[] = []
  readonly roots: Spot[] = []
  private readonly byId = new Map<string, Spot>()
  private readonly bounds = new Map<string, Bounds>()

  constructor(outlines: Outline[]) {
    let lon = 0, lat = 0, n = 0
    for (const o of outlines)
      if (o.at.length === 2) (lon += o.at[0]!), (lat += o.at[1]!), n++
    if (n) (lon /= n), (lat /= n)
    const perLon = metresPerDegree * Math.cos((lat * Math.PI) / 180)
    const x = (v: number) => (v - lon) * perLon
    const z = (v: number) => -(v - lat) * metresPerDegree
    for (const o of outlines) {
      const ring: number[] = []
      for (let i = 0; i + 1 < o.ring.length; i += 2) ring.push(x(o.ring[i]!), z(o.ring[i + 1]!))
      const spot: Spot = {
        id: o.id, kind: o.kind, name: o.name, parent: o.parent, floors: o.floors, ring, children: [], index: this.spots.length,
        height: o.height || o.floors * floorHeight || (o.kind === 'building' ? 3 * floorHeight : 0),
        placed: o.at.length === 2 || ring.length > 0, x: o.at.length === 2 ? x(o.at[0]!) : 0, z: o.at.length === 2 ? z(o.at[1]!) : 0,
      }
      if (o.at.length !== 2 && ring.length) [spot.x, spot.z] = middle(ring)
      this.spots.push(spot)
      this.byId.set(o.id, spot)
    }
    for (const spot of this.spots) {
      const parent = this.byId.get(spot.parent)
      if (parent) parent.children.push(spot)
      else this.roots.push(spot)
    }
    for (let i = this.spots.length; i-- > 0; ) this.settle(this.spots[i]!)
  }

  get(id: string): Spot | undefined { return this.byId.get(id) }

  /** The deepest place of a path ("/district/street/…/") that is on the map. */
  deepest(path: string): Spot | undefined {
    const ids = path.split('/')
    for (let i = ids.length; i-- > 0; ) {
      const spot = ids[i] ? this.byId.get(ids[i]!) : undefined
      if (spot) return spot
    }
    return undefined
  }

  /** From the top down to the place itself. */
  chain(id: string): Spot[] {
    const chain: Spot[] = []
    for (let at = this.byId.get(id); at && chain.length < 12; at = this.byId.get(at.parent)) chain.unshift(at)
    return chain
  }

  /** The place itself or something inside of it. */
  isInside(id: string, ancestor: string): boolean {
    for (let at = this.byId.get(id), i = 0; at && i < 12; at = this.byId.get(at.parent), i++) if (at.id === ancestor) return true
    return false
  }

  /** Where a click on `id` leads from `focus`: one level down towards it; levels with a single place are passed through. */
  step(id: string, focus: string): string {
    const chain = this.chain(id).filter(s => s.kind !== 'spot')
    let i = focus ? chain.findIndex(s => s.id === focus) + 1 : 0
    while (i + 1 < chain.length && this.doors(chain[i]!).length === 1) i++
    return chain[i]?.id ?? focus
  }

  /** Children that can be entered. */
  doors(spot: Spot): Spot[] { return spot.children.filter(c => c.kind !== 'spot') }

  /** What the place covers on the ground and how high it reaches; of everything for ''. */
  boundsOf(id: string): Bounds {
    if (id) return this.bounds.get(id) ?? { x0: -50, x1: 50, z0: -50, z1: 50, top: 10 }
    return this.roots.map(r => this.bounds.get(r.id)).filter(b => b !== undefined).reduce<Bounds | undefined>(joined, undefined) ??
      { x0: -200, x1: 200, z0: -200, z1: 200, top: 10 }
  }

  /** Bounds from below, once its children have theirs; a place that nobody surveyed lies in their middle. */
  private settle(spot: Spot) {
    let b: Bounds | undefined
    if (spot.placed) b = { x0: spot.x, x1: spot.x, z0: spot.z, z1: spot.z, top: spot.height }
    for (let i = 0; i + 1 < spot.ring.length; i += 2)
      b = joined(b, { x0: spot.ring[i]!, x1: spot.ring[i]!, z0: spot.ring[i + 1]!, z1: spot.ring[i + 1]!, top: spot.height })
    for (const child of spot.children) {
      const of = this.bounds.get(child.id)
      if (of) b = joined(b, of)
    }
    if (!b) return
    this.bounds.set(spot.id, b)
    if (!spot.placed) (spot.x = (b.x0 + b.x1) / 2), (spot.z = (b.z0 + b.z1) / 2)
  }
}

function joined(a: Bounds | undefined, b: Bounds): Bounds {
  if (!a) return { ...b }
  return { x0: Math.min(a.x0, b.x0), x1: Math.max(a.x1, b.x1), z0: Math.min(a.z0, b.z0), z1: Math.max(a.z1, b.z1), top: Math.max(a.top, b.top) }
}

function middle(ring: number[]): [number, number] {
  let x = 0, z = 0
  for (let i = 0; i + 1 < ring.length; i += 2) (x += ring[i]!), (z += ring[i + 1]!)
  return [(x * 2) / ring.length, (z * 2) / ring.length]
}

/** Whether the point lies within the ring. */
export function within(ring: number[], x: number, z: number): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 2; i + 1 < ring.length; j = i, i += 2) {
    const xi = ring[i]!, zi = ring[i + 1]!, xj = ring[j]!, zj = ring[j + 1]!
    if (zi > z !== zj > z && x < ((xj - xi) * (z - zi)) / (zj - zi) + xi) inside = !inside
  }
  return inside
}

/** The floor that a home's name tells: 1203室 is on the 12th; undefined where the name tells none. */
export function floorOf(home: string): number | undefined {
  const digits = /(\d{1,2})\d{2}(?:室|号)?$/.exec(home)
  return digits ? Number(digits[1]) || undefined : undefined
}
