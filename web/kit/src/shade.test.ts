// @vitest-environment node
import { beforeEach, expect, test, vi } from 'vitest'

let store: Map<string, string>, tell: (event: { matches: boolean }) => void
async function load(deviceIsDark: boolean, chosen?: string) {
  vi.resetModules()
  store = new Map(chosen ? [['shade', chosen]] : [])
  vi.stubGlobal('localStorage', { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => store.set(key, value) })
  vi.stubGlobal('matchMedia', () => ({ matches: deviceIsDark, addEventListener: (_: string, hear: typeof tell) => (tell = hear) }))
  const root = { dataset: {} as Record<string, string> }
  // Vue makes an element when it is loaded.
  vi.stubGlobal('document', { documentElement: root, createElement: () => ({}) })
  const own = await import('./shade')
  own.followShade()
  return { ...own, shown: () => root.dataset.shade }
}
beforeEach(() => vi.unstubAllGlobals())

test('it is as the device has it, and turns with it', async () => {
  const page = await load(true)
  expect([page.shade.value, page.shown()]).toEqual(['auto', 'dark'])
  tell({ matches: false })
  expect(page.shown()).toBe('light')
})
test('what somebody chose is kept on the device and stands above what the device says', async () => {
  const page = await load(false)
  page.turnShade('dark')
  expect([page.shown(), store.get('shade')]).toEqual(['dark', 'dark'])
  tell({ matches: false })
  expect(page.shown()).toBe('dark')
  expect((await load(true, 'light')).shown()).toBe('light')
})
test('what was kept and means nothing is as if nobody had chosen', async () => expect((await load(true, 'purple')).shown()).toBe('dark'))
