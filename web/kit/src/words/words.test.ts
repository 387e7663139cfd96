// Both languages, always: every value of every enum of the rooms' doors has its two words, and every code of a diary line too.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { enums } from './enums'
import { problems } from './problems'
import { knowDeskProblems } from './problems_desk'

// What the desk alone meets is loaded with the desk: both halves are held to the same.
knowDeskProblems()

const rooms = join(__dirname, '../../../../src/rooms')
const text = (path: string) => readFileSync(join(rooms, path), 'utf8')
/** Values of `BOOST_DESCRIBE_ENUM(name, …)` in that header, or in another of its room where it has moved. */
function values(path: string, name: string): string[] {
  const room = path.split('/')[0]!
  for (const header of [path, ...readdirSync(join(rooms, room)).filter(x => x.endsWith('.hpp')).map(x => room + '/' + x)]) {
    const found = existsSync(join(rooms, header)) && new RegExp('BOOST_DESCRIBE_ENUM\\(' + name + ',([^)]*)\\)').exec(text(header))
    if (found) return found[1]!.split(',').map(x => x.trim())
  }
  throw new Error(room + ' describes no ' + name)
}
const spelt = (value: string) => value.replace(/_$/, '').replace(/_/g, '-')

const described: [keyof typeof enums, string, string, ((v: string) => string)?][] = [
  ['severity', 'situations/situations.hpp', 'Severity'], ['situation_state', 'situations/situations.hpp', 'State'],
  ['state', 'cases/cases_moves.hpp', 'State'], ['move', 'cases/cases_moves.hpp', 'Move', spelt], ['standing', 'cases/cases_moves.hpp', 'Standing'],
  ['circle', 'cases/cases_kinds.hpp', 'Circle'], ['circle_long', 'cases/cases_kinds.hpp', 'Circle'], ['grade', 'cases/cases_kinds.hpp', 'Grade'],
  ['class', 'cases/cases_kinds.hpp', 'Class'], ['hours', 'cases/cases_kinds.hpp', 'Hours'], ['verifier', 'cases/cases_kinds.hpp', 'Verifier'],
  ['channel', 'cases/cases_values.hpp', 'Channel'], ['whistle', 'cases/cases_values.hpp', 'WhistleKind'], ['ending', 'cases/cases_values.hpp', 'Ending'],
  ['measure', 'cases/cases_values.hpp', 'Measure'], ['rates_by', 'cases/cases_values.hpp', 'RatesBy'], ['action_state', 'actions/actions.hpp', 'State'],
  ['command_state', 'devices/devices_values.hpp', 'CommandState'], ['evaluation_by', 'evaluations/evaluations.hpp', 'By'],
  ['rule_state', 'rules/rules.hpp', 'State'], ['notice_class', 'notices/notices_values.hpp', 'Class'], ['ring_state', 'notices/notices_values.hpp', 'RingState'],
  ['appeal', 'cases/cases_values.hpp', 'Appeal'],
  ['message_state', 'notices/notices_values.hpp', 'MessageState'], ['account_state', 'accounts/accounts_types.hpp', 'State'],
  ['hand_out', 'rosters/rosters_values.hpp', 'HandOut'], ['on', 'rosters/rosters_values.hpp', 'On'], ['place', 'places/places.hpp', 'Kind'],
  ['sex', 'people/people_values.hpp', 'Sex'], ['person_state', 'people/people_values.hpp', 'State'], ['person_field', 'people/people_values.hpp', 'Field'],
  ['household', 'people/people_values.hpp', 'HouseholdKind'], ['resident_role', 'people/people_values.hpp', 'ResidentRole'],
  ['organisation', 'people/people_values.hpp', 'OrganisationKind'], ['task_state', 'rosters/rosters_rounds.hpp', 'TaskState'], ['urgency', 'notices/notices_announce.hpp', 'Urgency'],
  ['announcement_state', 'notices/notices_announce.hpp', 'AnnouncementState'], ['outcome', 'exchange/exchange.hpp', 'Outcome'], ['reply_state', 'exchange/exchange.hpp', 'ReplyState'], ['subject', 'affairs/affairs.hpp', 'Subject'], ['file_kind', 'files/files_types.hpp', 'Kind'],
  ['library_state', 'exchange/exchange_captures_values.hpp', 'LibraryState'], ['capture_kind', 'exchange/exchange_captures_values.hpp', 'CaptureKind'],
  ['capture_state', 'exchange/exchange_captures_values.hpp', 'CaptureState'], ['share_purpose', 'exchange/exchange_captures_values.hpp', 'SharePurpose'],
]

describe('words of enums', () => {
  for (const [kind, path, name, spelling] of described)
    it(`${kind}: each value of ${path} ${name} has both languages, and none is left over`, () => {
      const wanted = values(path, name).map(spelling ?? (v => v))
      expect(Object.keys(enums[kind]).sort()).toEqual([...wanted].sort())
    })
  it('no pair has an empty side, and the Chinese side is Chinese', () => {
    for (const [kind, pairs] of Object.entries(enums))
      for (const [value, [zh, en]] of Object.entries(pairs)) {
        expect(en, kind + '.' + value).toMatch(/^[\x20-\x7e]+$/)
        if (value !== 'open311') expect(zh, kind + '.' + value).toMatch(/[一-鿿]/)
      }
  })
  it('every move that a route spells has its words', () => {
    const spelt = [...text('cases/cases_moves.hpp').matchAll(/return "([a-z-]+)";/g)].map(found => found[1]!)
    expect(spelt.length).toBeGreaterThan(20)
    for (const move of spelt) expect(enums.move).toHaveProperty(move)
  })
  it('every code that cases write into a diary has its words', () => {
    const sources = readdirSync(join(rooms, 'cases')).filter(name => name.endsWith('.cpp') && !name.includes('_test'))
    const codes = sources.flatMap(name => [...text('cases/' + name).matchAll(/(?:\bwrite|\bstep|\bdiary|\bline)\w*\([^;"]*"([a-z]+(?:-[a-z]+)*)"/g)].map(found => found[1]!))
    for (const code of new Set(codes)) expect(enums.diary, code).toHaveProperty(code)
  })
})

describe('words of refusals', () => {
  it('both languages, and the Chinese side is Chinese', () => {
    for (const [code, [zh, en]] of Object.entries(problems)) {
      expect(zh, code).toMatch(/[一-鿿]/)
      expect(en, code).toMatch(/^[\x20-\x7e]+$/)
    }
  })
  for (const [room, least] of [['cases', 10], ['rosters', 20], ['notices', 10], ['exchange', 8], ['affairs', 5]] as const)
    it(`every refusal of ${room} has its words`, () => {
      const sources = readdirSync(join(rooms, room)).filter(name => name.endsWith('.cpp') && !name.includes('_test'))
      const refusals = new RegExp(`(?:missing|invalid|conflict|forbidden)\\(\\s*"(${room}\\.[a-z_]+)"`, 'g')
      const codes = sources.flatMap(name => [...text(room + '/' + name).matchAll(refusals)].map(found => found[1]!))
      expect(codes.length).toBeGreaterThan(least)
      for (const code of new Set(codes)) expect(problems, code).toHaveProperty([code])
    })
})
