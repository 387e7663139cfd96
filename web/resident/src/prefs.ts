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
/// Reads aloud in the page's tongue; a second call stops. `chinese` follows in its own voice: what there is in no other tongue.
export function readAloud(text: string, chinese = ''): void {
  if (!canSpeak) return
  speechSynthesis.cancel()
  const pieces = [{ text, lang: tongue.value === 'zh' ? 'zh-CN' : 'en-GB' }, { text: chinese, lang: 'zh-CN' }].filter(piece => piece.text.trim())
  pieces.forEach((piece, i) => {
    const words = new SpeechSynthesisUtterance(piece.text)
    words.lang = piece.lang
    words.rate = 0.9
    if (i === pieces.length - 1) words.onend = words.onerror = () => (speaking.value = false)
    speaking.value = true
    speechSynthesis.speak(words)
  })
}
/// That help was called for, and what to do at once.
export function readHelp(said: string[], emergency: string, english?: string): void {
  const zh = tongue.value === 'zh'
  const own = zh ? emergency : english ?? ''
  const sentences = [...said, own].filter(Boolean).map(sentence => sentence.replace(/[.。]$/, ''))
  readAloud(sentences.join(zh ? '。' : '. '), own ? '' : emergency)
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
