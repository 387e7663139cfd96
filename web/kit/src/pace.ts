// How often something is asked while events pour in.

/**
 * `deed` at the first call at once; whatever comes within `rest` milliseconds of the last deed is one deed at the end of that rest.
 * So an event by itself is answered without a wait, and a storm asks no more than once a rest.
 */
export function atOnceThenRarely(deed: () => void, rest: number, clock: () => number = () => Date.now()) {
  let last = -Infinity
  let waits: ReturnType<typeof setTimeout> | undefined
  const now = () => {
    waits = undefined
    last = clock()
    deed()
  }
  return {
    go: () => {
      if (waits !== undefined) return
      const left = last + rest - clock()
      if (left <= 0) now()
      else waits = setTimeout(now, left)
    },
    stop: () => {
      clearTimeout(waits)
      waits = undefined
    },
  }
}
