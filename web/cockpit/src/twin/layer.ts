// The layer of labels over the canvas: a fixed pool of elements that are moved, never made anew.
import { Vector3, type PerspectiveCamera } from 'three'
import { placeLabels, type Wanted } from './labels'

export interface Label {
  key: string; place: string; kind: 'place' | 'info' | 'warning' | 'critical'; shape: string; text: string; sub: string; at: Vector3; priority: number
}

const most = 48, mostMeasured = 600

interface Slot { element: HTMLElement; text: HTMLElement; sub: HTMLElement; shape: HTMLElement; place: string; said: string }

export class LabelLayer {
  private readonly layer = document.createElement('div')
  private readonly slots: Slot[] = []
  private readonly widths = new Map<string, number>()
  private readonly ruler = document.createElement('canvas').getContext('2d')
  private readonly point = new Vector3()

  constructor(host: HTMLElement, private readonly pick: (place: string) => void) {
    this.layer.className = 'labels'
    for (let i = 0; i < most; i++) this.slots.push(this.slot())
    host.append(this.layer)
  }

  lay(labels: Label[], camera: PerspectiveCamera, width: number, height: number) {
    const em = parseFloat(getComputedStyle(this.layer).fontSize)
    const wanted: Wanted[] = labels.map(l => {
      this.point.copy(l.at).project(camera)
      const behind = this.point.z > 1 || this.point.z < -1
      return {
        x: behind ? -1 : ((this.point.x + 1) / 2) * width, y: behind ? -1 : ((1 - this.point.y) / 2) * height,
        width: this.measure(l, em), height: em * 1.7, priority: l.priority,
      }
    })
    const boxes = placeLabels(wanted, width, height, most)
    let used = 0
    boxes.forEach((box, i) => {
      if (!box) return
      const label = labels[i]!, slot = this.slots[used++]!
      const said = `${label.kind}|${label.shape}|${label.text}|${label.sub}`
      if (slot.said !== said) {
        slot.said = said
        slot.element.className = 'label ' + label.kind + (label.shape ? ' late' : '')
        slot.shape.textContent = label.shape
        slot.text.textContent = label.text
        slot.sub.textContent = label.sub
      }
      slot.place = label.place
      slot.element.style.transform = `translate(${Math.round(box.x)}px, ${Math.round(box.y)}px)`
      slot.element.style.width = box.width + 'px'
      slot.element.hidden = false
    })
    for (; used < this.slots.length; used++) this.slots[used]!.element.hidden = true
  }

  dispose() { this.layer.remove() }

  private slot(): Slot {
    const element = document.createElement('button')
    element.type = 'button'
    const parts = ['shape', 'text', 'sub'].map(name => {
      const part = document.createElement('span')
      part.className = name
      element.append(part)
      return part
    })
    element.hidden = true
    const slot: Slot = { element, shape: parts[0]!, text: parts[1]!, sub: parts[2]!, place: '', said: '' }
    element.addEventListener('click', () => this.pick(slot.place))
    this.layer.append(element)
    return slot
  }

  private measure(label: Label, em: number): number {
    const key = `${em}|${label.kind}|${label.text}|${label.sub}`
    let width = this.widths.get(key)
    if (width === undefined) {
      if (this.widths.size > mostMeasured) this.widths.clear()
      if (this.ruler) this.ruler.font = `600 ${em}px ${getComputedStyle(this.layer).fontFamily}`
      const of = (text: string) => this.ruler?.measureText(text).width ?? text.length * em
      width = Math.ceil(of(label.text) + (label.sub ? of(label.sub) + em * 0.5 : 0) + em * (label.kind === 'place' ? 1.2 : 2.2) + (label.shape ? em : 0))
      this.widths.set(key, width)
    }
    return width
  }
}
