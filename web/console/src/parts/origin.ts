// Floor and column of what fell, out of the attributes of a detection. Anything may stand in them: a device sent them.
export interface Told { at: number; error?: number }
export interface Origin { floor?: Told; column?: Told }

function told(at: unknown, error: unknown): Told | undefined {
  if (typeof at !== 'number' || !Number.isInteger(at) || at < 1) return undefined
  return typeof error === 'number' && error > 0 && error < 1000 ? { at, error: Math.max(error, 0.1) } : { at }
}

export function originOf(attributes: Record<string, unknown> | undefined): Origin {
  return attributes ? { floor: told(attributes.floor, attributes.floor_error), column: told(attributes.column, attributes.column_error) } : {}
}
