// What the program says in both tongues: lines of diaries and notices, and what is left where there is no English.
import { either, tongue, word } from './i18n'

interface Line { code: string; words: string; words_en?: string; note?: string }
interface Letter { title: string; text: string; title_en?: string; text_en?: string }

/** A sentence as it is shown. `original` stands beside it in Chinese where `words` cannot say all of it in English. */
export interface Shown { words: string; original: string }

/** A line of a diary. Lines from before there was English have the verb, with the Chinese sentence beside it. */
export function lineSaid(line: Line): Shown {
  if (tongue.value === 'zh') return { words: line.words || word('diary', line.code), original: '' }
  return line.words_en ? { words: line.words_en, original: '' } : { words: word('diary', line.code), original: line.words }
}
/** What somebody wrote beside a line, unless the sentence says it already. */
export function noteBeside(line: Line): string {
  const { words, original } = lineSaid(line)
  return line.note && !(words + original).includes(line.note) ? line.note : ''
}
/** A notice that the program composed, in English; null where a person wrote it, or before there was English. */
export const noticeInEnglish = (notice: Letter): { title: string; text: string } | null =>
  tongue.value === 'en' && (notice.title_en || notice.text_en) ? { title: notice.title_en || notice.title, text: notice.text_en || notice.text } : null

interface Waiting { state: string; person?: string; unmanned: string; unmanned_en?: string }
const kWaits = ['reported', 'assigned', 'reopened']
/** Why nobody in person has a case that waits to be taken; '' of every other. */
export const unmannedSaid = (item: Waiting): string =>
  kWaits.includes(item.state) && !item.person && item.unmanned ? either(item.unmanned, item.unmanned_en) : ''
