import { turnTongue } from '@lifang/kit'
import { beforeEach, expect, it, vi } from 'vitest'

let heard: { text: string; lang: string }[] = []
vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
vi.stubGlobal('document', { documentElement: { classList: { toggle: () => undefined }, lang: '' } })
vi.stubGlobal('SpeechSynthesisUtterance', class { lang = ''; rate = 1; constructor(public text: string) {} })
vi.stubGlobal('speechSynthesis', { cancel: () => (heard = []), speak: (words: { text: string; lang: string }) => heard.push({ text: words.text, lang: words.lang }) })
const { readHelp } = await import('./prefs')
beforeEach(() => { heard = [] })

it('help is read aloud in the tongue of the page', () => {
  turnTongue('zh')
  readHelp(['已求助', '请等着'], '立即拨打 120', 'Call 120 now')
  expect(heard).toEqual([{ text: '已求助。请等着。立即拨打 120', lang: 'zh-CN' }])
  turnTongue('en')
  readHelp(['Help was called', 'Please wait.'], '立即拨打 120', 'Call 120 now')
  expect(heard).toEqual([{ text: 'Help was called. Please wait. Call 120 now', lang: 'en-GB' }])
})

it('what is there in Chinese alone is read by a Chinese voice', () => {
  turnTongue('en')
  readHelp(['Help was called'], '立即拨打 120')
  expect(heard).toEqual([{ text: 'Help was called', lang: 'en-GB' }, { text: '立即拨打 120', lang: 'zh-CN' }])
})
