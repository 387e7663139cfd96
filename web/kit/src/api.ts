// The API client: cookie session, problem+json as an error that pages can show at the field.

/** What went wrong, as the program says it. `field` is a JSON pointer ("/person/phone") or a query ("?from"). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly field: string,
    /** For some refusals the program adds facts, such as the rows of a sheet that are wrong. */
    readonly facts: Record<string, unknown> = {},
  ) {
    super(detail || code)
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>

export interface Asking {
  /** The purpose for which plain personal data is looked at (X-Purpose). */
  purpose?: string
  /** The same key within 24 hours gives the first answer again; made once for each form. */
  key?: string
  signal?: AbortSignal
}

let leave: (() => void) | null = null
/** What a page does when its session has ended under it. */
export function onLoggedOut(then: () => void) {
  leave = then
}

/** What is not there and what is empty is left out. `false` is said: `answered=false` asks for something else than no word. */
export function address(path: string, query: Query = {}): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') words.set(name, String(value))
  const text = words.toString()
  return '/api/v1/' + path + (text ? '?' + text : '')
}

/** The same list as a file: `suffix` xlsx or csv. */
export function fileAddress(path: string, suffix: 'xlsx' | 'csv', query: Query = {}): string {
  return address(path + '.' + suffix, query)
}

function problemOf(response: Response, text: string): Problem {
  try {
    const { code, detail, field, ...facts } = JSON.parse(text) as { code?: string; detail?: string; field?: string }
    return new Problem(response.status, code ?? 'page.unknown', detail ?? '', field ?? '', facts)
  } catch {
    return new Problem(response.status, 'page.bad_answer', text.slice(0, 200), '')
  }
}

async function reach(method: string, path: string, body: BodyInit | undefined, type: string, asking: Asking): Promise<Response> {
  const headers: Record<string, string> = { 'X-Lifang-Page': '1' }
  if (type) headers['Content-Type'] = type
  if (asking.purpose) headers['X-Purpose'] = asking.purpose
  if (asking.key) headers['Idempotency-Key'] = asking.key
  try {
    return await fetch(path.startsWith('/') ? path : '/api/v1/' + path, {
      method, credentials: 'same-origin', headers, body, signal: asking.signal,
    })
  } catch (error) {
    if (asking.signal?.aborted) throw error
    throw new Problem(0, 'page.no_network', '', '')
  }
}

function refused(response: Response, text: string): Problem {
  const problem = problemOf(response, text)
  if (problem.status === 401 && problem.code === 'access.login_needed') leave?.()
  return problem
}

async function send(method: string, path: string, body: BodyInit | undefined, type: string, asking: Asking): Promise<string> {
  const response = await reach(method, path, body, type, asking)
  const text = await response.text()
  if (response.ok) return text
  throw refused(response, text)
}

async function ask<T>(method: string, path: string, body: unknown, asking: Asking = {}): Promise<T> {
  const text = await send(method, path, body === undefined ? undefined : JSON.stringify(body),
    body === undefined ? '' : 'application/json', asking)
  try {
    return (text ? JSON.parse(text) : {}) as T
  } catch {
    throw new Problem(200, 'page.bad_answer', text.slice(0, 200), '')
  }
}

export const api = {
  get: <T>(path: string, query: Query = {}, asking?: Asking) => ask<T>('GET', address(path, query), undefined, asking),
  post: <T>(path: string, body: unknown = {}, asking?: Asking) => ask<T>('POST', path, body, asking),
  put: <T>(path: string, body: unknown, asking?: Asking) => ask<T>('PUT', path, body, asking),
  patch: <T>(path: string, body: unknown, asking?: Asking) => ask<T>('PATCH', path, body, asking),
  remove: <T>(path: string, asking?: Asking) => ask<T>('DELETE', path, undefined, asking),
  /** Sends the bytes of a file as they are. */
  upload: async <T>(path: string, file: Blob, query: Query = {}, asking: Asking = {}) =>
    JSON.parse(await send('POST', address(path, query), file, file.type || 'application/octet-stream', asking)) as T,
  /** Posts, and takes the answer as a file. */
  file: async (path: string, body: unknown = {}, asking: Asking = {}): Promise<Blob> => {
    const response = await reach('POST', path, JSON.stringify(body), 'application/json', asking)
    if (response.ok) return response.blob()
    throw refused(response, await response.text())
  },
  text: (path: string) => send('GET', path, undefined, '', {}),
}

/** Everything of a list, page by page, up to `most` items. */
export async function all<T>(path: string, query: Query = {}, most = 5000): Promise<T[]> {
  const items: T[] = []
  let after: string | undefined
  do {
    const page = await api.get<{ items: T[]; next: string | null }>(path, { limit: 500, ...query, after })
    items.push(...page.items)
    after = page.next ?? undefined
  } while (after && items.length < most)
  return items
}

/** A key for a form: sent again after a cut line, the deed is done once. */
export function formKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}
