// QR codes (ISO/IEC 18004), versions 1 to 10, alphanumeric or byte mode: enough for a household's code or a link.

const kAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
export type Level = 'L' | 'M' | 'Q' | 'H'
const kLevelBits: Record<Level, number> = { L: 1, M: 0, Q: 3, H: 2 }
// Per version: error correction words of a block, number of blocks (ISO/IEC 18004 table 9).
const kWords: Record<Level, number[]> = {
  L: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18], M: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26],
  Q: [13, 22, 18, 26, 18, 24, 18, 22, 20, 24], H: [17, 28, 22, 16, 22, 28, 26, 26, 24, 28],
}
const kBlocks: Record<Level, number[]> = {
  L: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4], M: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5],
  Q: [1, 1, 2, 2, 4, 4, 6, 6, 8, 8], H: [1, 1, 2, 4, 4, 4, 5, 6, 8, 8],
}

function rawModules(version: number): number {
  let n = (16 * version + 128) * version + 64
  if (version >= 2) {
    const aligns = Math.floor(version / 7) + 2
    n -= (25 * aligns - 10) * aligns - 55
    if (version >= 7) n -= 36
  }
  return n
}
const dataWords = (version: number, level: Level) => Math.floor(rawModules(version) / 8) - kWords[level][version - 1]! * kBlocks[level][version - 1]!

/// Multiplies in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
function times(a: number, b: number): number {
  let product = 0
  for (let i = 7; i >= 0; i--) product = (product << 1) ^ ((product >>> 7) * 0x11d) ^ (((b >>> i) & 1) * a)
  return product
}
function divisor(degree: number): number[] {
  const result = Array<number>(degree - 1).fill(0).concat(1)
  let root = 1
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) result[j] = times(result[j]!, root) ^ (result[j + 1] ?? 0)
    root = times(root, 2)
  }
  return result
}
function remainder(data: number[], by: number[]): number[] {
  const result = by.map(() => 0)
  for (const word of data) {
    const factor = word ^ result.shift()!
    result.push(0)
    by.forEach((c, i) => (result[i]! ^= times(c, factor)))
  }
  return result
}

function bitsOf(text: string, version: number): number[] {
  const bits: number[] = []
  const push = (value: number, length: number) => { for (let i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1) }
  if ([...text].every(c => kAlphabet.includes(c))) {
    push(2, 4)
    push(text.length, version < 10 ? 9 : 11)
    for (let i = 0; i + 1 < text.length; i += 2) push(kAlphabet.indexOf(text[i]!) * 45 + kAlphabet.indexOf(text[i + 1]!), 11)
    if (text.length % 2) push(kAlphabet.indexOf(text.at(-1)!), 6)
  } else {
    const bytes = new TextEncoder().encode(text)
    push(4, 4)
    push(bytes.length, version < 10 ? 8 : 16)
    bytes.forEach(b => push(b, 8))
  }
  return bits
}

function wordsOf(text: string, version: number, level: Level): number[] {
  const bits = bitsOf(text, version)
  const room = dataWords(version, level) * 8
  for (let i = 0; i < 4 && bits.length < room; i++) bits.push(0)
  while (bits.length % 8) bits.push(0)
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) for (let i = 7; i >= 0; i--) bits.push((pad >>> i) & 1)
  const data: number[] = []
  for (let i = 0; i < bits.length; i += 8) data.push(bits.slice(i, i + 8).reduce((w, b) => (w << 1) | b, 0))
  const blocks = kBlocks[level][version - 1]!, check = kWords[level][version - 1]!
  const all = Math.floor(rawModules(version) / 8), short = blocks - (all % blocks), length = Math.floor(all / blocks)
  const by = divisor(check)
  const rows: number[][] = []
  for (let i = 0, k = 0; i < blocks; i++) {
    const part = data.slice(k, k + length - check + (i < short ? 0 : 1))
    k += part.length
    const ecc = remainder(part, by)
    if (i < short) part.push(-1)
    rows.push(part.concat(ecc))
  }
  const result: number[] = []
  for (let i = 0; i < rows[0]!.length; i++) for (const row of rows) if (row[i]! >= 0) result.push(row[i]!)
  return result
}

