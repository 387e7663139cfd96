// Light, dark, or as the device has it: chosen on this device and kept on it. A page that has both colours calls `followShade`.
import { computed, ref, watchEffect } from 'vue'

export const shades = ['auto', 'light', 'dark'] as const
export type Shade = (typeof shades)[number]

const kept = (): Shade => {
  try {
    return shades.find(one => one === localStorage.getItem('shade')) ?? 'auto'
  } catch {
    return 'auto'
  }
}
export const shade = ref<Shade>(kept())
const deviceIsDark = ref(false)
/** What is shown now, whoever said so. */
export const dark = computed(() => shade.value === 'dark' || (shade.value === 'auto' && deviceIsDark.value))

export function turnShade(to: Shade) {
  shade.value = to
  try {
    localStorage.setItem('shade', to)
  } catch {
    // A browser that keeps nothing still turns the page.
  }
}
export function followShade() {
  const asked = matchMedia('(prefers-color-scheme: dark)')
  deviceIsDark.value = asked.matches
  asked.addEventListener('change', event => (deviceIsDark.value = event.matches))
  // Before anything is drawn, and again at once when it turns.
  watchEffect(() => (document.documentElement.dataset.shade = dark.value ? 'dark' : 'light'), { flush: 'sync' })
}
