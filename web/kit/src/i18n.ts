// The tongue of the pages: Chinese first, English second, kept for the next visit; problems in the reader's words.
import { createI18n } from 'vue-i18n'
import { computed, watch, type Ref } from 'vue'
import type { Tongue } from './time'
import { enums } from './words/enums'
import { problems } from './words/problems'

const kept = (): Tongue => {
  try {
    return localStorage.getItem('lang') === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh'
  }
}

export const i18n = createI18n({
  legacy: false, locale: kept() as string, fallbackLocale: 'zh', missingWarn: false, fallbackWarn: false, messages: { zh: {}, en: {} },
})
const locale = i18n.global.locale as unknown as Ref<string>
export const tongue = computed<Tongue>(() => (locale.value === 'en' ? 'en' : 'zh'))

/** Adds a page's own words. */
export function speak<T extends Record<string, unknown>>(zh: T, en: T) {
  i18n.global.mergeLocaleMessage('zh', zh)
  i18n.global.mergeLocaleMessage('en', en)
}
export function turnTongue(to: Tongue = tongue.value === 'zh' ? 'en' : 'zh') {
  locale.value = to
  try {
    localStorage.setItem('lang', to)
  } catch {
    // A browser that keeps nothing still turns the page.
  }
}
if (typeof document !== 'undefined')
  watch(tongue, to => (document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'), { immediate: true })

type Enums = typeof enums
/** The word for a value of an enum: word('move', 'false-alarm'). Unknown values are shown as they are. */
export function word(kind: keyof Enums, value: string | null | undefined): string {
  if (!value) return ''
  const pair = (enums[kind] as Record<string, readonly [string, string]>)[value]
  return pair ? pair[tongue.value === 'zh' ? 0 : 1] : value
}
/** Whether the program brings a word along for a value: an English word may be spelt as its code is. */
export const hasWord = (kind: keyof Enums, value: string): boolean => Object.hasOwn(enums[kind], value)
/** Chinese or English of a pair that the program gives, such as name and name_en. */
export const either = (zh: string, en: string | undefined | null) => (tongue.value === 'zh' ? zh : en || zh)

/** A problem in the reader's own words: what happened, and that nothing was changed. */
export function spoken(problem: unknown): string {
  const p = problem as { code?: string; detail?: string; message?: string }
  const at = tongue.value === 'zh' ? 0 : 1
  const known = problems[p.code ?? '']
  if (known) return known[at]
  const said = p.detail || p.message || ''
  return at === 0 ? `没有成功，什么都没有改变（${p.code ?? ''}${said ? '：' + said : ''}）。` : `It failed and nothing was changed (${p.code ?? ''}${said ? ': ' + said : ''}).`
}
/** The field that is to blame, as the last word of its pointer: "/person/phone" → "phone"; "" if none. */
export function blamed(problem: unknown): string {
  const field = (problem as { field?: string }).field ?? ''
  return field.replace(/^\?/, '').split('/').pop() ?? ''
}