class Grid {
  readonly size: number
  readonly dark: boolean[][]
  private fixed: boolean[][]
  constructor(private version: number, private level: Level) {
    this.size = version * 4 + 17
    this.dark = Array.from({ length: this.size }, () => Array<boolean>(this.size).fill(false))
    this.fixed = this.dark.map(row => [...row])
    this.patterns()
  }
  private set(x: number, y: number, dark: boolean) {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return
    this.dark[y]![x] = dark
    this.fixed[y]![x] = true
  }
  private patterns() {
    const far = this.size - 1
    for (let i = 0; i < this.size; i++) { this.set(6, i, i % 2 === 0); this.set(i, 6, i % 2 === 0) }
    for (const [cx, cy] of [[3, 3], [far - 3, 3], [3, far - 3]] as const)
      for (let dy = -4; dy <= 4; dy++) for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy))
        this.set(cx + dx, cy + dy, ring !== 2 && ring !== 4)
      }
    const places = this.aligns()
    places.forEach((y, i) => places.forEach((x, j) => {
      const last = places.length - 1
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return
      for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) this.set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1)
    }))
    this.format(0)
    if (this.version >= 7) {
      let rest = this.version
      for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25)
      const bits = (this.version << 12) | rest
      for (let i = 0; i < 18; i++) {
        const a = this.size - 11 + (i % 3), b = Math.floor(i / 3), dark = ((bits >>> i) & 1) === 1
        this.set(a, b, dark)
        this.set(b, a, dark)
      }
    }
  }
  private aligns(): number[] {
    if (this.version === 1) return []
    const count = Math.floor(this.version / 7) + 2
    const step = Math.ceil((this.size - 13) / (count * 2 - 2)) * 2
    const result = [6]
    for (let at = this.size - 7; result.length < count; at -= step) result.splice(1, 0, at)
    return result
  }
  format(mask: number) {
    const data = (kLevelBits[this.level] << 3) | mask
    let rest = data
    for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537)
    const bits = ((data << 10) | rest) ^ 0x5412
    const bit = (i: number) => ((bits >>> i) & 1) === 1
    for (let i = 0; i <= 5; i++) this.set(8, i, bit(i))
    this.set(8, 7, bit(6)); this.set(8, 8, bit(7)); this.set(7, 8, bit(8))
    for (let i = 9; i < 15; i++) this.set(14 - i, 8, bit(i))
    for (let i = 0; i < 8; i++) this.set(this.size - 1 - i, 8, bit(i))
    for (let i = 8; i < 15; i++) this.set(8, this.size - 15 + i, bit(i))
    this.set(8, this.size - 8, true)
  }
  fill(words: number[]) {
    let i = 0
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5
      for (let step = 0; step < this.size; step++) for (let j = 0; j < 2; j++) {
        const x = right - j, upward = ((right + 1) & 2) === 0, y = upward ? this.size - 1 - step : step
        if (this.fixed[y]![x] || i >= words.length * 8) continue
        this.dark[y]![x] = ((words[i >>> 3]! >>> (7 - (i & 7))) & 1) === 1
        i++
      }
    }
  }
  mask(which: number) {
    const flips = [(x: number, y: number) => (x + y) % 2, (_: number, y: number) => y % 2, (x: number) => x % 3, (x: number, y: number) => (x + y) % 3,
      (x: number, y: number) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x: number, y: number) => ((x * y) % 2) + ((x * y) % 3),
      (x: number, y: number) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x: number, y: number) => (((x + y) % 2) + ((x * y) % 3)) % 2][which]!
    for (let y = 0; y < this.size; y++) for (let x = 0; x < this.size; x++)
      if (!this.fixed[y]![x] && flips(x, y) === 0) this.dark[y]![x] = !this.dark[y]![x]
  }
  /// How hard it is to read: long runs, blocks, patterns like the corners, too much of one shade.
  penalty(): number {
    const n = this.size
    let points = 0, dark = 0
    const at = (x: number, y: number) => (this.dark[y]![x] ? '1' : '0')
    for (let i = 0; i < n; i++) {
      let row = '', column = ''
      for (let j = 0; j < n; j++) { row += at(j, i); column += at(i, j) }
      for (const line of [row, column]) {
        for (const run of line.match(/0{5,}|1{5,}/g) ?? []) points += run.length - 2
        for (const finder of ['10111010000', '00001011101']) for (let k = line.indexOf(finder); k >= 0; k = line.indexOf(finder, k + 1)) points += 40
      }
      dark += row.split('1').length - 1
    }
    for (let y = 0; y + 1 < n; y++) for (let x = 0; x + 1 < n; x++) {
      const c = at(x, y)
      if (c === at(x + 1, y) && c === at(x, y + 1) && c === at(x + 1, y + 1)) points += 3
    }
    return points + Math.floor(Math.abs(dark * 20 - n * n * 10) / (n * n)) * 10
  }
}

/// The modules of the code, dark ones true; throws RangeError for more than a version 10 holds.
export function qr(text: string, level: Level = 'Q'): boolean[][] {
  for (let version = 1; version <= 10; version++) {
    if (bitsOf(text, version).length > dataWords(version, level) * 8) continue
    const grid = new Grid(version, level)
    grid.fill(wordsOf(text, version, level))
    let best = 0, least = Infinity
    for (let mask = 0; mask < 8; mask++) {
      grid.mask(mask)
      grid.format(mask)
      const points = grid.penalty()
      if (points < least) { least = points; best = mask }
      grid.mask(mask)
    }
    grid.mask(best)
    grid.format(best)
    return grid.dark
  }
  throw new RangeError('too long for a code')
}

/// The dark modules as one SVG path in units of a module.
export function qrPath(modules: boolean[][]): string {
  return modules.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('')
}
