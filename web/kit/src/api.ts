// The API client: cookie session, problem+json as an error that pages can show at the field.

export class Problem extends Error {
  constructor(readonly status: number, readonly code: string, readonly detail: string, readonly field: string) {
    super(detail || code)
  }
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response
  try {
    response = await fetch('/api/v1/' + path, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw new Problem(0, 'page.no_network', '', '')
  }
  const text = await response.text()
  let answer: unknown = {}
  try {
    answer = text ? JSON.parse(text) : {}
  } catch {
    throw new Problem(response.status, 'page.bad_answer', text.slice(0, 200), '')
  }
  if (!response.ok) {
    const p = answer as { code?: string; detail?: string; field?: string }
    throw new Problem(response.status, p.code ?? 'page.unknown', p.detail ?? '', p.field ?? '')
  }
  return answer as T
}

export const api = {
  get: <T>(path: string, query: Record<string, string | undefined> = {}) => {
    const pairs = Object.entries(query).filter((q): q is [string, string] => !!q[1])
    return ask<T>('GET', path + (pairs.length ? '?' + new URLSearchParams(pairs).toString() : ''))
  },
  post: <T>(path: string, body: unknown = {}) => ask<T>('POST', path, body),
  put: <T>(path: string, body: unknown) => ask<T>('PUT', path, body),
  remove: <T>(path: string) => ask<T>('DELETE', path),
}
