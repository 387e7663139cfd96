// What the API says, as far as the pages use it. Times are RFC 3339 texts, durations ISO 8601.
import type { enums } from './words/enums'

type Of<K extends keyof typeof enums> = keyof (typeof enums)[K]
export type Severity = Of<'severity'>
export type CaseState = Of<'state'>
export type Move = Of<'move'>
export type Circle = Of<'circle'>
export type Grade = Of<'grade'>
export type CaseClass = Of<'class'>
export type ReportChannel = Of<'channel'>

export interface List<T> { items: T[]; next: string | null; count?: number }
export interface Point { lon: number; lat: number }
export interface Place {
  id: string; kind: Of<'place'>; name: string; parent?: string; path: string; position?: Point; outline?: Point[]; floors?: number; height?: number
}
export interface Evidence {
  metric?: string; unit?: string; op?: string; value?: number; limit?: number; detection?: string; confidence?: number
  file?: string; silent?: string; ts?: string; detection_id?: string; rose_to?: Severity
}
export interface Situation {
  id: string; rule: string; rule_version: number; device: string; place: string; path: string; severity: Severity
  state: Of<'situation_state'>; silenced: boolean; drill: boolean; began_at: string; ended_at?: string; raised_at: string; cleared_at?: string
  peak?: number; readings: number; text: string; text_en: string; evidence: Evidence[]; cause: string
  seen_by?: string; seen_at?: string; false_alarm: boolean; false_reason?: string
}
export interface Case {
  id: string; number: string; kind: string; kind_version: number; title: string; grade: Grade; class: CaseClass; state: CaseState; circle: Circle
  place: string; path: string; position?: Point; text: string; files: string[]; emergency: string; emergency_en?: string; cause: string; situation: string
  device: string; rule: string; outer_number: string; post?: string; organisation?: string; person?: string; unmanned: string; unmanned_en?: string
  opened_at: string; due?: string; accept_by?: string; handle_by?: string; verify_by?: string
  accepted_at?: string; arrived_at?: string; handled_at?: string; verified_at?: string; closed_at?: string; deferred_until?: string
  deferral_asked: boolean; overdue: boolean; was_late?: boolean; late_since?: string; supervised: boolean; drill: boolean; ending?: Of<'ending'>; reason: string
  appeal?: Of<'appeal'>
  /** Which circle decides on it, and by when while it is asked. */
  appeal_circle?: Of<'circle'>
  appeal_by?: string
  merged_into?: string; reporters: number; urged: number; reopened: number; transferred: number; parts_open: number; calls_open: number
  score?: number; allowed: Move[]
  /** What the caller owes on it beside holding it, soonest first; by when the first of all that is theirs. */
  owed: Owed[]; owed_by?: string
  /** Only of one case. */
  called?: Called[]; parts?: Part[]; checklist?: CheckLine[]
}
/** One point of a round; `mark` is 32 bits of its code, see rosters_rounds.hpp. */
export interface RoundCheck {
  point: string; name: string; look?: string; mark: string; at?: string; told_at?: string; person?: string; by_tag: boolean; fine: boolean; note: string
  files: string[]; found: string
}
export interface RoundTask {
  id: string; plan: string; route: string; post: string; name: string; path: string; person?: string; from: string; until: string
  state: Of<'task_state'>; ended_at?: string; missed: string; checks: RoundCheck[]
}
export interface Called { organisation: string; whistle: Of<'whistle'>; person?: string; called_at: string; report_in_by: string; in_at?: string; by: string; late: boolean }
/** To report in, or where `part` is there a sub-order. */
export interface Owed { part?: number; organisation?: string; post?: string; person?: string; task: string; due: string; late: boolean }
export interface Part { n: number; post: string; organisation?: string; person?: string; task: string; due: string; late: boolean; done_at?: string; by: string; note: string }
export interface CheckLine { n: number; words: string; post?: string; at?: string; by: string; note: string }
export interface DiaryLine {
  n: number; at: string; code: string; words: string; by: string; person?: string; on_behalf: boolean; note: string; files: string[]; cause: string; words_en?: string
}
export interface Reporter {
  n: number; person?: string; channel: ReportChannel; account: string; on_behalf: boolean; by_helper: boolean; anonymous: boolean; at: string; text: string; files: string[]
}
export interface Holding {
  n: number; circle: Circle; post: string; organisation?: string; person?: string; why: string; from: string; until?: string
  accept_by?: string; accepted_at?: string; handle_by?: string; handled_at?: string
}
export interface Similar { id: string; number: string; title: string; text: string; state: CaseState; opened_at: string; likeness: number; near: boolean }
export interface Duty { post: string; accept: string; handle: string; verify: string }
export interface Kind {
  code: string; version: number; name: string; name_en: string; class: CaseClass; grade: Grade; hours: Of<'hours'>; micro: Duty; small: Duty; great: Duty
  verifier: Of<'verifier'>; warn_percent: number; evidence: string[]; strict: boolean; emergency: string; emergency_en?: string; evaluate: boolean; steady: string
  merge_within: string; near: { then: Of<'alike'>; floors: number; metres: number }; ring: string; calls: string[]; report_in: string; checklist: { words: string; post?: string }[]; close_after: string; appeal: string
  ready_made: boolean; retired: boolean; at: string
}
export interface Rates {
  key: string; cases: number; response_good: number; response_all: number; solved_good: number; solved_all: number
  satisfied_good: number; satisfied_all: number; overdue: number; reopened: number; response?: number; solved?: number; satisfied?: number
}
export interface Action {
  id: string; situation: string; device: string; method: string; state: Of<'action_state'>; reason: string; at: string; released_by?: string
}
export interface WhyLink { id: string; kind: string; at?: string; text: string; text_en: string; cause: string }
export interface Evaluation {
  id: string; case: string; path: string; by: Of<'evaluation_by'>; round: number; reporter: number; person?: string; channel: ReportChannel
  asked_at: string; until?: string; answered_at?: string; score?: number; solved?: boolean; text: string; account: string; on_behalf: boolean
  reopened: boolean; cause: string; may_answer: boolean
}
export interface Notice {
  id: string; class: Of<'notice_class'>; person?: string; post?: string; path: string; title: string; text: string; case?: string; about: string
  channel: ReportChannel; urgent: boolean; drill: boolean; at: string; read_at?: string; told_by: string; told_note: string; sender: string; cause: string; title_en?: string; text_en?: string
}
export interface Ring {
  id: string; case: string; path: string; purpose: string; post: string; person: string; step: number; each: string; state: Of<'ring_state'>
  began_at: string; until: string; ended_at?: string; by: string; rung: string[]; drill: boolean
}
/** A call that joins a worker and a reporter, neither of whom sees the other's number. */
export interface Bridge { id: string; case: string; state: Of<'message_state'>; error: string; at: string }
/** A phone that logins are bound to by a PIN; the desk's code for one; who may take one in hand. */
export interface BoundPhone { id: string; name: string; bound_at: string; in_hand: string }
export interface BindCode { code: string; expires_at: string; login: string }
export interface PhoneLogin { login: string; name: string; left: number }
export interface PhoneFacts extends BoundPhone { logins: PhoneLogin[] }
export interface Rung { ring: string; purpose: string; post: string; step: number; person?: string; name: string; at: string; state: Of<'rung_state'>; ended_at?: string }
export interface Library {
  id: string; name: string; url: string; system: string; login: string; places: string[]; paths: string[]; purpose: Of<'share_purpose'>; basis: string; until?: string
  plates: boolean; faces: boolean; signs_posted: boolean; scenes: boolean; keep_days: number; keepalive: string; paused: boolean; state: Of<'library_state'>; state_at: string
  trouble: string; clock_ahead_s?: number; waiting: number; sent: number; refused: number; withheld: number; expired: number
}
export interface Capture {
  id: string; library: string; kind: Of<'capture_kind'>; object: string; detection: string; device: string; path: string; shot_at: string; queued_at: string; due: string
  left_at?: string; ended_at?: string; state: Of<'capture_state'>; attempts: number; code: number; words: string
}
/** `place`: of which place it tells; "" or absent with the path "/" for the whole node. */
export interface Webhook { id: string; url: string; topics: string[]; path: string; place?: string; paused: boolean; secret?: string }
export interface Message {
  id: string; channel: string; to: string; body: string; state: Of<'message_state'>; attempts: number; at: string; due: string; ended_at?: string
  error: string; cause: string; path: string
}
export interface Rule {
  id: string; name: string; name_en?: string; version: number; active_version: number; state: Of<'rule_state'>; rule: RuleWords
}
export interface When {
  metric?: string; op?: string; value?: number; attribute?: string; detection?: string; confidence?: number; silent?: string
  all?: When[]; any?: When[]; not?: When
}
export interface RuleWords {
  name: string; applies_to: { profile?: string; place?: string; tags?: string[]; devices?: string[] }
  raise: { when: When; for?: string; times?: number; within?: string }; clear?: { when: When; for?: string }
  severity: Severity; schedule?: unknown; actions?: unknown[]; case?: string
  /** Raises only while the roster has somebody of this post due there. */
  on_duty?: string
  [more: string]: unknown
}
export interface Trial {
  situations: number; cases: number; devices: number; judged: number; notes: string[]
  items: { subject: string; began_at: string; ended_at?: string; peak?: number; severity: Severity; readings: number }[]
}
export interface Metric { id: string; name?: string; unit?: string; min?: unknown; max?: unknown }
export interface Profile {
  id: string; name: string; name_en?: string; metrics: Metric[]; metrics_en?: string[]; commands: { method: string; params?: Record<string, unknown> }[]; detections: string[]; silent_after?: string
}
export interface Device {
  id: string; name: string; profile: string; place: string; path: string; tags: string[]; attributes: Record<string, unknown>
  upkeep: { investor?: string; operator?: string; maintainer?: string }; gateway?: string; created_at: string; secret?: string
}
export interface DeviceCondition {
  last_seen?: string; connected: boolean; messages: number; suspect: number; late: number; repeated: number; refused: number
  /** Its newest reading lies in the future; what that means. */
  ahead?: string; note?: string; note_en?: string
}
export interface Latest { device: string; name: string; metric: string; unit?: string; ts: number | string; value: number }
export interface Bucket { ts: number | string; count: number; min: number; max: number; mean: number; last: number }
export interface Person {
  id: string; name: string; phone?: string; identity?: string; born?: number; birth?: string; sex?: Of<'sex'>; remarks?: string; path: string; tags: string[]
  state: Of<'person_state'>; masked: boolean; source: string; made_at: string; confirmed_at: string
}
/** Somebody looked at plain data: `what` are the fields, or a room. */
export interface Look { at: string; name: string; purpose: string; what: string; case?: string }
/** All that is known of a person and who looked, for the person. */
export interface PersonCopy { person: Person; residencies: unknown[]; helpers: unknown[]; consents: unknown[]; looks: Look[] }
export interface Household { id: string; place: string; path: string; kind: Of<'household'>; code_at: string; made_at: string; confirmed_at: string; closed_at?: string }
export interface Residency { id: string; household: string; person: string; role: Of<'resident_role'>; from: string; until?: string }
export interface Member { residency: Residency; person: Person }
export interface Organisation { id: string; kind: Of<'organisation'>; name: string; place?: string; path: string; above?: string; phone?: string }
export interface Tag { id: string; name: string; sensitive: boolean }
export interface Post { id: string; name: string; above?: string; organisation?: string }
export interface Shift {
  id: string; path: string; post: string; stands_for?: string; place: string; organisation?: string; persons: string[]; days?: number[]
  on: Of<'on'>; from: string; to: string; first?: string; last?: string; hand_out: Of<'hand_out'>
}
export interface Absence { id: string; person: string; from: string; until: string; substitute?: string; reason?: string }
export interface HandOver { id: string; post: string; place: string; path: string; note: string; at: string; by: string; taken_at?: string; taken_by: string }
export interface OnDuty {
  post: string; wanted: string; place: string; organisation?: string; persons: string[]; hand_out: Of<'hand_out'>; shift: string; steps_up: number
}
export interface Assignment { id: string; account: string; role: string; path: string; from: string; until?: string; stands_in_for?: string }
export interface Account {
  id: string; login: string; name: string; person?: string; state: Of<'account_state'>; made_at: string; last_login?: string
  second_factor: boolean; must_change_password: boolean; assignments: Assignment[]
}
export interface Role { id: string; name: string; rights: string[]; purposes: string[]; staff: boolean; changed: boolean; second_factor: boolean }
export interface SessionLine { id: string; made_at: string; seen_at: string; expires_at: string; address: string; agent: string; current: boolean }
export interface AuditLine { id: string; at: string; who: string; name: string; action: string; subject: string; path: string; body: string; hash: string }
export interface StoredFile { id: string; type: string; kind: Of<'file_kind'>; bytes: number; width?: number; height?: number }
