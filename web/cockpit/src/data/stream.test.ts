import { describe, expect, it } from 'vitest'
import { isIn, isSaid, lineOf, merged, mostLines, push, type Line } from './stream'

const event = (n: number, topic = 'cases.stepped') => ({ topic, subject: 'case_' + n, at: `2026-11-22T03:00:${String(n % 60).padStart(2, '0')}.${n}Z`, cause: '', path: '/d/', body: { kind: 'leak', code: 'handle' } })

describe('the stream', () => {
  it('stays bounded, newest first', () => {
    let lines: Line[] = []
    for (let n = 0; n < 1000; n++) lines = push(lines, lineOf(event(n), () => ''))
    expect(lines.length).toBe(mostLines)
    expect(lines[0]!.id).toBe('case_999')
  })
  it('says once what came twice, and leaves out the handing out that goes with the opening', () => {
    const opened = lineOf(event(1, 'cases.opened'), () => '')
    let lines = push(push([], opened), opened)
    lines = push(lines, lineOf(event(1, 'cases.assigned'), () => ''))
    expect(lines.length).toBe(1)
  })
  it('tells a situation and the case that it opened in one line', () => {
    const began = lineOf({ ...event(1, 'situations.opened'), subject: 'situation_1', body: { rule: 'smoke', severity: 'critical' } }, () => '')
    const lines = push([began], lineOf({ ...event(2, 'cases.opened'), cause: 'situation_1' }, () => ''))
    expect(lines.length).toBe(1)
    expect(lines[0]).toMatchObject({ id: 'case_2', topic: 'cases.opened.situation', grave: true })
  })
  it('leaves out what the machine writes for itself', () => {
    expect(isSaid({ ...event(1), body: { code: 'rang' } })).toBe(false)
    expect(isSaid({ ...event(1), body: { code: 'alike' } })).toBe(false)
    expect(isSaid({ ...event(1), body: { code: 'handle' } })).toBe(true)
    expect(isSaid({ ...event(1, 'situations.opened'), body: { rule: 'smoke' } })).toBe(true)
  })
  it('is of the place that is looked at', () => {
    expect(isIn('/d/s1/c1/', 's1')).toBe(true)
    expect(isIn('/d/s1/c1/', 's')).toBe(false)
    expect(isIn('/d/s1/c1/', '')).toBe(true)
  })
  it('takes in what was before, in its order and once', () => {
    const line = (n: number) => lineOf(event(n), () => '')
    const lines = merged([line(5), line(3)], [line(4), line(3)])
    expect(lines.map(l => l.id)).toEqual(['case_5', 'case_4', 'case_3'])
  })
  it('names what cleared by what it was', () => {
    expect(lineOf({ ...event(1, 'situations.cleared'), body: {} }, () => 'smoke').what).toBe('smoke')
  })
})
