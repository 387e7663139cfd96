// What people may ask of their own data: correction and deletion (PIPL art. 46, 47). It goes to the desk as an ordinary
// enquiry, whose kind is never joined with a neighbour's: nobody else reads it. The desk reads Chinese; the words of the
// person follow as they are.
export type DataWish = 'fix' | 'erase'
export const kDataKind = 'ask-matter'
const kOpening: Record<DataWish, string> = { fix: '【请求更正个人信息】', erase: '【请求删除个人信息】' }

export const requestText = (wish: DataWish, words: string): string => kOpening[wish] + words.trim()
/// Which request a case is; null for another enquiry.
export const dataRequest = (text: string): DataWish | null => (['fix', 'erase'] as DataWish[]).find(wish => text.startsWith(kOpening[wish])) ?? null
