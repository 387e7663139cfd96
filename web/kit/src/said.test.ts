import { beforeEach, expect, it } from 'vitest'
import { turnTongue } from './i18n'
import { lineSaid, noteBeside, noticeInEnglish, unmannedSaid } from './said'

const line = { code: 'return', words: '退单：不是我的专业', words_en: 'Given back: 不是我的专业', note: '不是我的专业' }
beforeEach(() => turnTongue('zh'))

it('a line is said in the tongue of the page', () => {
  expect(lineSaid(line)).toEqual({ words: '退单：不是我的专业', original: '' })
  turnTongue('en')
  expect(lineSaid(line)).toEqual({ words: 'Given back: 不是我的专业', original: '' })
})

it('a line from before there was English has its verb, and the Chinese sentence beside it', () => {
  turnTongue('en')
  expect(lineSaid({ code: 'return', words: '退单：不是我的专业' })).toEqual({ words: 'Returned', original: '退单：不是我的专业' })
  turnTongue('zh')
  expect(lineSaid({ code: 'return', words: '' })).toEqual({ words: '退单', original: '' })
})

it('a note is not said twice, and never lost', () => {
  for (const tongue of ['zh', 'en'] as const) {
    turnTongue(tongue)
    expect(noteBeside(line)).toBe('')
    expect(noteBeside({ ...line, words_en: undefined })).toBe('')
    expect(noteBeside({ code: 'accept', words: '保安已接单', words_en: '保安 has accepted it', note: '马上到' })).toBe('马上到')
  }
})

it('a notice of the program is English on an English page alone, and what a person wrote stays', () => {
  const made = { title: '漏水 · 3幢', text: '已到场', title_en: 'Water leak · 3幢', text_en: 'Arrived on site' }
  expect(noticeInEnglish(made)).toBeNull()
  turnTongue('en')
  expect(noticeInEnglish(made)).toEqual({ title: 'Water leak · 3幢', text: 'Arrived on site' })
  expect(noticeInEnglish({ ...made, title_en: undefined })).toEqual({ title: '漏水 · 3幢', text: 'Arrived on site' })
  expect(noticeInEnglish({ title: '预警提醒', text: '去看看', title_en: 'A warning' })).toEqual({ title: 'A warning', text: '去看看' })
  expect(noticeInEnglish({ title: '停水', text: '明天停水' })).toBeNull()
})

it('why nobody has a case is said in the tongue of the page, and of none that somebody has or that has ended', () => {
  const waits = { state: 'assigned', unmanned: '由在岗人员抢单', unmanned_en: 'whoever is on duty there may take it' }
  expect(unmannedSaid(waits)).toBe('由在岗人员抢单')
  turnTongue('en')
  expect(unmannedSaid(waits)).toBe('whoever is on duty there may take it')
  expect(unmannedSaid({ ...waits, unmanned_en: undefined })).toBe('由在岗人员抢单')
  expect(unmannedSaid({ ...waits, person: 'person_1' })).toBe('')
  expect(unmannedSaid({ ...waits, state: 'refused' })).toBe('')
  expect(unmannedSaid({ state: 'reported', unmanned: '' })).toBe('')
})
