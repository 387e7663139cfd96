// The city as a few large geometries: every building in one, every ground in another, so that thousands cost one draw call.
import { BufferAttribute, BufferGeometry, ShapeUtils, Vector2 } from 'three'
import type { Spot } from '../data/atlas'

/** Which vertices of a merged geometry belong to which place. */
export interface Part { id: string; from: number; count: number; top: number }
export interface Merged { geometry: BufferGeometry; parts: Part[] }

const groundOf: Partial<Record<Spot['kind'], number>> = { district: 0, street: 0.1, community: 0.15, compound: 0.2 }

function corners(ring: number[]): Vector2[] {
  const points: Vector2[] = []
  for (let i = 0; i + 1 < ring.length; i += 2) points.push(new Vector2(ring[i]!, ring[i + 1]!))
  const first = points[0], last = points[points.length - 1]
  if (points.length > 3 && first && last && first.distanceTo(last) < 0.01) points.pop()
  if (ShapeUtils.isClockWise(points)) points.reverse()
  return points
}

/** A building without a ground plan still stands there: twenty by twelve metres. */
function footprint(spot: Spot): number[] {
  if (spot.ring.length >= 6) return spot.ring
  return [spot.x - 10, spot.z - 6, spot.x + 10, spot.z - 6, spot.x + 10, spot.z + 6, spot.x - 10, spot.z + 6]
}

class Mason {
  readonly positions: number[] = []
  readonly normals: number[] = []
  readonly units: number[] = []
  readonly parts: Part[] = []

  flat(points: Vector2[], y: number, unit: number) {
    for (const face of ShapeUtils.triangulateShape(points, []))
      for (const k of [face[0], face[2], face[1]] as number[]) this.put(points[k]!.x, y, points[k]!.y, 0, 1, 0, unit)
  }
  wall(a: Vector2, b: Vector2, height: number, unit: number) {
    const length = a.distanceTo(b) || 1
    const nx = (b.y - a.y) / length, nz = -(b.x - a.x) / length
    for (const [p, y] of [[a, 0], [b, height], [b, 0], [a, 0], [a, height], [b, height]] as [Vector2, number][])
      this.put(p.x, y, p.y, nx, 0, nz, unit)
  }
  put(x: number, y: number, z: number, nx: number, ny: number, nz: number, unit: number) {
    this.positions.push(x, y, z)
    this.normals.push(nx, ny, nz)
    this.units.push(unit)
  }
  get size() { return this.units.length }
  merged(): Merged {
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(new Float32Array(this.positions), 3))
    geometry.setAttribute('normal', new BufferAttribute(new Float32Array(this.normals), 3))
    geometry.setAttribute('unit', new BufferAttribute(new Float32Array(this.units), 1))
    geometry.setAttribute('tone', new BufferAttribute(new Uint8Array(this.size * 3), 3, true))
    return { geometry, parts: this.parts }
  }
}

export function buildings(spots: Spot[]): Merged {
  const mason = new Mason()
  for (const spot of spots) {
    if (spot.kind !== 'building' || !spot.placed) continue
    const from = mason.size
    const points = corners(footprint(spot))
    points.forEach((a, i) => mason.wall(a, points[(i + 1) % points.length]!, spot.height, spot.index))
    mason.flat(points, spot.height, spot.index)
    mason.parts.push({ id: spot.id, from, count: mason.size - from, top: spot.height })
  }
  return mason.merged()
}

export function grounds(spots: Spot[]): Merged {
  const mason = new Mason()
  for (const spot of spots) {
    const y = groundOf[spot.kind]
    if (y === undefined || spot.kind === 'district' || spot.ring.length < 6) continue
    const from = mason.size
    mason.flat(corners(spot.ring), y, spot.index)
    mason.parts.push({ id: spot.id, from, count: mason.size - from, top: y })
  }
  return mason.merged()
}

/** The walls of the wards: outlines of compounds, and of what lies around them where it has been surveyed. */
export function walls(spots: Spot[]): BufferGeometry {
  const positions: number[] = []
  for (const spot of spots) {
    if (groundOf[spot.kind] === undefined || spot.ring.length < 6) continue
    const points = corners(spot.ring)
    for (const y of spot.kind === 'compound' ? [0.3, 2.5] : [0.3])
      points.forEach((a, i) => {
        const b = points[(i + 1) % points.length]!
        positions.push(a.x, y, a.y, b.x, y, b.y)
      })
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(positions), 3))
  return geometry
}

/** A fixed number between 0 and 1 for a place's n-th device: it stands where it stood yesterday. */
function scatter(a: number, b: number): number {
  const v = Math.sin(a * 127.1 + b * 311.7) * 43758.5453
  return v - Math.floor(v)
}

/** One point a device: around its spot, or on the outside of its building. At most `most`. */
export function devicePoints(counts: { spot: Spot; devices: number; heard: number }[], most: number): BufferGeometry {
  const positions: number[] = [], tones: number[] = []
  for (const { spot, devices, heard } of counts) {
    const ring = spot.kind === 'building' ? corners(footprint(spot)) : []
    for (let i = 0; i < devices && tones.length / 3 < most; i++) {
      const a = scatter(spot.index, i), b = scatter(i, spot.index + 7)
      if (ring.length) {
        const at = a * ring.length, k = Math.floor(at), from = ring[k]!, to = ring[(k + 1) % ring.length]!
        positions.push(from.x + (to.x - from.x) * (at - k), 1.5 + b * Math.max(spot.height - 1.5, 1), from.y + (to.y - from.y) * (at - k))
      } else {
        const radius = 2 + 6 * Math.sqrt(b)
        positions.push(spot.x + radius * Math.cos(a * 6.283), 2.5, spot.z + radius * Math.sin(a * 6.283))
      }
      const tone = i < heard ? [0x8f, 0xd6, 0xd3] : [0x5c, 0x6b, 0x75]
      tones.push(...tone)
    }
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(positions), 3))
  geometry.setAttribute('color', new BufferAttribute(new Uint8Array(tones), 3, true))
  return geometry
}
