import type { Case } from '@lifang/kit'
import { expect, test } from 'vitest'
import { dueWords } from './due'

const now = Date.parse('2026-11-22T04:00:00Z')
const made = (words: Partial<Case>) => ({ state: 'accepted', owed: [], ...words }) as unknown as Case
test('what is put off has its day, what is late says so, what has no deadline says that', () => {
  expect(dueWords(made({ state: 'deferred', deferred_until: '2026-11-29T16:00:00Z' }), now)).toEqual({ words: '挂账到 11-30', late: false })
  expect(dueWords(made({ due: '2026-11-22T04:30:00Z' }), now)).toEqual({ words: '还剩 30 分钟', late: false })
  expect(dueWords(made({ due: '2026-11-22T03:30:00Z' }), now)).toEqual({ words: '超时 30 分钟', late: true })
  expect(dueWords(made({}), now)).toEqual({ words: '没有时限', late: false })
  // A part that the caller owes runs on while the case is put off.
  expect(dueWords(made({ state: 'deferred', deferred_until: '2026-11-29T16:00:00Z', owed: [{ part: 1, task: '', due: '2026-11-22T05:00:00Z', late: false }], owed_by: '2026-11-22T05:00:00Z' }), now).words).toBe('还剩 60 分钟')
})
