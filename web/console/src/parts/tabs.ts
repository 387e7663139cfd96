// Arrow keys on a row of tabs, for all pages at once: a row of tabs is one thing to whoever works without a mouse.

/** Which tab a key leads to from the one at `at`, or null where the key is for something else. */
export function nextTab(at: number, count: number, key: string): number | null {
  if (at < 0) return null
  if (key === 'ArrowRight') return (at + 1) % count
  if (key === 'ArrowLeft') return (at + count - 1) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}
export function turnTabs(event: KeyboardEvent) {
  const here = event.target as HTMLElement
  if (here.getAttribute('role') !== 'tab') return
  const all = [...(here.closest('[role=tablist]')?.querySelectorAll<HTMLElement>('[role=tab]:not([disabled])') ?? [])]
  const to = nextTab(all.indexOf(here), all.length, event.key)
  if (to === null) return
  event.preventDefault()
  all[to]!.focus()
  all[to]!.click()
}
