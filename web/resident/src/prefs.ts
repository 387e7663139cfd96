// Big letters and reading aloud: kept for the next visit, also after signing out.
import { tongue } from '@lifang/kit'
import { ref, watch } from 'vue'

export const big = ref(localStorage.getItem('big') === '1')
watch(big, on => {
  localStorage.setItem('big', on ? '1' : '0')
  document.documentElement.classList.toggle('big', on)
}, { immediate: true })

export const speaking = ref(false)
export const canSpeak = typeof speechSynthesis !== 'undefined'
/// Reads aloud in the page's tongue; a second call stops.
export function readAloud(text: string): void {
  if (!canSpeak) return
  speechSynthesis.cancel()
  if (!text.trim()) return
  const words = new SpeechSynthesisUtterance(text)
  words.lang = tongue.value === 'zh' ? 'zh-CN' : 'en-GB'
  words.rate = 0.9
  words.onend = words.onerror = () => (speaking.value = false)
  speaking.value = true
  speechSynthesis.speak(words)
}
export function hush(): void {
  if (canSpeak) speechSynthesis.cancel()
  speaking.value = false
}
/// What the open page says, without its buttons' pictures.
export function readPage(): void {
  if (speaking.value) return hush()
  readAloud(document.querySelector('main')?.innerText.slice(0, 1200) ?? '')
}
