// Which words each move takes beside note and files, and whether it needs its reason. The node holds it; the form only helps.
import type { Move } from '@lifang/kit'

export interface MoveForm {
  reason?: boolean
  fields?: ('post' | 'person' | 'until' | 'call' | 'whistle' | 'report_in' | 'organisation' | 'parts' | 'part' | 'check' | 'into' | 'passed' | 'granted')[]
  /** Done at once, without a form. */
  quick?: boolean
  danger?: boolean
  hint?: readonly [string, string]
}
export const moveForms: Partial<Record<Move, MoveForm>> = {
  assign: { fields: ['post', 'person'], hint: ['不选岗位时按值班表派给当班的人。', 'Without a post it goes to whoever is on duty.'] },
  accept: { quick: true },
  arrive: { quick: true },
  handle: { hint: ['写明怎么处理的；要求照片的请附上。', 'Say what was done; add the picture where one is asked for.'] },
  verify: { fields: ['passed'] },
  close: {},
  return: { reason: true },
  transfer: { reason: true, fields: ['post', 'person'] },
  defer: { reason: true, fields: ['until'], hint: ['到期后第一个工作日恢复办理；批准前时限照常走。', 'It wakes on the first working day after; until it is approved the deadline runs on.'] },
  approve: { fields: ['until'] },
  deny: { reason: true },
  wake: {},
  urge: {},
  supervise: {},
  whistle: { fields: ['call', 'whistle', 'report_in'], hint: ['向上一级吹哨；被叫的单位要在时限内报到。', 'Up to the circle above; the called must report in within their time.'] },
  'report-in': { fields: ['organisation'] },
  joint: { fields: ['parts'] },
  done: { fields: ['part'] },
  confirm: { fields: ['check'] },
  refuse: { reason: true, danger: true, hint: ['理由会原样告诉上报人，请如实写。', 'The reporter reads this reason; be honest.'] },
  'false-alarm': { reason: true, danger: true },
  merge: { fields: ['into'] },
  reopen: { reason: true, hint: ['写明哪里不对；会重新办理。', 'Say what is wrong; it is worked on again.'] },
  appeal: { reason: true },
  decide: { fields: ['granted'], hint: ['结果会告诉申诉人；不成立要写明理由。', 'Whoever appealed is told; where it does not stand, say why.'] },
  note: { reason: true },
}
/** The order in which people look for them; the first ones are what is owed next. */
export const moveOrder: Move[] = [
  'accept', 'arrive', 'handle', 'verify', 'close', 'report-in', 'done', 'confirm', 'approve', 'deny', 'decide', 'assign', 'transfer', 'return', 'whistle', 'joint',
  'defer', 'wake', 'urge', 'supervise', 'merge', 'reopen', 'false-alarm', 'refuse', 'appeal', 'note',
]
export const primaryMoves: Move[] = ['accept', 'arrive', 'handle', 'verify', 'close', 'report-in', 'approve', 'decide']
