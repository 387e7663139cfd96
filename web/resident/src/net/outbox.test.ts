import { describe, expect, it } from 'vitest'
import { Outbox, passes, type Carrier, type Enclosure, type Letter, type Shelf } from './outbox'

class Table implements Shelf {
  rows = new Map<string, Letter>()
  async all() { return [...this.rows.values()].sort((a, b) => a.n - b.n).map(l => structuredClone({ ...l, enclosures: l.enclosures.map(e => ({ ...e, blob: null as unknown as Blob })) })) }
  async put(letter: Letter) { this.rows.set(letter.id, letter) }
  async remove(id: string) { this.rows.delete(id) }
}
/// The node as a phone sees it: remembers keys, may be out of reach before or after it has taken something in.
class Node implements Carrier {
  cut = false
  cutAfter = ''                 // takes this path in, but its answer never arrives
  refuses = new Map<string, { status: number; code: string }>()
  taken: { path: string; body: unknown; key: string }[] = []
  uploads: string[] = []
  private known = new Map<string, unknown>()
  async file(_: Enclosure, key: string) {
    if (this.cut) throw { status: 0, code: 'page.no_network' }
    if (!this.known.has(key)) { this.known.set(key, 'file_' + key); this.uploads.push(key) }
    return this.known.get(key) as string
  }
  async letter(path: string, body: Record<string, unknown>, key: string) {
    if (this.cut) throw { status: 0, code: 'page.no_network' }
    const refusal = this.refuses.get(path)
    if (refusal) throw refusal
    if (!this.known.has(key)) { this.known.set(key, { id: 'case_' + key }); this.taken.push({ path, body, key }) }
    if (this.cutAfter === path) { this.cutAfter = ''; this.cut = true; throw { status: 0, code: 'page.no_network' } }
    return this.known.get(key)
  }
}
function made(table = new Table(), node = new Node()) {
  let n = 0
  const clock = { ahead: 0 }
  const box = new Outbox(table, node, { id: () => 'k' + ++n, now: () => 1000 + n + clock.ahead, alone: work => work() })
  return { box, table, node, clock }
}
const draft = (path: string, extra = {}) => ({ account: 'wang', about: 'case_1', what: path, title: '', path, body: {}, ...extra })

