// When the next shift begins or ends: nothing tells of it but the clock.

const day = 24 * 3_600_000

/** The next of these hours ("06:00", "24:00") after `now` (Unix ms), `zone` minutes east of Greenwich; undefined without any. */
export function nextBorder(hours: string[], now: number, zone: number): number | undefined {
  const midnight = Math.floor((now + zone * 60_000) / day) * day - zone * 60_000
  const times = hours.flatMap(text => {
    const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? []
    if (hour === undefined) return []
    const at = midnight + ((Number(hour) * 60 + Number(minute)) * 60_000) % day
    return [at > now ? at : at + day]
  })
  return times.length ? Math.min(...times) : undefined
}
