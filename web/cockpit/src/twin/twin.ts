// The twin: buildings with their floors, devices as points, live situations as pillars. Draws only when something changed,
// so that a wall screen rests; whatever it makes it disposes of.
import {
  BoxGeometry, BufferAttribute, BufferGeometry, Color, DynamicDrawUsage, InstancedMesh, LineBasicMaterial, LineSegments, Matrix4, Mesh,
  MeshBasicMaterial, OctahedronGeometry, PerspectiveCamera, Points, PointsMaterial, Raycaster, Scene, ShaderMaterial, SphereGeometry,
  Vector2, Vector3, WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js'
import { within, type Atlas, type Bounds, type Spot } from '../data/atlas'
import type { Severity } from '../data/types'
import { buildings, devicePoints, grounds, walls, type Merged } from './geometry'
import { LabelLayer, type Label } from './layer'

export const severities: Severity[] = ['critical', 'warning', 'info']
/** How a place is shaded: by what goes on there. */
export type Tone = 'calm' | 'busy' | 'alert' | 'late'
/** Situations of one place, as one pillar. */
export interface Pillar { place: string; severity: Severity; text: string; count: number; fresh: boolean }

const ink = 0x0b1015
const tones: Record<Tone, number> = { calm: 0x33434f, busy: 0x3f6f76, alert: 0x9db8b5, late: 0xa5484a }
const groundTones: Record<Tone, number> = { calm: 0x141d25, busy: 0x152429, alert: 0x1b2d31, late: 0x2b1b20 }
const pillarTones: Record<Severity, number> = { critical: 0xff6b63, warning: 0xf2f5f7, info: 0x56c4c0 }
/** From where the twin is looked at: from the south-east, half from above. */
const gaze = new Vector3(0.3, 0.8, 0.85).normalize()
const mostPillars = 600, mostDevices = 25_000

const vertexShader = /* glsl */ `
  attribute vec3 tone; attribute float unit;
  varying vec3 vTone; varying vec3 vNormal2; varying float vHeight; varying float vUnit; varying float vDepth;
  void main() {
    vTone = tone; vNormal2 = normal; vHeight = position.y; vUnit = unit;
    vec4 eye = modelViewMatrix * vec4(position, 1.0);
    vDepth = -eye.z;
    gl_Position = projectionMatrix * eye;
  }`
const fragmentShader = /* glsl */ `
  uniform vec3 uInk; uniform vec3 uAccent; uniform float uFar; uniform float uUnit; uniform vec2 uFloor; uniform float uFloors;
  varying vec3 vTone; varying vec3 vNormal2; varying float vHeight; varying float vUnit; varying float vDepth;
  void main() {
    float light = vNormal2.y > 0.5 ? 1.12 : 0.62 + 0.3 * max(dot(vNormal2, normalize(vec3(0.5, 0.2, 0.8))), 0.0);
    vec3 colour = vTone * light;
    if (uFloors > 0.5 && vNormal2.y < 0.5) {
      float f = vHeight / 3.0, w = fwidth(f);
      float line = 1.0 - smoothstep(0.0, max(w * 1.3, 0.06), abs(fract(f + 0.5) - 0.5));
      colour *= 1.0 - 0.45 * line * (1.0 - smoothstep(0.15, 0.5, w));
    }
    if (abs(vUnit - uUnit) < 0.5 && vHeight >= uFloor.x && vHeight <= uFloor.y) colour = mix(colour, uAccent, 0.75);
    gl_FragColor = vec4(mix(colour, uInk, smoothstep(uFar * 0.9, uFar * 2.6, vDepth)), 1.0);
    #include <colorspace_fragment>
  }`

export class Twin {
  onPick: (place: string) => void = () => {}
  private readonly renderer: WebGLRenderer
  private readonly scene = new Scene()
  private readonly camera = new PerspectiveCamera(35, 1, 1, 50_000)
  private readonly controls: OrbitControls
  private readonly labels: LabelLayer
  private readonly watcher: ResizeObserver
  private readonly material: ShaderMaterial
  private readonly groundMaterial: ShaderMaterial
  private readonly rods: InstancedMesh
  private readonly heads: Record<Severity, InstancedMesh>
  private city: Merged | undefined
  private ground: Merged | undefined
  private cityMesh: Mesh | undefined
  private groundMesh: Mesh | undefined
  private wallLines: LineSegments | undefined
  private devices: Points | undefined
  private atlas: Atlas | undefined
  private pillars: Pillar[] = []
  private places: Label[] = []
  private focusId = ''
  private frame = 0
  private flight: { from: Vector3; to: Vector3; fromTarget: Vector3; toTarget: Vector3; began: number } | undefined
  private rising: { place: string; began: number }[] = []
  private down = new Vector2()
  private radius = 300
  private readonly calm = window.matchMedia('(prefers-reduced-motion: reduce)')
  frames = 0

  constructor(private readonly host: HTMLElement) {
    this.renderer = new WebGLRenderer({ antialias: true, powerPreference: 'high-performance' })
    this.renderer.setClearColor(ink)
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2))
    const canvas = this.renderer.domElement
    canvas.setAttribute('aria-hidden', 'true')
    host.append(canvas)
    this.labels = new LabelLayer(host, place => this.onPick(place))
    this.controls = new OrbitControls(this.camera, canvas)
    this.controls.enableDamping = false
    this.controls.maxPolarAngle = 1.4
    this.controls.addEventListener('change', this.invalidate)
    this.material = this.shader(true)
    this.groundMaterial = this.shader(false)
    this.rods = new InstancedMesh(new BoxGeometry(1, 1, 1), new MeshBasicMaterial(), mostPillars)
    this.heads = {
      critical: this.head(new OctahedronGeometry(1.25), 'critical'),
      warning: this.head(new BoxGeometry(1.35, 1.35, 1.35), 'warning'),
      info: this.head(new SphereGeometry(0.8, 12, 8), 'info'),
    }
    this.rods.count = 0
    this.rods.frustumCulled = false
    this.rods.instanceMatrix.setUsage(DynamicDrawUsage)
    this.scene.add(this.rods, ...Object.values(this.heads))
    canvas.addEventListener('pointerdown', this.press)
    canvas.addEventListener('pointerup', this.release)
    this.watcher = new ResizeObserver(() => this.resize())
    this.watcher.observe(host)
    this.resize()
  }

  setAtlas(atlas: Atlas) {
    this.clearCity()
    this.atlas = atlas
    this.city = buildings(atlas.spots)
    this.ground = grounds(atlas.spots)
    this.cityMesh = new Mesh(this.city.geometry, this.material)
    this.groundMesh = new Mesh(this.ground.geometry, this.groundMaterial)
    this.wallLines = new LineSegments(walls(atlas.spots), new LineBasicMaterial({ color: 0x3d5a66 }))
    this.scene.add(this.groundMesh, this.wallLines, this.cityMesh)
    this.invalidate()
  }

  /** Shades every building and ground; what lies outside of the focus steps back. */
  shade(toneOf: (spot: Spot) => Tone) {
    if (!this.atlas) return
    const colour = new Color()
    const back = new Color(ink)
    for (const [merged, palette] of [[this.city, tones], [this.ground, groundTones]] as const) {
      if (!merged) continue
      const attribute = merged.geometry.getAttribute('tone') as BufferAttribute
      for (const part of merged.parts) {
        const spot = this.atlas.get(part.id)
        if (!spot) continue
        colour.setHex(palette[toneOf(spot)])
        if (this.focusId && !this.atlas.isInside(part.id, this.focusId)) colour.lerp(back, 0.6)
        for (let v = part.from; v < part.from + part.count; v++) attribute.setXYZ(v, colour.r, colour.g, colour.b)
      }
      attribute.needsUpdate = true
    }
    this.invalidate()
  }

  setDevices(counts: { place: string; devices: number; heard: number }[]) {
    if (!this.atlas) return
    this.drop(this.devices)
    const known = counts.flatMap(c => {
      const spot = this.atlas?.get(c.place)
      return spot?.placed || spot?.children.length ? [{ spot, devices: c.devices, heard: c.heard }] : []
    })
    this.devices = new Points(devicePoints(known, mostDevices),
      new PointsMaterial({ size: 2.5, sizeAttenuation: false, vertexColors: true, transparent: true, opacity: 0.8, depthWrite: false }))
    this.scene.add(this.devices)
    this.dimDevices()
    this.invalidate()
  }
  /** Twenty thousand points are a texture from afar and devices from near. */
  private dimDevices() {
    if (!this.devices) return
    const material = this.devices.material as PointsMaterial
    const near = Math.min(Math.max(300 / this.radius, 0), 1)
    material.size = (1 + 2.5 * near) * this.renderer.getPixelRatio()
    material.opacity = 0.25 + 0.6 * near
  }

  setPillars(pillars: Pillar[]) {
    this.pillars = pillars.slice(0, mostPillars)
    const now = performance.now()
    for (const p of this.pillars) if (p.fresh && !this.calm.matches) this.rising.push({ place: p.place, began: now })
    this.rising = this.rising.slice(-50)
    this.standPillars()
  }

  /** Names of places that stand on the map besides the situations. */
  setPlaces(labels: { place: string; text: string; sub: string; late: boolean }[]) {
    this.places = labels.flatMap(l => {
      const spot = this.atlas?.get(l.place)
      if (!spot) return []
      const top = spot.kind === 'building' ? spot.height : 4
      return [{ key: 'place:' + l.place, place: l.place, kind: 'place' as const, shape: l.late ? '!' : '', text: l.text, sub: l.sub,
        at: new Vector3(spot.x, top, spot.z), priority: spot.kind === 'building' ? 50 : 250 }]
    })
    this.invalidate()
  }

  /** Looks at a place; floor (from 1) lights one floor of a building. */
  focus(id: string, floor?: number) {
    if (!this.atlas) return
    const moved = this.focusId !== id || !this.flight
    this.focusId = id
    const spot = this.atlas.get(id)
    this.material.uniforms.uUnit!.value = spot?.kind === 'building' && floor ? spot.index : -1
    ;(this.material.uniforms.uFloor!.value as Vector2).set(((floor ?? 0) - 1) * 3, (floor ?? 0) * 3)
    if (moved) this.frameOn(id)
    this.standPillars()
  }

  readonly invalidate = () => {
    if (!this.frame) this.frame = requestAnimationFrame(this.draw)
  }

  dispose() {
    cancelAnimationFrame(this.frame)
    this.watcher.disconnect()
    this.controls.removeEventListener('change', this.invalidate)
    this.controls.dispose()
    this.clearCity()
    this.drop(this.devices)
    for (const mesh of [this.rods, ...Object.values(this.heads)]) (this.drop(mesh), mesh.dispose())
    this.material.dispose()
    this.groundMaterial.dispose()
    this.labels.dispose()
    this.renderer.dispose()
    this.renderer.domElement.remove()
  }

  /** For tests: what the graphics card holds. */
  holds() { return { ...this.renderer.info.memory, calls: this.renderer.info.render.calls, triangles: this.renderer.info.render.triangles } }

  // ---- drawing ----------------------------------------------------------------------------------------------

  private readonly draw = () => {
    this.frame = 0
    this.frames++
    const now = performance.now()
    if (this.flight) this.fly(now)
    if (this.rising.length) {
      this.standPillars(now)
      this.rising = this.rising.filter(r => now - r.began < 900)
    }
    this.renderer.render(this.scene, this.camera)
    this.labels.lay([...this.pillarLabels(), ...this.places], this.camera, this.host.clientWidth, this.host.clientHeight)
    if (this.flight || this.rising.length) this.invalidate()
  }

  private fly(now: number) {
    const f = this.flight!
    const t = Math.min((now - f.began) / 800, 1)
    const eased = t < 0.5 ? 4 * t * t * t : 1 - (-2 * t + 2) ** 3 / 2
    this.camera.position.lerpVectors(f.from, f.to, eased)
    this.controls.target.lerpVectors(f.fromTarget, f.toTarget, eased)
    this.camera.lookAt(this.controls.target)
    if (t < 1) return
    this.flight = undefined
    this.controls.update()
  }

  private frameOn(id: string) {
    const b = this.atlas!.boundsOf(id)
    const target = new Vector3((b.x0 + b.x1) / 2, Math.min(b.top / 3, 20), (b.z0 + b.z1) / 2)
    this.radius = Math.max(Math.hypot(b.x1 - b.x0, b.z1 - b.z0) / 2, b.top * 0.8, 35)
    const { distance, to } = this.fit(b, target)
    this.dimDevices()
    this.controls.minDistance = 25
    this.controls.maxDistance = distance * 4
    this.camera.far = distance * 12
    this.camera.near = Math.max(distance / 200, 0.5)
    this.camera.updateProjectionMatrix()
    for (const m of [this.material, this.groundMaterial]) m.uniforms.uFar!.value = distance
    const first = this.camera.position.lengthSq() === 0
    if (first || this.calm.matches) {
      this.camera.position.copy(to)
      this.controls.target.copy(target)
      this.controls.update()
    } else {
      this.flight = { from: this.camera.position.clone(), to, fromTarget: this.controls.target.clone(), toTarget: target, began: performance.now() }
    }
    this.invalidate()
  }

  /** From where the whole of it fills the canvas; moves `target` to the middle of what is seen. */
  private fit(b: Bounds, target: Vector3): { distance: number; to: Vector3 } {
    const eye = this.camera.clone()
    const top = b.top + this.radius * 0.08
    const corners = [b.x0, b.x1].flatMap(x => [b.z0, b.z1].flatMap(z => [0, top].map(y => new Vector3(x, y, z))))
    const half = Math.tan((eye.fov * Math.PI) / 360)
    const point = new Vector3(), right = new Vector3(), up = new Vector3(), back = new Vector3()
    let distance = Math.max(this.radius / half, 60)
    for (let i = 0; i < 6; i++) {
      eye.position.copy(target).addScaledVector(gaze, distance)
      eye.lookAt(target)
      eye.near = distance / 200
      eye.far = distance * 12
      eye.updateProjectionMatrix()
      eye.updateMatrixWorld()
      const seen = { x0: 9, x1: -9, y0: 9, y1: -9 }
      for (const corner of corners) {
        point.copy(corner).project(eye)
        seen.x0 = Math.min(seen.x0, point.x), seen.x1 = Math.max(seen.x1, point.x)
        seen.y0 = Math.min(seen.y0, point.y), seen.y1 = Math.max(seen.y1, point.y)
      }
      eye.matrixWorld.extractBasis(right, up, back)
      target.addScaledVector(right, ((seen.x0 + seen.x1) / 2) * half * eye.aspect * distance)
      target.addScaledVector(up, ((seen.y0 + seen.y1) / 2) * half * distance)
      distance = Math.max(distance * Math.max((seen.x1 - seen.x0) / 2, (seen.y1 - seen.y0) / 2) / 0.9, 60)
    }
    return { distance, to: target.clone().addScaledVector(gaze, distance) }
  }

  private topOf(spot: Spot): number { return spot.kind === 'building' ? spot.height : 0 }

  private standPillars(now = performance.now()) {
    if (!this.atlas) return
    const matrix = new Matrix4(), colour = new Color()
    const thick = this.radius * 0.0045, tall = this.radius * 0.1
    const counts: Record<Severity, number> = { critical: 0, warning: 0, info: 0 }
    let n = 0
    for (const p of this.pillars) {
      const spot = this.atlas.get(p.place)
      if (!spot) continue
      const birth = this.rising.find(r => r.place === p.place)
      const grown = birth ? Math.min((now - birth.began) / 800, 1) : 1
      const height = tall * grown * (p.severity === 'critical' ? 1.4 : p.severity === 'warning' ? 1.1 : 0.8)
      const base = this.topOf(spot)
      const step = this.focusId && !this.atlas.isInside(p.place, this.focusId) ? 0.35 : 1
      matrix.makeScale(thick, height, thick).setPosition(spot.x, base + height / 2, spot.z)
      this.rods.setMatrixAt(n, matrix)
      this.rods.setColorAt(n++, colour.setHex(pillarTones[p.severity]).multiplyScalar(step * 0.8))
      const head = this.heads[p.severity], size = thick * 2.8
      matrix.makeScale(size, size, size).setPosition(spot.x, base + height, spot.z)
      head.setMatrixAt(counts[p.severity]++, matrix)
    }
    this.rods.count = n
    this.rods.instanceMatrix.needsUpdate = true
    if (this.rods.instanceColor) this.rods.instanceColor.needsUpdate = true
    for (const severity of severities) {
      this.heads[severity].count = counts[severity]
      this.heads[severity].instanceMatrix.needsUpdate = true
    }
    this.invalidate()
  }

  private pillarLabels(): Label[] {
    const tall = this.radius * 0.1
    const rank: Record<Severity, number> = { critical: 300, warning: 200, info: 100 }
    const inside = this.pillars.filter(p => !this.focusId || this.atlas?.isInside(p.place, this.focusId))
    // Where very much goes on, only the gravest speak; the others are pillars until one looks nearer.
    const spoken = inside.length <= 24 ? inside : inside.filter(p => p.severity === 'critical').slice(0, 24)
    return spoken.flatMap(p => {
      const spot = this.atlas?.get(p.place)
      if (!spot) return []
      const height = tall * (p.severity === 'critical' ? 1.4 : p.severity === 'warning' ? 1.1 : 0.8)
      return [{ key: 'pillar:' + p.place, place: p.place, kind: p.severity, shape: '', text: p.text, sub: p.count > 1 ? '×' + p.count : '',
        at: new Vector3(spot.x, this.topOf(spot) + height, spot.z), priority: rank[p.severity] + Math.min(p.count, 50) }]
    })
  }

  // ---- picking ----------------------------------------------------------------------------------------------

  private readonly press = (e: PointerEvent) => this.down.set(e.clientX, e.clientY)
  private readonly release = (e: PointerEvent) => {
    if (this.down.distanceTo(new Vector2(e.clientX, e.clientY)) > 5) return
    const box = this.renderer.domElement.getBoundingClientRect()
    const id = this.pick(e.clientX - box.left, e.clientY - box.top)
    if (id) this.onPick(id)
  }

  /** The place under a point of the canvas: a building, else the innermost ground. */
  pick(x: number, y: number): string | undefined {
    const ray = new Raycaster()
    ray.setFromCamera(new Vector2((x / this.host.clientWidth) * 2 - 1, 1 - (y / this.host.clientHeight) * 2), this.camera)
    const hit = this.cityMesh && ray.intersectObject(this.cityMesh, false)[0]
    if (hit?.face) return this.city?.parts.find(p => hit.face!.a >= p.from && hit.face!.a < p.from + p.count)?.id
    const { origin, direction } = ray.ray
    if (direction.y >= 0) return undefined
    const t = -origin.y / direction.y, px = origin.x + direction.x * t, pz = origin.z + direction.z * t
    const over = this.ground?.parts.filter(p => within(this.atlas?.get(p.id)?.ring ?? [], px, pz))
    return over?.[over.length - 1]?.id
  }

  // ---- parts ------------------------------------------------------------------------------------------------

  private shader(floors: boolean) {
    return new ShaderMaterial({
      vertexShader, fragmentShader,
      uniforms: {
        uInk: { value: new Color(ink) }, uAccent: { value: new Color(0x56c4c0) }, uFar: { value: 1000 }, uUnit: { value: -1 },
        uFloor: { value: new Vector2() }, uFloors: { value: floors ? 1 : 0 },
      },
    })
  }

  private head(geometry: BufferGeometry, severity: Severity) {
    const mesh = new InstancedMesh(geometry, new MeshBasicMaterial({ color: pillarTones[severity] }), mostPillars)
    mesh.count = 0
    mesh.frustumCulled = false
    mesh.instanceMatrix.setUsage(DynamicDrawUsage)
    return mesh
  }

  private resize() {
    const width = Math.max(this.host.clientWidth, 1), height = Math.max(this.host.clientHeight, 1)
    this.renderer.setSize(width, height)
    this.camera.aspect = width / height
    this.camera.updateProjectionMatrix()
    if (this.atlas) this.frameOn(this.focusId)
    this.invalidate()
  }

  private clearCity() {
    for (const mesh of [this.groundMesh, this.cityMesh, this.wallLines]) this.drop(mesh, mesh === this.wallLines)
    this.groundMesh = this.cityMesh = this.wallLines = undefined
  }

  private drop(thing: Mesh | LineSegments | Points | undefined, material = true) {
    if (!thing) return
    this.scene.remove(thing)
    thing.geometry.dispose()
    if (material) for (const m of [thing.material].flat()) m.dispose()
  }
}