describe('the outbox', () => {
  it('sends at once while the line stands, and keeps nothing', async () => {
    const { box, table, node } = made()
    const outcome = await box.submit(draft('cases'))
    expect(outcome.state).toBe('sent')
    expect(node.taken).toHaveLength(1)
    expect(table.rows.size).toBe(0)
  })

  it('keeps what is said without a line and sends it in order, once', async () => {
    const { box, node } = made()
    node.cut = true
    for (const move of ['accept', 'arrive', 'handle']) expect(await box.submit(draft(move))).toEqual({ state: 'waiting', why: 'no_line' })
    node.cut = false
    await Promise.all([box.flush('wang'), box.flush('wang')])
    expect(node.taken.map(t => t.path)).toEqual(['accept', 'arrive', 'handle'])
    expect(await box.letters()).toEqual([])
  })

  it('sends a letter whose answer was lost under the same key, so that it takes effect once', async () => {
    const { box, node } = made()
    node.cutAfter = 'handle'
    expect((await box.submit(draft('handle'))).state).toBe('waiting')
    expect(node.taken).toHaveLength(1)
    node.cut = false
    await box.flush('wang')
    expect(node.taken).toHaveLength(1)
    expect(await box.letters()).toEqual([])
  })

  it('uploads pictures first, and none of them twice when the line breaks between', async () => {
    const { box, node } = made()
    const blob = new Blob(['x'])
    node.refuses.set('handle', { status: 503, code: 'http.database' })
    await box.submit(draft('handle', { enclosures: [{ type: 'image/jpeg', blob }, { type: 'image/jpeg', blob }] }))
    expect(node.uploads).toEqual(['k1.0', 'k1.1'])
    node.refuses.clear()
    await box.flush('wang')
    expect(node.uploads).toHaveLength(2)
    expect(node.taken[0]!.body).toEqual({ files: ['file_k1.0', 'file_k1.1'] })
  })

  it('tells a refusal at its case, and goes on with the others', async () => {
    const { box, node } = made()
    node.cut = true
    await box.submit(draft('accept'))
    await box.submit(draft('note', { about: 'case_2' }))
    node.cut = false
    node.refuses.set('accept', { status: 409, code: 'cases.already_accepted' })
    await box.flush('wang')
    expect(node.taken.map(t => t.path)).toEqual(['note'])
    const left = await box.letters()
    expect(left).toHaveLength(1)
    expect(left[0]).toMatchObject({ about: 'case_1', state: 'refused', code: 'cases.already_accepted' })
    await box.flush('wang')
    expect(await box.letters()).toHaveLength(1)
    await box.discard(left[0]!.id)
    expect(await box.letters()).toEqual([])
  })

  it('tries a refused one again only when asked', async () => {
    const { box, node } = made()
    node.refuses.set('handle', { status: 422, code: 'cases.evidence_needed' })
    expect(await box.submit(draft('handle'))).toMatchObject({ state: 'refused', code: 'cases.evidence_needed' })
    node.refuses.clear()
    const [letter] = await box.letters()
    expect((await box.again(letter!.id)).state).toBe('sent')
  })

  it('never sends the letters of one login with another', async () => {
    const { box, node } = made()
    node.cut = true
    await box.submit(draft('accept'))
    node.cut = false
    await box.flush('li')
    expect(node.taken).toEqual([])
    await box.flush('wang')
    expect(node.taken).toHaveLength(1)
  })

  it('waits for the login when the session has ended, and loses nothing', async () => {
    const { box, node } = made()
    node.refuses.set('accept', { status: 401, code: 'access.login_needed' })
    expect(await box.submit(draft('accept'))).toEqual({ state: 'waiting', why: 'login' })
    expect(await box.letters()).toHaveLength(1)
  })

  it('survives the page: another outbox on the same shelf sends the rest', async () => {
    const first = made()
    first.node.cut = true
    await first.box.submit(draft('accept'))
    first.node.cut = false
    const second = made(first.table, first.node)
    await second.box.flush('wang')
    expect(first.node.taken).toHaveLength(1)
  })

  it('holds back what can be taken back, and sends it when the time is over', async () => {
    const { box, node, clock } = made()
    const outcome = await box.submit(draft('accept'), 5000)
    expect(outcome.state).toBe('held')
    await box.flush('wang')
    expect(node.taken).toEqual([])
    clock.ahead = 6000
    await box.flush('wang')
    expect(node.taken.map(t => t.path)).toEqual(['accept'])
    expect(await box.letters()).toEqual([])
  })

  it('takes back what is held and nothing that has left', async () => {
    const { box, node, clock } = made()
    const held = await box.submit(draft('accept'), 5000)
    expect(held.state === 'held' && (await box.takeBack(held.letter))).toBe(true)
    clock.ahead = 6000
    await box.flush('wang')
    expect(node.taken).toEqual([])
    const late = await box.submit(draft('arrive'), 5000)
    clock.ahead = 12_000
    expect(late.state === 'held' && (await box.takeBack(late.letter))).toBe(false)
    await box.flush('wang')
    expect(node.taken.map(t => t.path)).toEqual(['arrive'])
  })

  it('takes the next word for a yes to the one that is held, in order', async () => {
    const { box, node } = made()
    await box.submit(draft('accept'), 5000)
    expect((await box.submit(draft('arrive'))).state).toBe('sent')
    expect(node.taken.map(t => t.path)).toEqual(['accept', 'arrive'])
  })

  it('holds nothing for hours because a clock was set back', async () => {
    const { box, node, clock } = made()
    await box.submit(draft('accept'), 5000)
    clock.ahead = -3_600_000
    await box.flush('wang')
    expect(node.taken).toHaveLength(1)
  })

  it('says which letter was refused, so that a form that keeps its words can throw it away', async () => {
    const { box, node } = made()
    node.refuses.set('handle', { status: 422, code: 'cases.evidence_needed' })
    const outcome = await box.submit(draft('handle'))
    expect(outcome.state === 'refused' && outcome.letter).toBe((await box.letters())[0]!.id)
  })

  it('tells apart what will pass from what was refused', () => {
    expect([0, 408, 429, 500, 503].map(status => passes({ status }))).toEqual(Array(5).fill('no_line'))
    expect(passes({ status: 401 })).toBe('login')
    expect([400, 403, 404, 409, 413, 422].map(status => passes({ status }))).toEqual(Array(6).fill(null))
  })
})
