// What people said while the line was away: kept in order, sent once, and every refusal told. No browser in here, so that
// the promise can be tested by itself.

/// A picture or a recording that goes up before the words it belongs to. `id` stands once the node has it.
export interface Enclosure { key: string; type: string; blob: Blob; id?: string }

/// One thing said to the node. `about` is the case that it belongs to ("" for none yet), `what` the words for the list.
export interface Letter {
  id: string
  n: number                       // order of writing
  account: string                 // only the login that wrote it may send it
  at: number                      // Unix ms of writing
  about: string
  what: string                    // "report", "accept", "handle", …
  title: string
  path: string                    // below /api/v1/
  body: Record<string, unknown>
  enclosures: Enclosure[]
  state: 'waiting' | 'refused'
  hold?: number                   // Unix ms until which it can be taken back and is not sent
  code?: string
  detail?: string
}
export type Draft = Omit<Letter, 'id' | 'n' | 'state' | 'hold' | 'code' | 'detail' | 'at' | 'enclosures'> & { enclosures?: { type: string; blob: Blob }[] }

/// Where letters lie until they are sent. All answers in order of `n`.
export interface Shelf {
  all(): Promise<Letter[]>
  put(letter: Letter): Promise<void>
  remove(id: string): Promise<void>
}
/// Brings things to the node; `key` is the Idempotency-Key. Throws something with `status` (0: no line) and `code`.
export interface Carrier {
  file(enclosure: Enclosure, key: string): Promise<string>
  letter(path: string, body: Record<string, unknown>, key: string): Promise<unknown>
}
export interface Means { id(): string; now(): number; alone<T>(work: () => Promise<T>): Promise<T> }

export type Outcome =
  | { state: 'sent'; answer: unknown }
  | { state: 'refused'; letter: string; code: string; detail: string; field: string }
  | { state: 'waiting'; why: 'no_line' | 'login' }
  | { state: 'held'; letter: string }

interface Trouble { status?: number; code?: string; detail?: string; field?: string }

/// Worth another try later: no line, a node that is busy or starting, a login that ran out.
export function passes(trouble: Trouble): 'no_line' | 'login' | null {
  const status = trouble.status ?? 0
  if (status === 401) return 'login'
  return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500 ? 'no_line' : null
}

/// A clock that was set back must not hold a letter for a day.
const kLongestHold = 60_000
/// It can still be taken back.
export const isHeld = (letter: Pick<Letter, 'state' | 'hold'>, now: number): boolean =>
  letter.state === 'waiting' && letter.hold !== undefined && letter.hold > now && letter.hold - now <= kLongestHold

export class Outbox {
  private running: Promise<void> | null = null
  private outcomes = new Map<string, Outcome>()
  /// Told after every change, with what lies there now.
  onChange: (letters: Letter[]) => void = () => {}
  /// Told when a letter has arrived.
  onSent: (letter: Letter, answer: unknown) => void = () => {}

  constructor(private shelf: Shelf, private carrier: Carrier, private means: Means) {}

  async letters(): Promise<Letter[]> { return this.shelf.all() }

  /// Keeps it first, then tries to send all that waits. The answer says what became of this one. `hold`: for so many ms it
  /// is only kept, and can be taken back; whoever says the next thing means the one before it.
  async submit(draft: Draft, hold = 0): Promise<Outcome> {
    await this.mean(draft.account)
    const letters = await this.shelf.all()
    const id = this.means.id()
    const letter: Letter = {
      ...draft, id, n: 1 + letters.reduce((most, l) => Math.max(most, l.n), 0), at: this.means.now(), state: 'waiting',
      ...(hold > 0 ? { hold: this.means.now() + hold } : {}),
      enclosures: (draft.enclosures ?? []).map((e, i) => ({ ...e, key: id + '.' + i })),
    }
    await this.shelf.put(letter)
    await this.tell()
    if (hold > 0) return { state: 'held', letter: id }
    return this.settle(letter)
  }

  /// What is held is meant: it goes with the next sending.
  async mean(account: string): Promise<void> {
    for (const letter of await this.shelf.all())
      if (letter.account === account && letter.hold !== undefined) await this.shelf.put({ ...letter, hold: undefined })
  }
  /// @returns whether it had not left yet
  async takeBack(id: string): Promise<boolean> {
    const letter = (await this.shelf.all()).find(l => l.id === id)
    if (!letter || !isHeld(letter, this.means.now())) return false
    await this.discard(id)
    return true
  }

  /// Sends what waits for this login, oldest first; stops where the line breaks. One at a time, also across pages.
  async flush(account: string): Promise<void> {
    while (this.running) await this.running
    this.running = this.means.alone(() => this.run(account)).finally(() => { this.running = null })
    return this.running
  }

  /// A refused letter was read, or a waiting one is not meant any more.
  async discard(id: string): Promise<void> {
    await this.shelf.remove(id)
    await this.tell()
  }
  /// Tries a refused one again.
  async again(id: string): Promise<Outcome> {
    const letter = (await this.shelf.all()).find(l => l.id === id)
    if (!letter) return { state: 'sent', answer: null }
    letter.state = 'waiting'
    await this.shelf.put(letter)
    await this.tell()
    return this.settle(letter)
  }

  private async settle(letter: Letter): Promise<Outcome> {
    await this.flush(letter.account)
    const outcome = this.outcomes.get(letter.id) ?? { state: 'waiting', why: 'no_line' }
    this.outcomes.delete(letter.id)
    return outcome
  }
  private async tell(): Promise<void> { this.onChange(await this.shelf.all()) }

  private async run(account: string): Promise<void> {
    for (;;) {
      const letter = (await this.shelf.all()).find(l => l.state === 'waiting' && l.account === account)
      // In order: what was said after a held letter has made it meant, so nothing stands behind it.
      if (!letter || isHeld(letter, this.means.now())) return
      try {
        const answer = await this.bring(letter)
        await this.shelf.remove(letter.id)
        this.outcomes.set(letter.id, { state: 'sent', answer })
        this.onSent(letter, answer)
      } catch (error) {
        const trouble = error as Trouble
        const why = passes(trouble)
        if (why) {
          for (const l of await this.shelf.all()) if (l.state === 'waiting' && l.account === account) this.outcomes.set(l.id, { state: 'waiting', why })
          await this.tell()
          return
        }
        letter.state = 'refused'
        letter.code = trouble.code ?? ''
        letter.detail = trouble.detail ?? ''
        await this.shelf.put(letter)
        this.outcomes.set(letter.id, { state: 'refused', letter: letter.id, code: letter.code, detail: letter.detail, field: trouble.field ?? '' })
      }
      await this.tell()
    }
  }

  /// Enclosures first. Each is noted down once it is up, so that a broken line never sends it a second time.
  private async bring(letter: Letter): Promise<unknown> {
    for (const enclosure of letter.enclosures)
      if (!enclosure.id) {
        enclosure.id = await this.carrier.file(enclosure, enclosure.key)
        await this.shelf.put(letter)
      }
    const files = letter.enclosures.map(e => e.id!)
    return this.carrier.letter(letter.path, files.length ? { ...letter.body, files } : letter.body, letter.id)
  }
}
