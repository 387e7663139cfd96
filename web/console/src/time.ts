import { i18n } from './words'

export function shown(time?: string | number): string {
  if (time === undefined) return ''
  return new Date(time).toLocaleString(i18n.global.locale.value === 'zh' ? 'zh-CN' : 'en-GB', {
    month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', year: new Date(time).getFullYear() === new Date().getFullYear() ? undefined : 'numeric',
  })
}
