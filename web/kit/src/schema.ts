// Made by `npm run types` from test/contract/openapi.golden.json. Do not edit.
/* Times and dates, durations and ids are strings. */

export interface List<T> {
  items: T[]
  next: string | null
  count?: number
}

export interface Check {
  name: string
  ok: boolean
  detail: string
}

export interface FileWords {
  file: string
}

export interface Grant {
  right: string
  path: string
}

export interface Problem {
  status: number
  /** such as cases.already_accepted; stays what it is */
  code: string
  /** JSON pointer to the leaf to blame, or ?name of a query */
  field?: string
  /** for the person who looks into it */
  detail?: string
}

export interface Verified {
  ok: boolean
  checks: Check[]
}

export interface Why {
  id: string
  chain: WhyLink[]
}

export interface WhyLink {
  id: string
  kind: string
  at?: string
  text: string
  text_en: string
  cause: string
}

export interface AccountsAccount {
  id: string
  login: string
  name: string
  person?: string
  state: AccountsState
  made_at: string
  last_login?: string
  second_factor: boolean
  must_change_password: boolean
  assignments: AccountsAssignment[]
}

export interface AccountsAccountChange {
  name?: string
  person?: string
}

export interface AccountsAccountWords {
  login: string
  name?: string
  person?: string
  password?: string
  role: string
  place?: string
}

export interface AccountsAssignment {
  id: string
  account: string
  role: string
  path: string
  from: string
  until?: string
  stands_in_for?: string
}

export interface AccountsAssignmentWords {
  role: string
  place?: string
  from?: string
  until?: string
}

export interface AccountsBindCode {
  code: string
  expires_at: string
  login: string
}

export interface AccountsBindWords {
  name: string
  pin: string
  phone?: string
}

export interface AccountsBoundIn {
  token?: string
  expires_at: string
  session: string
  account: string
  login: string
  name: string
  person: string | null
  must_change_password: boolean
  rights: Grant[]
  phone: AccountsBoundPhone
}

export interface AccountsBoundPhone {
  id: string
  name: string
  bound_at: string
  in_hand: string
  token: string
}

export interface AccountsCandidate {
  id: string
  login: string
  name: string
  duties: AccountsDuty[]
}

export interface AccountsCodeAskWords {
  phone: string
}

export interface AccountsCodeAsked {
  expires_at: string
  again_at: string
}

export interface AccountsCodeBindWords {
  code: string
  name: string
  pin: string
  phone?: string
  cookie?: boolean
  second_code?: string
}

export interface AccountsCodeEntryWords {
  phone: string
  code: string
  login?: string
  second?: string
  ticket?: string
  cookie?: boolean
}

export interface AccountsCodeWords {
  code: string
}

export interface AccountsDeputy {
  id: string
  owner: string
  owner_name: string
  deputy: string
  deputy_name: string
  duties: AccountsDuty[]
  from: string
  until: string
  in_force: boolean
}

export interface AccountsDeputyWords {
  deputy: string
  from?: string
  until: string
}

export interface AccountsDuty {
  role: string
  role_name: string
  path: string
}

export interface AccountsKey {
  id: string
  name: string
  owner: string
  rights: string[]
  path: string
  made_at: string
  expires_at?: string
  revoked_at?: string
}

export interface AccountsKeyWords {
  name: string
  rights: string[]
  place?: string
  expires_at?: string
}

export interface AccountsListViews {
  id: string
  views: AccountsView[]
  kept_at: string
}

export interface AccountsLoggedIn {
  token?: string
  expires_at: string
  session: string
  account: string
  login: string
  name: string
  person: string | null
  must_change_password: boolean
  rights: Grant[]
}

export interface AccountsLoginWords {
  login: string
  password: string
  code?: string
  cookie?: boolean
}

export interface AccountsMadeKey {
  key: AccountsKey
  token: string
}

export interface AccountsMe {
  account: string
  login: string
  person: string | null
  session: string
  expires_at: string | null
  must_change_password: boolean
  must_enrol: boolean
  rights: Grant[]
  here?: string[]
}

export interface AccountsNamed {
  id: string
  login: string
  name: string
}

export interface AccountsPasswordWords {
  current?: string
  password: string
}

export interface AccountsPhone {
  id: string
  name: string
  bound_at: string
  in_hand: string
}

export interface AccountsPhoneFacts {
  id: string
  name: string
  bound_at: string
  in_hand: string
  logins: AccountsPhoneLogin[]
}

export interface AccountsPhoneLogin {
  login: string
  name: string
  left: number
}

export interface AccountsPhoneToken {
  phone: string
}

export interface AccountsPinWords {
  phone: string
  login: string
  pin: string
  cookie?: boolean
}

export interface AccountsRight {
  right: string
}

export interface AccountsRole {
  id: string
  name: string
  rights: string[]
  purposes: string[]
  staff: boolean
  changed: boolean
  second_factor: boolean
}

export interface AccountsRoleWords {
  name: string
  rights: string[]
  purposes?: string[]
  staff?: boolean
  second_factor?: boolean
}

export interface AccountsSession {
  id: string
  made_at: string
  seen_at: string
  expires_at: string
  address: string
  agent: string
  current: boolean
}

export type AccountsState = "active" | "closed"

export interface AccountsTotpSecret {
  secret: string
  address: string
}

export interface AccountsView {
  name: string
  search?: string
  sort?: AccountsViewOrder
  columns?: string[]
  filters?: Record<string, unknown>
}

export interface AccountsViewOrder {
  key: string
  down: boolean
}

export interface AccountsViewsWords {
  views: AccountsView[]
}

export interface AccountsWays {
  password: boolean
  code: boolean
  wechat: boolean
}

export interface AccountsWechatBindWords {
  ticket?: string
  code?: string
}

export interface AccountsWechatBinding {
  bound: boolean
  bound_at?: string
}

export interface AccountsWechatDoor {
  address: string
  state: string
}

export interface AccountsWechatEntry {
  in?: AccountsLoggedIn
  ticket?: string
}

export interface AccountsWechatEntryWords {
  code: string
  second?: string
  cookie?: boolean
}

export interface ActionsAction {
  id: string
  situation: string
  rule: string
  version: number
  step: number
  device: string
  path: string
  method: string
  state: ActionsState
  reason: string
  command?: string
  release?: string
  at: string
  held_since?: string
  fresh_at?: string
  ended_at?: string
  released_by?: string
}

export interface ActionsReleaseWords {
  reason?: string
  note?: string
}

export type ActionsState = "blocked" | "commanded" | "done" | "held" | "failed" | "expired" | "released"

export interface AffairsAnswerWords {
  id: string
  value: string
}

export interface AffairsAnswersWords {
  items: AffairsAnswerWords[]
}

export interface AffairsBlank {
  id: string
  subject: string
  label: string
  heading: string
  question: string
  key: string
}

export interface AffairsConflict {
  id: string
  run: string
  cell: string
  subject: string
  label: string
  heading: string
  earlier: string
  later: string
  earlier_by: string
  earlier_at?: string
  later_by: string
  later_at: string
  kept?: AffairsKept
  settled_by: string
  settled_at?: string
}

export interface AffairsForm {
  name: string
  bureau?: string
  subject: AffairsSubject
  kind?: PlacesKind
  tag?: string
  columns: AffairsFormColumn[]
  id: string
  kept_at: string
  by: string
}

export interface AffairsFormColumn {
  heading: string
  source: string
  key?: string
  question?: string
}

export interface AffairsFormWords {
  name: string
  bureau?: string
  subject: AffairsSubject
  kind?: PlacesKind
  tag?: string
  columns: AffairsFormColumn[]
}

export type AffairsKept = "earlier" | "later"

export interface AffairsRemembered {
  id: string
  subject: string
  label: string
  heading: string
  key: string
  value: string
  by: string
  at: string
  in_run: boolean
}

export interface AffairsRun {
  rows: number
  cells: number
  known: number
  blank: number
  filled: number
  remembered: number
  answered: number
  asked: number
  registers: number
  conflicts: number
  counted_at?: string
  id: string
  form: string
  place: string
  path: string
  by: string
  made_at: string
}

export interface AffairsRunWords {
  form: string
  place: string
}

export interface AffairsSettleWords {
  keep: AffairsKept
}

export interface AffairsSource {
  id: string
  name: string
}

export type AffairsSubject = "person" | "household" | "place"

export interface AuditHead {
  seq: number
  hash: string
}

export interface AuditShown {
  id: string
  at: string
  who: string
  name: string
  action: string
  subject: string
  path: string
  body: string
  hash: string
}

export interface AuditVerdict {
  entries: number
  anchors: number
  broken_at?: number
  why: string
}

export interface AuditView {
  at: string
  name: string
  purpose: string
  what: string
  case?: string
}

export type CasesAlike = "propose" | "join"

export type CasesAppeal = "asked" | "granted" | "refused"

export interface CasesBatchResult {
  id: string
  done: boolean
  code: string
  detail: string
}

export interface CasesBatchWords {
  ids: string[]
  move: CasesMove
  words?: CasesWords
}

export interface CasesBehind {
  id: string
}

export interface CasesBoard {
  at: string
  circles: CasesCircleCount[]
  places: CasesPlaceCount[]
  days: CasesDayCount[]
}

export interface CasesCalled {
  organisation: string
  answers_for?: string
  whistle: CasesWhistleKind
  person?: string
  called_at: string
  report_in_by: string
  in_at?: string
  by: string
  late: boolean
}

export interface CasesCase {
  appeal_circle?: CasesCircle
  appeal_by?: string
  owed: CasesOwed[]
  owed_by?: string
  emergency_en?: string
  unmanned_en?: string
  overdue: boolean
  was_late: boolean
  late_since?: string
  id: string
  number: string
  kind: string
  kind_version: number
  title: string
  grade: CasesGrade
  class: CasesClass
  state: CasesState
  circle: CasesCircle
  place: string
  path: string
  position?: PlacesPoint
  text: string
  files: string[]
  emergency: string
  cause: string
  situation: string
  device: string
  rule: string
  outer_number: string
  post?: string
  organisation?: string
  person?: string
  unmanned: string
  opened_at: string
  due?: string
  accept_by?: string
  handle_by?: string
  verify_by?: string
  accepted_at?: string
  arrived_at?: string
  handled_at?: string
  verified_at?: string
  closed_at?: string
  deferred_until?: string
  deferral_asked: boolean
  supervised: boolean
  drill: boolean
  ending?: CasesEnding
  reason: string
  appeal?: CasesAppeal
  merged_into?: string
  reporters: number
  urged: number
  reopened: number
  transferred: number
  parts_open: number
  calls_open: number
  score?: number
  allowed: CasesMove[]
}

export type CasesChannel = "app" | "call" | "visit" | "paper" | "hotline" | "open311" | "device"

export interface CasesCheck {
  words: string
  post?: string
}

export type CasesCircle = "micro" | "small" | "great"

export interface CasesCircleCount {
  circle: CasesCircle
  open: number
  overdue: number
  waiting: number
  working: number
  checking: number
  deferred: number
  opened_today: number
  ended_today: number
}

export type CasesClass = "component" | "event" | "help" | "complaint" | "suggestion" | "enquiry"

export interface CasesDayCount {
  day: string
  opened: number
  ended: number
}

export interface CasesDiaryLine {
  n: number
  at: string
  code: string
  words: string
  by: string
  person?: string
  on_behalf: boolean
  note: string
  files: string[]
  cause: string
  words_en?: string
}

export interface CasesDraft {
  name: string
  name_en?: string
  class: CasesClass
  grade: CasesGrade
  hours?: CasesHours
  micro: CasesDuty
  small: CasesDuty
  great: CasesDuty
  verifier?: CasesVerifier
  warn_percent?: number
  evidence?: string[]
  strict?: boolean
  emergency?: string
  emergency_en?: string
  evaluate?: boolean
  steady?: string
  merge_within?: string
  ring?: string
  calls?: string[]
  report_in?: string
  checklist?: CasesCheck[]
  close_after?: string
  appeal?: string
  near?: CasesNear
  code: string
  base: number
  at: string
  by: string
  fault?: CasesFault
}

export interface CasesDuty {
  post: string
  accept: string
  handle: string
  verify: string
}

export type CasesEnding = "solved" | "cleared" | "refused" | "merged" | "false_alarm"

export interface CasesFault {
  field: string
  words: string
}

export type CasesGrade = "I" | "II" | "III" | "IV"

export interface CasesHolding {
  n: number
  circle: CasesCircle
  post: string
  organisation?: string
  person?: string
  why: string
  from: string
  until?: string
  accept_by?: string
  accepted_at?: string
  handle_by?: string
  handled_at?: string
}

export type CasesHours = "clock" | "working"

export interface CasesKind {
  name: string
  name_en?: string
  class: CasesClass
  grade: CasesGrade
  hours?: CasesHours
  micro: CasesDuty
  small: CasesDuty
  great: CasesDuty
  verifier?: CasesVerifier
  warn_percent?: number
  evidence?: string[]
  strict?: boolean
  emergency?: string
  emergency_en?: string
  evaluate?: boolean
  steady?: string
  merge_within?: string
  ring?: string
  calls?: string[]
  report_in?: string
  checklist?: CasesCheck[]
  close_after?: string
  appeal?: string
  near?: CasesNear
  code: string
  version: number
  ready_made: boolean
  retired: boolean
  at: string
}

export interface CasesKindWords {
  name: string
  name_en?: string
  class: CasesClass
  grade: CasesGrade
  hours?: CasesHours
  micro: CasesDuty
  small: CasesDuty
  great: CasesDuty
  verifier?: CasesVerifier
  warn_percent?: number
  evidence?: string[]
  strict?: boolean
  emergency?: string
  emergency_en?: string
  evaluate?: boolean
  steady?: string
  merge_within?: string
  ring?: string
  calls?: string[]
  report_in?: string
  checklist?: CasesCheck[]
  close_after?: string
  appeal?: string
  near?: CasesNear
}

export type CasesMove = "assign" | "accept" | "arrive" | "handle" | "verify" | "close" | "return" | "transfer" | "defer" | "approve" | "deny" | "wake" | "urge" | "supervise" | "whistle" | "report-in" | "joint" | "done" | "confirm" | "refuse" | "false-alarm" | "merge" | "join" | "reopen" | "escalate" | "clear" | "appeal" | "decide" | "note"

export interface CasesNamed {
  id: string
  number: string
  kind: string
}

export interface CasesNear {
  then?: CasesAlike
  floors?: number
  metres?: number
}

export interface CasesOwed {
  part?: number
  organisation?: string
  post?: string
  person?: string
  task: string
  due: string
  late: boolean
}

export interface CasesPart {
  n: number
  post: string
  organisation?: string
  person?: string
  task: string
  due: string
  late: boolean
  done_at?: string
  by: string
  note: string
}

export interface CasesPartWords {
  post: string
  task: string
  handle?: string
}

export interface CasesPlaceCount {
  place: string
  open: number
  overdue: number
  highest: CasesCircle
}

export interface CasesPlanLine {
  n: number
  words: string
  post?: string
  at?: string
  by: string
  note: string
  words_en?: string
}

export interface CasesRates {
  key: string
  cases: number
  response_good: number
  response_all: number
  solved_good: number
  solved_all: number
  satisfied_good: number
  satisfied_all: number
  overdue: number
  reopened: number
  response?: number
  solved?: number
  satisfied?: number
}

export interface CasesReport {
  kind: string
  place: string
  text?: string
  files?: string[]
  reporter?: CasesReporterWords
  position?: PlacesPoint
  outer_number?: string
  drill?: boolean
}

export interface CasesReporter {
  n: number
  person?: string
  channel: CasesChannel
  account: string
  on_behalf: boolean
  anonymous: boolean
  at: string
  text: string
  files: string[]
  by_helper: boolean
}

export interface CasesReporterWords {
  person?: string
  channel?: CasesChannel
  anonymous?: boolean
}

export interface CasesSimilar {
  id: string
  number: string
  title: string
  text: string
  state: CasesState
  opened_at: string
  likeness: number
  near: boolean
  kind: string
  path: string
}

export type CasesState = "reported" | "assigned" | "accepted" | "handled" | "verified" | "closed" | "deferred" | "merged" | "refused" | "reopened"

export type CasesVerifier = "desk" | "reporter" | "device" | "above"

export type CasesWhistleKind = "management" | "shared" | "emergency" | "data" | "technology" | "intelligence"

export interface CasesWhole {
  appeal_circle?: CasesCircle
  appeal_by?: string
  owed: CasesOwed[]
  owed_by?: string
  emergency_en?: string
  unmanned_en?: string
  overdue: boolean
  was_late: boolean
  late_since?: string
  id: string
  number: string
  kind: string
  kind_version: number
  title: string
  grade: CasesGrade
  class: CasesClass
  state: CasesState
  circle: CasesCircle
  place: string
  path: string
  position?: PlacesPoint
  text: string
  files: string[]
  emergency: string
  cause: string
  situation: string
  device: string
  rule: string
  outer_number: string
  post?: string
  organisation?: string
  person?: string
  unmanned: string
  opened_at: string
  due?: string
  accept_by?: string
  handle_by?: string
  verify_by?: string
  accepted_at?: string
  arrived_at?: string
  handled_at?: string
  verified_at?: string
  closed_at?: string
  deferred_until?: string
  deferral_asked: boolean
  supervised: boolean
  drill: boolean
  ending?: CasesEnding
  reason: string
  appeal?: CasesAppeal
  merged_into?: string
  reporters: number
  urged: number
  reopened: number
  transferred: number
  parts_open: number
  calls_open: number
  score?: number
  allowed: CasesMove[]
  called: CasesCalled[]
  parts: CasesPart[]
  checklist: CasesPlanLine[]
}

export interface CasesWords {
  note?: string
  files?: string[]
  post?: string
  person?: string
  until?: string
  call?: string[]
  whistle?: CasesWhistleKind
  report_in?: string
  organisation?: string
  parts?: CasesPartWords[]
  part?: number
  check?: number
  into?: string
  passed?: boolean
  granted?: boolean
}

export interface DevicesAdoptWords {
  ids: string[]
  tongue?: DevicesTongue
  replace?: boolean
}

export interface DevicesCommand {
  id: string
  device: string
  path: string
  number: number
  method: string
  params: Record<string, unknown>
  state: DevicesCommandState
  cause: string
  by: string
  asked_at: string
  expires_at: string
  sent_at?: string
  answered_at?: string
  result: string
}

export type DevicesCommandState = "waiting" | "sent" | "answered" | "failed" | "expired"

export interface DevicesCommandWord {
  method: string
  params?: Record<string, unknown>
}

export interface DevicesCommandWords {
  method: string
  params?: Record<string, unknown>
}

export interface DevicesCondition {
  last_seen?: string
  connected: boolean
  messages: number
  suspect: number
  late: number
  repeated: number
  refused: number
  ahead?: string
  note?: string
  note_en?: string
}

export interface DevicesDevice {
  id: string
  profile: string
  place: string
  path: string
  name: string
  tags: string[]
  gateway?: string
  attributes: Record<string, unknown>
  upkeep: DevicesUpkeep
  created_at: string
}

export interface DevicesDeviceView {
  id: string
  profile: string
  place: string
  path: string
  name: string
  tags: string[]
  gateway?: string
  attributes: Record<string, unknown>
  upkeep: DevicesUpkeep
  created_at: string
  condition: DevicesCondition
}

export interface DevicesDeviceWords {
  profile: string
  place: string
  name?: string
  tags?: string[]
  secret?: string
  gateway?: string | null
  attributes?: Record<string, unknown>
  upkeep?: DevicesUpkeep
}

export interface DevicesKept {
  id: string
  profile: string
  place: string
  path: string
  name: string
  tags: string[]
  gateway?: string
  attributes: Record<string, unknown>
  upkeep: DevicesUpkeep
  created_at: string
  secret?: string
  secret_shared: boolean
}

export interface DevicesKeptProfile {
  id: string
  name: string
  metrics: DevicesMetric[]
  commands: DevicesCommandWord[]
  detections: string[]
  silent_after?: string
  warnings: string[]
  warnings_zh: string[]
}

export interface DevicesMaintenance {
  id: string
  device: string
  begins: string
  ends: string
  reason: string
  ended_at?: string
}

export interface DevicesMaintenanceWords {
  begins: string
  ends: string
  reason: string
}

export interface DevicesMetric {
  id: string
  name?: string
  unit?: string
  min?: unknown
  max?: unknown
}

export interface DevicesNamedProfile {
  id: string
  name: string
  metrics: DevicesMetric[]
  commands: DevicesCommandWord[]
  detections: string[]
  silent_after?: string
  name_en: string
  metrics_en: string[]
}

export interface DevicesPlaceCount {
  place: string
  devices: number
  heard: number
}

export interface DevicesProfileWords {
  name: string
  metrics?: DevicesMetric[]
  commands?: DevicesCommandWord[]
  detections?: string[]
  silent_after?: string
}

export interface DevicesReadyMetric {
  id: string
  name: string
  name_en: string
  unit?: string
  min?: unknown
  max?: unknown
}

export interface DevicesReadyProfile {
  id: string
  version: number
  name: string
  name_en: string
  metrics: DevicesReadyMetric[]
  commands: DevicesCommandWord[]
  detections: string[]
  silent_after?: string
  standing: DevicesReadyState
}

export type DevicesReadyState = "absent" | "same" | "changed"

export interface DevicesRefusedDays {
  reason: string
  count: number
  first_at: string
  last_at: string
  sample: string
  days: DevicesRefusedOn[]
}

export interface DevicesRefusedFor {
  reason: string
  count: number
  first_at: string
  last_at: string
  sample: string
}

export interface DevicesRefusedOn {
  day: string
  count: number
  first_at: string
  last_at: string
  sample: string
}

export type DevicesTongue = "zh" | "en"

export interface DevicesUpkeep {
  investor?: string
  operator?: string
  maintainer?: string
  installed_at?: string
  cost_fen?: number
}

export interface DrillsDrill {
  id: string
  kind: string
  rule: string
  device: string
  note: string
  place: string
  path: string
  case: string
  by: string
  began_at: string
  until: string
  ended_at?: string
  blocked: string[]
}

export interface DrillsDrillWords {
  rule?: string
  device?: string
  kind?: string
  place?: string
  note?: string
  lasts?: string
}

export type DrillsNumber = "none" | "dead" | "works" | "unheard" | "untried"

export interface DrillsReport {
  id: string
  kind: string
  rule: string
  device: string
  note: string
  place: string
  path: string
  case: string
  by: string
  began_at: string
  until: string
  ended_at?: string
  blocked: string[]
  answered: boolean
  seconds?: number
  state: CasesState
  rung: DrillsRung[]
  unreachable: number
  unanswered: number
}

export interface DrillsRung {
  person: string
  name: string
  purpose: string
  step: number
  at: string
  state: NoticesRungState
  answered_at?: string
  seconds?: number
  number: DrillsNumber
  call?: NoticesCallResult
}

export type EvaluationsBy = "reporter" | "staff" | "device" | "overruled"

export interface EvaluationsEvaluation {
  id: string
  case: string
  path: string
  by: EvaluationsBy
  round: number
  reporter: number
  person?: string
  channel: CasesChannel
  asked_at: string
  until?: string
  answered_at?: string
  score?: number
  solved?: boolean
  text: string
  account: string
  on_behalf: boolean
  reopened: boolean
  cause: string
  may_answer: boolean
}

export interface EvaluationsWords {
  score: number
  solved?: boolean
  text?: string
  channel?: CasesChannel
}

export interface ExchangeCapture {
  id: string
  library: string
  kind: ExchangeCaptureKind
  object: string
  detection: string
  device: string
  path: string
  shot_at: string
  queued_at: string
  due: string
  left_at?: string
  ended_at?: string
  state: ExchangeCaptureState
  attempts: number
  code: number
  words: string
}

export type ExchangeCaptureKind = "plate" | "face"

export type ExchangeCaptureState = "waiting" | "sent" | "refused" | "withheld" | "expired"

export interface ExchangeFileTaken {
  items: ExchangeTaken[]
  next?: string
  ignored: string[]
}

export interface ExchangeHotlineOrder {
  number: string
  text: string
  title?: string
  place?: string
  kind?: string
  due?: string
}

export interface ExchangeHotlineReply {
  number: string
  case: string
  case_number: string
  title: string
  state: CasesState
  organisation: string
  result: string
  reply: string
  received_at: string
  due?: string
  replied_at?: string
  ended_at?: string
  overdue: boolean
  reply_state: ExchangeReplyState
  path: string
  text: string
  case_due?: string
  was_late: boolean
}

export interface ExchangeLibrary {
  id: string
  name: string
  url: string
  system: string
  login: string
  places: string[]
  paths: string[]
  purpose: ExchangeSharePurpose
  basis: string
  until?: string
  plates: boolean
  faces: boolean
  signs_posted: boolean
  scenes: boolean
  keep_days: number
  keepalive: string
  paused: boolean
  state: ExchangeLibraryState
  state_at: string
  trouble: string
  clock_ahead_s?: number
  waiting: number
  sent: number
  refused: number
  withheld: number
  expired: number
}

export type ExchangeLibraryState = "off" | "away" | "here"

export interface ExchangeLibraryWords {
  name: string
  url: string
  system: string
  login?: string
  password?: string
  places: string[]
  purpose: ExchangeSharePurpose
  basis: string
  until?: string
  plates?: boolean
  faces?: boolean
  signs_posted?: boolean
  scenes?: boolean
  keep_days?: number
  keepalive?: string
  paused?: boolean
}

export interface ExchangeOrdersWords {
  items: ExchangeHotlineOrder[]
}

export type ExchangeOutcome = "made" | "changed" | "same" | "refused"

export type ExchangeReplyState = "none" | "drafted" | "replied"

export interface ExchangeReplyWords {
  text: string
}

export type ExchangeSharePurpose = "public_security" | "investigation" | "traffic"

export interface ExchangeTaken {
  number: string
  outcome: ExchangeOutcome
  case?: string
  code: string
  detail: string
  warning?: string
}

export interface FilesFile {
  id: string
  type: FilesType
  kind: FilesKind
  bytes: number
  width?: number
  height?: number
  digest: string
  made_by: string
  made_at: string
  keep_until?: string
}

export type FilesKind = "picture" | "clip" | "voice" | "document" | "table"

export interface FilesLink {
  url: string
  expires_at: string
}

export type FilesType = "jpeg" | "png" | "webp" | "heic" | "mp4" | "webm" | "ogg" | "mp3" | "wav" | "m4a" | "amr" | "pdf" | "xlsx" | "csv"

export interface ImportsApplied {
  id: string
  what: ImportsWhat
  state: ImportsState
  by: string
  at: string
  until: string
  applied_at?: string
  rows: number
  made: number
  changed: number
  same: number
  bad: number
  ignored: string[]
  problems: ImportsProblem[]
  secrets: ImportsMadeSecret[]
}

export interface ImportsApplyWords {
  skip_bad?: boolean
}

export interface ImportsColumnWords {
  id: string
  name: string
  name_en: string
  needed: boolean
  example: string
  help: string
}

export interface ImportsForm {
  id: string
  name: string
  columns: ImportsColumnWords[]
}

export interface ImportsImport {
  id: string
  what: ImportsWhat
  state: ImportsState
  by: string
  at: string
  until: string
  applied_at?: string
  rows: number
  made: number
  changed: number
  same: number
  bad: number
  ignored: string[]
  problems: ImportsProblem[]
}

export interface ImportsMadeSecret {
  device: string
  secret: string
}

export interface ImportsProblem {
  row: number
  column: string
  code: string
  advice: string
}

export type ImportsState = "checked" | "applied"

export type ImportsWhat = "places" | "homes" | "organisations" | "people" | "posts" | "devices" | "kinds"

export interface NodeAbout {
  district: string
  zone_offset_minutes: number
  version: string
}

export interface NodeHealth {
  at: string
  ready: boolean
  note: string
  lane_waiting: number
  porch_waiting_values: number
  device_connections: number
  open_pages: number
  messages: number
  values_stored: number
  values_suspect: number
  series: number
  disk_free_bytes?: number
  disk_total_bytes?: number
  certificate_ends?: string
  certificate_trouble: boolean
  parked: NodeParked[]
  refused: NodeRefused[]
}

export interface NodeParked {
  hearer: string
  failures: number
  error: string
  retry_at?: string
  aside: boolean
}

export interface NodeRefused {
  reason: string
  count: number
}

export interface NoticesAnnouncement {
  id: string
  title: string
  text: string
  urgency: NoticesUrgency
  state: NoticesAnnouncementState
  audience: NoticesAudienceWords
  path: string
  expected: NoticesPreview
  reached?: number
  read?: number
  called?: number
  by: string
  confirmed_by: string
  made_at: string
  send_at: string
  sent_at?: string
}

export type NoticesAnnouncementState = "waiting" | "queued" | "sending" | "sent" | "withdrawn"

export interface NoticesAnnouncementWords {
  audience: NoticesAudienceWords
  title?: string
  text?: string
  template?: string
  values?: Record<string, string>
  urgency?: NoticesUrgency
  at?: string
}

export interface NoticesAudienceWords {
  place: string
  tags?: string[]
  roles?: PeopleResidentRole[]
  age_from?: number
  age_to?: number
  one_a_household?: boolean
}

export interface NoticesBridge {
  id: string
  case: string
  state: NoticesMessageState
  error: string
  at: string
}

export interface NoticesBridgeWords {
  case: string
  reporter: number
}

export type NoticesCallResult = "answered" | "no_answer" | "busy" | "dead"

export interface NoticesCallWords {
  result: NoticesCallResult
  key?: string
}

export interface NoticesChosen {
  work: NoticesWay
  progress: NoticesWay
  question: NoticesWay
  announcement: NoticesWay
  available: NoticesWay[]
}

export type NoticesClass = "work" | "progress" | "question" | "announcement" | "alarm"

export interface NoticesConfirmWords {
  count?: number
}

export interface NoticesDigestHours {
  hour: number
  phone: boolean
  waiting: number
  next_at: string
}

export interface NoticesDigestWords {
  hour: number
  phone?: boolean
}

export interface NoticesLogLine {
  n: number
  at: string
  sent: boolean
  detail: string
}

export interface NoticesMadeWebhook {
  id: string
  url: string
  topics: string[]
  path: string
  paused: boolean
  place?: string
  secret: string
}

export interface NoticesMessage {
  id: string
  channel: string
  to: string
  body: string
  state: NoticesMessageState
  attempts: number
  at: string
  due: string
  ended_at?: string
  error: string
  cause: string
  path: string
}

export type NoticesMessageState = "queued" | "sent" | "dead"

export interface NoticesNotice {
  id: string
  class: NoticesClass
  person?: string
  post?: string
  path: string
  title: string
  text: string
  case?: string
  about: string
  channel: CasesChannel
  urgent: boolean
  drill: boolean
  at: string
  read_at?: string
  told_by: string
  told_note: string
  sender: string
  cause: string
  title_en?: string
  text_en?: string
}

export interface NoticesPreview {
  count?: number
  fewer_than_five: boolean
}

export interface NoticesReadAll {
  read: number
  more: boolean
}

export interface NoticesReadAllWords {
  up_to: string
}

export interface NoticesReceipt {
  reader: string
  at: string
}

export interface NoticesRing {
  id: string
  case: string
  path: string
  purpose: string
  post: string
  person: string
  step: number
  each: string
  state: NoticesRingState
  began_at: string
  until: string
  ended_at?: string
  by: string
  rung: string[]
  drill: boolean
}

export type NoticesRingState = "ringing" | "answered" | "unanswered" | "stopped"

export interface NoticesRung {
  ring: string
  purpose: string
  post: string
  step: number
  person?: string
  name: string
  at: string
  state: NoticesRungState
  ended_at?: string
}

export interface NoticesRungOfCase {
  case: string
  rung: NoticesRung[]
}

export type NoticesRungState = "ringing" | "answered" | "passed" | "elsewhere"

export interface NoticesSendWords {
  title: string
  text: string
  place: string
  persons?: string[]
  posts?: string[]
  urgent?: boolean
}

export interface NoticesSent {
  reached: number
}

export interface NoticesTemplate {
  name: string
  title: string
  text: string
  id: string
}

export interface NoticesTemplateWords {
  name: string
  title: string
  text: string
}

export interface NoticesToldWords {
  note?: string
}

export type NoticesUrgency = "low" | "normal" | "emergency"

export type NoticesWay = "app" | "sms" | "wechat"

export interface NoticesWayWords {
  work?: NoticesWay
  progress?: NoticesWay
  question?: NoticesWay
  announcement?: NoticesWay
}

export interface NoticesWebhook {
  id: string
  url: string
  topics: string[]
  path: string
  paused: boolean
  place?: string
}

export interface NoticesWebhookWords {
  url: string
  topics: string[]
  place?: string
  secret?: string
  paused?: boolean
}

export interface PeopleCodeWords {
  code: string
}

export interface PeopleConsent {
  id: string
  person: string
  purpose: string
  given_at: string
  given_how: string
  withdrawn_at?: string
  withdrawn_how?: string
}

export interface PeopleConsentWords {
  purpose: string
  how?: string
}

export interface PeopleExport {
  person: PeoplePerson
  residencies: PeopleResidency[]
  helpers: PeopleHelper[]
  consents: PeopleConsent[]
  looks: PeopleLook[]
}

export type PeopleField = "name" | "phone" | "identity" | "birth" | "sex" | "remarks" | "tags"

export interface PeopleHelper {
  id: string
  person: string
  helper: string
  scope: string[]
  from: string
  until?: string
  how: string
}

export interface PeopleHelperWords {
  person: string
  helper: string
  scope: string[]
  until?: string
  how?: string
}

export interface PeopleHome {
  household: string
  role: PeopleResidentRole
  kind: PeopleHouseholdKind
  place: string
  path: string
  address: string
  since: string
}

export interface PeopleHousehold {
  id: string
  kind: PeopleHouseholdKind
  place: string
  path: string
  code_at: string
  made_at: string
  closed_at?: string
  confirmed_at: string
}

export interface PeopleHouseholdCode {
  household: string
  code: string
  made_at: string
}

export type PeopleHouseholdKind = "owned" | "rented" | "dormitory" | "vacant"

export interface PeopleHouseholdWords {
  place: string
  kind?: PeopleHouseholdKind
}

export interface PeopleLook {
  at: string
  name: string
  purpose: string
  what: string
  case?: string
}

export interface PeopleMember {
  residency: PeopleResidency
  person: PeoplePerson
}

export interface PeopleNamed {
  id: string
  name: string
}

export interface PeopleNamedHelper {
  id: string
  person: string
  helper: string
  scope: string[]
  from: string
  until?: string
  how: string
  person_name: string
  helper_name: string
}

export interface PeopleOrganisation {
  id: string
  kind: PeopleOrganisationKind
  name: string
  place?: string
  path: string
  above?: string
  phone?: string
}

export type PeopleOrganisationKind = "property_company" | "community_office" | "street_office" | "bureau" | "district_centre" | "clinic" | "school" | "merchant" | "volunteers" | "other"

export interface PeopleOrganisationWords {
  kind: PeopleOrganisationKind
  name: string
  place?: string
  above?: string
  phone?: string
}

export interface PeoplePerson {
  id: string
  state: PeopleState
  name: string
  phone?: string
  identity?: string
  born?: number
  birth?: string
  sex?: PeopleSex
  remarks?: string
  path: string
  tags: string[]
  masked: boolean
  source: string
  made_at: string
  confirmed_at: string
}

export interface PeoplePersonChange {
  name?: string
  phone?: string
  identity?: string
  remarks?: string
  birth?: string
  sex?: PeopleSex
  place?: string
  state?: PeopleState
}

export interface PeoplePersonWords {
  name: string
  phone?: string
  identity?: string
  birth?: string
  sex?: PeopleSex
  remarks?: string
  place: string
  source?: string
}

export interface PeopleResidency {
  id: string
  person: string
  household: string
  role: PeopleResidentRole
  from: string
  until?: string
}

export interface PeopleResidencyWords {
  person: string
  role?: PeopleResidentRole
  from?: string
}

export type PeopleResidentRole = "owner" | "tenant" | "member"

export interface PeopleRevealWords {
  fields?: PeopleField[]
}

export interface PeopleSearchWords {
  name?: string
  phone?: string
  phone_tail?: string
  identity?: string
  identity_tail?: string
  place?: string
}

export type PeopleSex = "unknown" | "male" | "female"

export type PeopleState = "present" | "gone" | "erased"

export interface PeopleTagKind {
  id: string
  name: string
  sensitive: boolean
}

export interface PeopleTagKindWords {
  name: string
  sensitive?: boolean
}

export type PlacesKind = "city" | "district" | "street" | "community" | "compound" | "building" | "unit" | "home" | "spot"

export interface PlacesNamed {
  id: string
  kind: PlacesKind
  name: string
  parent?: string
  path: string
}

export interface PlacesPlace {
  id: string
  kind: PlacesKind
  name: string
  parent?: string
  path: string
  position?: PlacesPoint
  outline?: PlacesPoint[]
  floors?: number
  height?: number
}

export interface PlacesPlaceWords {
  kind: PlacesKind
  name: string
  parent?: string
  position?: PlacesPoint
  outline?: PlacesPoint[]
  floors?: number
  height?: number
}

export interface PlacesPoint {
  lon: number
  lat: number
}

export interface ReadingsDetectionItem {
  id: string
  device: string
  place: string
  ts: number
  arrived: string
  kind: string
  confidence: number
  attributes?: Record<string, unknown>
  file?: string
  late?: boolean
  masked?: boolean
}

export interface ReadingsLatestItem {
  device: string
  name: string
  place: string
  metric: string
  unit?: string
  ts: number
  value: number
}

export interface ReadingsRawItem {
  ts: number
  value: number
  suspect?: boolean
  late?: boolean
}

export interface ReadingsStepItem {
  ts: number
  count: number
  min: number
  max: number
  mean: number
  last: number
}

export interface RostersAbsence {
  person: string
  from: string
  until: string
  substitute?: string
  reason?: string
  id: string
}

export interface RostersAbsenceWords {
  person: string
  from: string
  until: string
  substitute?: string
  reason?: string
}

export interface RostersCalendarYear {
  source: string
  days: RostersSpecialDay[]
  year: number
  provisional: boolean
}

export interface RostersCheck {
  point: string
  name: string
  look?: string
  mark: string
  at?: string
  told_at?: string
  person?: string
  by_tag: boolean
  fine: boolean
  note: string
  files: string[]
  found: string
}

export interface RostersCheckWords {
  code?: string
  tag?: string
  at?: string
  fine?: boolean
  kind?: string
  note?: string
  files?: string[]
}

export type RostersHandOut = "first" | "rotate" | "grab"

export interface RostersHandOver {
  post: string
  place: string
  note: string
  id: string
  path: string
  at: string
  by: string
  taken_at?: string
  taken_by: string
}

export interface RostersHandOverWords {
  post: string
  place: string
  note: string
}

export type RostersOn = "every" | "working" | "off"

export interface RostersOnDuty {
  post: string
  wanted: string
  place: string
  organisation?: string
  persons: string[]
  hand_out: RostersHandOut
  shift: string
  steps_up: number
}

export interface RostersPlan {
  route: string
  post: string
  times: string[]
  on?: RostersOn
  within: string
  missed?: string
  paused?: boolean
  id: string
  path: string
}

export interface RostersPlanWords {
  route: string
  post: string
  times: string[]
  on?: RostersOn
  within: string
  missed?: string
  paused?: boolean
}

export interface RostersPoint {
  name: string
  place: string
  tag?: string
  look?: string
  id: string
  path: string
  code: string
}

export interface RostersPointWords {
  name: string
  place: string
  tag?: string
  look?: string
}

export interface RostersPost {
  name: string
  above?: string
  organisation?: string
  id: string
}

export interface RostersPostWords {
  name: string
  above?: string
  organisation?: string
}

export interface RostersRoute {
  name: string
  place: string
  points: string[]
  id: string
  path: string
}

export interface RostersRouteWords {
  name: string
  place: string
  points: string[]
}

export interface RostersShift {
  post: string
  stands_for?: string
  place: string
  organisation?: string
  persons?: string[]
  days?: number[]
  on?: RostersOn
  /** a time of day such as 08:30 */
  from: string
  /** a time of day such as 08:30 */
  to: string
  /** a day such as 2026-02-24 */
  first?: string
  /** a day such as 2026-02-24 */
  last?: string
  hand_out?: RostersHandOut
  id: string
  path: string
}

export interface RostersShiftWords {
  post: string
  stands_for?: string
  place: string
  organisation?: string
  persons?: string[]
  days?: number[]
  on?: RostersOn
  /** a time of day such as 08:30 */
  from: string
  /** a time of day such as 08:30 */
  to: string
  /** a day such as 2026-02-24 */
  first?: string
  /** a day such as 2026-02-24 */
  last?: string
  hand_out?: RostersHandOut
}

export interface RostersSpecialDay {
  /** a day such as 2026-02-24 */
  day: string
  off: boolean
  name: string
}

export interface RostersStretch {
  days: number[]
  /** a time of day such as 08:30 */
  from: string
  /** a time of day such as 08:30 */
  to: string
}

export interface RostersTask {
  id: string
  plan: string
  route: string
  post: string
  name: string
  path: string
  person?: string
  from: string
  until: string
  state: RostersTaskState
  ended_at?: string
  missed: string
  checks: RostersCheck[]
}

export type RostersTaskState = "open" | "done" | "missed"

export interface RostersWorkingHours {
  week: RostersStretch[]
  keeps_holidays?: boolean
}

export interface RostersYearWords {
  source: string
  days: RostersSpecialDay[]
}

export type RulesAction = {
  command: RulesWord
  params?: Record<string, unknown>
  /** default, and `self`: the device that the situation is about */
  device?: string
  /** interlock over the latest values; no detections */
  when?: RulesCondition
  /** Sent when the situation clears. */
  release?: {
  command: RulesWord
  params?: Record<string, unknown>
}
  /** without fresh evidence for so long it is released */
  hold?: string
  /** evidence older than this moves nothing; default PT5M */
  max_age?: string
  /** for the device's answer; default PT10S */
  timeout?: string
} | {
  /** post or audience */
  notify: string
  text: string
} | {
  whistle: string[]
  report_in?: string
}

export interface RulesAdoptRules {
  ids: string[]
  tongue?: DevicesTongue
  replace?: boolean
  activate?: boolean
}

export interface RulesCandidate {
  text: string
  text_en: string
  rule: RulesRule
  false_alarms: number
  spared: number
  kept: number
  situations_before: number
  situations_after: number
}

export type RulesCondition = {
  all: RulesCondition[]
} | {
  any: RulesCondition[]
} | {
  not: RulesCondition
} | {
  metric: RulesWord
  op: ">" | ">=" | "<" | "<=" | "==" | "!="
  /** true and false are 1 and 0 */
  value?: number | boolean
  attribute?: RulesWord
} | {
  detection: RulesWord
  /** at least; default 0 */
  confidence?: number
} | {
  silent: string
  metric?: RulesWord
  detection?: RulesWord
}

export interface RulesKept {
  id: string
  version: number
  state: RulesState
  warnings: string[]
  warnings_zh: string[]
}

export interface RulesNamedRule {
  id: string
  name: string
  version: number
  active_version: number
  state: RulesState
  rule: RulesRule
  situations: number
  false_alarms: number
  false_rate?: number
  name_en: string
}

export interface RulesProposeAnswer {
  version: number
  from?: string
  to?: string
  situations: number
  false_alarms: number
  tried: number
  judged: number
  candidates: RulesCandidate[]
  notes: string[]
}

export interface RulesReadyRule {
  id: string
  version: number
  name: string
  name_en: string
  profile: string
  rule: Record<string, unknown>
  standing: DevicesReadyState
  profile_standing: DevicesReadyState
}

export interface RulesRule {
  name: string
  /** Members that are given narrow each other; at least one is given. */
  applies_to: {
  profile?: string
  /** the place or anything below it */
  place?: string
  /** the device has all of them */
  tags?: RulesWord[]
  devices?: string[]
}
  /** Raises once `when` has held for `for` without a break and was met `times` times `within`. */
  raise: {
  when: RulesCondition
  for?: string
  times?: number
  within?: string
}
  /** Absent: clears when the raise condition no longer holds. */
  clear?: {
  when: RulesCondition
  for?: string
}
  severity: RulesSeverity
  /** While open, severity rises as soon as a stage holds; each above the rule's own. */
  escalate?: ({
  when: RulesCondition
  severity: RulesSeverity
})[]
  /** a post: raises only while the roster has somebody of it due at the device's place, or knows nothing of that post there */
  on_duty?: string
  /** Outside its windows a rule neither raises nor begins a `for`. */
  schedule?: {
  /** default: the district's */
  zone?: string
  windows: ({
  /** on which it begins; default: all */
  days?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]
  from: string
  /** at or before `from`: of the next day */
  to: string
})[]
}
  actions?: RulesAction[]
  /** the kind of the case that is opened */
  case?: string
}

export type RulesSeverity = "info" | "warning" | "critical"

export type RulesState = "draft" | "active" | "retired"

export interface RulesStretchWords {
  from?: string
  to?: string
}

export interface RulesTrialAnswer {
  situations: number
  cases: number
  devices: number
  judged: number
  items: RulesTrialItem[]
  notes: string[]
}

export interface RulesTrialItem {
  subject: string
  began_at: string
  ended_at?: string
  peak?: number
  severity: string
  readings: number
}

export interface RulesTrialWords {
  from?: string
  to?: string
  rule?: RulesRule
}

export interface RulesVersionView {
  version: number
  kept_at: string
  by: string
  activated_at?: string
  rule: RulesRule
}

export type RulesWord = string

export interface ScorecardsBehind {
  id: string
  number: string
  title: string
  state: CasesState
  opened_at: string
  closed_at?: string
}

export interface ScorecardsScore {
  id: string
  name: string
  rank?: number
  cases: number
  response?: number
  solved?: number
  satisfied?: number
  overdue: number
  reopened: number
  overdue_rate?: number
  reopen_rate?: number
  score?: number
  commended: boolean
}

export interface SituationsBoard {
  critical: number
  warning: number
  info: number
  unseen: number
  drills: number
  silenced: number
  marks: SituationsMark[]
  places: SituationsPlaceCount[]
  days: SituationsDayCount[]
}

export interface SituationsDayCount {
  day: string
  critical: number
  warning: number
  info: number
}

export interface SituationsEvidence {
  metric?: string
  unit?: string
  op?: string
  attribute?: string
  detection?: string
  file?: string
  detection_id?: string
  silent?: string
  value?: number
  limit?: number
  confidence?: number
  held?: boolean
  ts?: string
  rose_to?: SituationsSeverity
}

export interface SituationsFalseRate {
  rule: string
  situations: number
  false_alarms: number
}

export interface SituationsFalseWords {
  reason?: string
  note?: string
  false_alarm?: boolean
}

export interface SituationsMark {
  id: string
  rule: string
  device: string
  shown: string
  severity: SituationsSeverity
  began_at: string
  seen: boolean
}

export interface SituationsPlaceCount {
  place: string
  critical: number
  warning: number
  info: number
}

export type SituationsSeverity = "info" | "warning" | "critical"

export interface SituationsSituation {
  id: string
  rule: string
  rule_version: number
  device: string
  place: string
  path: string
  severity: SituationsSeverity
  state: SituationsState
  silenced: boolean
  drill: boolean
  began_at: string
  ended_at?: string
  raised_at: string
  cleared_at?: string
  peak?: number
  readings: number
  text: string
  text_en: string
  evidence: SituationsEvidence[]
  cause: string
  seen_by?: string
  seen_at?: string
  false_alarm: boolean
  false_reason?: string
}

export type SituationsState = "open" | "cleared"

/** By "METHOD /path": what an operation takes and answers. */
export interface Routes {
  /** What an ACME server asks for, from DIR/acme */
  "GET /.well-known/acme-challenge/{token}": { query: Record<string, never>; body: undefined; answer: unknown }
  /** This description */
  "GET /api/openapi.json": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Accounts */
  "GET /api/v1/accounts": { query: { login?: string; role?: string; place?: string; closed?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsAccount> }
  /** Makes an account with its first role */
  "POST /api/v1/accounts": { query: Record<string, never>; body: AccountsAccountWords; answer: AccountsAccount }
  /** Staff whom the login may choose as a deputy */
  "GET /api/v1/accounts/candidates": { query: { q?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsCandidate> }
  /** One of them */
  "GET /api/v1/accounts/candidates/{id}": { query: Record<string, never>; body: undefined; answer: AccountsCandidate }
  /** Who stands in for whom, now or later: the login's own, and those that accounts.read shows */
  "GET /api/v1/accounts/deputies": { query: { owner?: string; deputy?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsDeputy> }
  /** One of them */
  "GET /api/v1/accounts/deputies/{id}": { query: Record<string, never>; body: undefined; answer: AccountsDeputy }
  /** Ends it at once: the owner, the deputy, or who stands above */
  "DELETE /api/v1/accounts/deputies/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** API keys */
  "GET /api/v1/accounts/keys": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsKey> }
  /** Makes an API key; its token is shown this once */
  "POST /api/v1/accounts/keys": { query: Record<string, never>; body: AccountsKeyWords; answer: AccountsMadeKey }
  /** One API key */
  "GET /api/v1/accounts/keys/{id}": { query: Record<string, never>; body: undefined; answer: AccountsKey }
  /** Revokes an API key */
  "DELETE /api/v1/accounts/keys/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Changes the login's own password; its other sessions end */
  "POST /api/v1/accounts/me/password": { query: Record<string, never>; body: AccountsPasswordWords; answer: Record<string, unknown> }
  /** A secret for an authenticator */
  "POST /api/v1/accounts/me/totp": { query: Record<string, never>; body: undefined; answer: AccountsTotpSecret }
  /** Puts the second factor in force */
  "POST /api/v1/accounts/me/totp/confirm": { query: Record<string, never>; body: AccountsCodeWords; answer: Record<string, unknown> }
  /** Ends the second factor, with a code */
  "POST /api/v1/accounts/me/totp/end": { query: Record<string, never>; body: AccountsCodeWords; answer: Record<string, unknown> }
  /** Views that the login keeps of the lists of the pages, by list */
  "GET /api/v1/accounts/me/views": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsListViews> }
  /** Those of one list */
  "GET /api/v1/accounts/me/views/{id}": { query: Record<string, never>; body: undefined; answer: AccountsListViews }
  /** Keeps the views of one list in place of those before */
  "PUT /api/v1/accounts/me/views/{id}": { query: Record<string, never>; body: AccountsViewsWords; answer: AccountsListViews }
  /** Logins and names of at most 100 accounts; what is out of sight is left out */
  "GET /api/v1/accounts/names": { query: { ids?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsNamed> }
  /** Binds this phone to the login, with a PIN; its token is shown this once */
  "POST /api/v1/accounts/phones": { query: Record<string, never>; body: AccountsBindWords; answer: AccountsBoundPhone }
  /** Phones that the login is bound to */
  "GET /api/v1/accounts/phones": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsPhone> }
  /** One of them */
  "GET /api/v1/accounts/phones/{id}": { query: Record<string, never>; body: undefined; answer: AccountsPhone }
  /** The login is bound to it no more */
  "DELETE /api/v1/accounts/phones/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Purposes for which personal data may be asked */
  "GET /api/v1/accounts/purposes": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsRight> }
  /** Rights that the login may put into a role: those that it holds everywhere */
  "GET /api/v1/accounts/rights": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsRight> }
  /** Roles and their rights */
  "GET /api/v1/accounts/roles": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsRole> }
  /** One role */
  "GET /api/v1/accounts/roles/{id}": { query: Record<string, never>; body: undefined; answer: AccountsRole }
  /** Makes or changes a role */
  "PUT /api/v1/accounts/roles/{id}": { query: Record<string, never>; body: AccountsRoleWords; answer: AccountsRole }
  /** Binds the login to a WeChat user, by a ticket or by WeChat's code */
  "POST /api/v1/accounts/wechat": { query: Record<string, never>; body: AccountsWechatBindWords; answer: AccountsWechatBinding }
  /** Whether a WeChat user is bound to the login */
  "GET /api/v1/accounts/wechat": { query: Record<string, never>; body: undefined; answer: AccountsWechatBinding }
  /** Ends that */
  "DELETE /api/v1/accounts/wechat": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** One account, or `me` */
  "GET /api/v1/accounts/{id}": { query: Record<string, never>; body: undefined; answer: AccountsAccount }
  /** Changes name or person */
  "PATCH /api/v1/accounts/{id}": { query: Record<string, never>; body: AccountsAccountChange; answer: AccountsAccount }
  /** Gives a role over a place */
  "POST /api/v1/accounts/{id}/assignments": { query: Record<string, never>; body: AccountsAssignmentWords; answer: AccountsAssignment }
  /** Takes a role back */
  "DELETE /api/v1/accounts/{id}/assignments/{assignment}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** A code with which the login gets into a phone; shown this once */
  "POST /api/v1/accounts/{id}/bind-code": { query: Record<string, never>; body: undefined; answer: AccountsBindCode }
  /** Closes an account for good */
  "POST /api/v1/accounts/{id}/close": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Lends the account's roles to a deputy for a time */
  "POST /api/v1/accounts/{id}/deputies": { query: Record<string, never>; body: AccountsDeputyWords; answer: List<AccountsAssignment> }
  /** Sets a password that must be changed at the next login */
  "POST /api/v1/accounts/{id}/password": { query: Record<string, never>; body: AccountsPasswordWords; answer: Record<string, unknown> }
  /** Phones that a login is bound to */
  "GET /api/v1/accounts/{id}/phones": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsPhone> }
  /** One of them */
  "GET /api/v1/accounts/{id}/phones/{phone}": { query: Record<string, never>; body: undefined; answer: AccountsPhone }
  /** Takes a login off a phone, and out of it */
  "DELETE /api/v1/accounts/{id}/phones/{phone}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Ends all sessions of an account */
  "DELETE /api/v1/accounts/{id}/sessions": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Ends an account's second factor (a lost phone) */
  "DELETE /api/v1/accounts/{id}/totp": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** What the machine did, newest first */
  "GET /api/v1/actions": { query: { situation?: string; device?: string; state?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ActionsAction> }
  /** One action */
  "GET /api/v1/actions/{id}": { query: Record<string, never>; body: undefined; answer: ActionsAction }
  /** Lets a held machine go at once */
  "POST /api/v1/actions/{id}/release": { query: Record<string, never>; body: ActionsReleaseWords; answer: ActionsAction }
  /** One of them */
  "GET /api/v1/affairs/conflicts/{id}": { query: Record<string, never>; body: undefined; answer: AffairsConflict }
  /** Which of the two stands */
  "POST /api/v1/affairs/conflicts/{id}/settle": { query: Record<string, never>; body: AffairsSettleWords; answer: AffairsConflict }
  /** Forms of bureaus that were mapped */
  "GET /api/v1/affairs/forms": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AffairsForm> }
  /** A first mapping for an empty form: the file as the body */
  "POST /api/v1/affairs/forms/suggest": { query: Record<string, never>; body: Blob; answer: AffairsFormWords }
  /** One form */
  "GET /api/v1/affairs/forms/{id}": { query: Record<string, never>; body: undefined; answer: AffairsForm }
  /** Maps a form */
  "PUT /api/v1/affairs/forms/{id}": { query: Record<string, never>; body: AffairsFormWords; answer: AffairsForm }
  /** Takes a form in hand for a place: what is known is filled */
  "POST /api/v1/affairs/runs": { query: Record<string, never>; body: AffairsRunWords; answer: AffairsRun }
  /** Forms in hand, newest first */
  "GET /api/v1/affairs/runs": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AffairsRun> }
  /** One of them: how many cells are known and blank */
  "GET /api/v1/affairs/runs/{id}": { query: Record<string, never>; body: undefined; answer: AffairsRun }
  /** Answers, remembered for every form */
  "POST /api/v1/affairs/runs/{id}/answers": { query: Record<string, never>; body: AffairsAnswersWords; answer: AffairsRun }
  /** What workers said that stands in this form, now or for an earlier one */
  "GET /api/v1/affairs/runs/{id}/answers": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AffairsRemembered> }
  /** What workers are to be asked */
  "GET /api/v1/affairs/runs/{id}/blanks": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AffairsBlank> }
  /** Answers that contradict another */
  "GET /api/v1/affairs/runs/{id}/conflicts": { query: { open?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AffairsConflict> }
  /** Counts anew, after the registers were completed */
  "POST /api/v1/affairs/runs/{id}/count": { query: Record<string, never>; body: undefined; answer: AffairsRun }
  /** The filled form, .xlsx; needs people.reveal and a purpose */
  "POST /api/v1/affairs/runs/{id}/file": { query: Record<string, never>; body: undefined; answer: unknown }
  /** What a column of a form may be filled from */
  "GET /api/v1/affairs/sources": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AffairsSource> }
  /** What people did, newest first */
  "GET /api/v1/audit": { query: { who?: string; action?: string; subject?: string; place?: string; from?: string; to?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AuditShown> }
  /** Number and hash of the last entry, to be noted elsewhere */
  "GET /api/v1/audit/head": { query: Record<string, never>; body: undefined; answer: AuditHead }
  /** Who looked at the plain data of a person: for the person, and for who helps them in affairs */
  "GET /api/v1/audit/people/{id}/views": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AuditView> }
  /** Walks the whole chain */
  "GET /api/v1/audit/verdict": { query: Record<string, never>; body: undefined; answer: AuditVerdict }
  /** Who looked at my plain data, when and what for */
  "GET /api/v1/audit/views/me": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AuditView> }
  /** One entry */
  "GET /api/v1/audit/{id}": { query: Record<string, never>; body: undefined; answer: AuditShown }
  /** Cases */
  "GET /api/v1/cases": { query: { state?: string; open?: string; circle?: string; place?: string; overdue?: boolean; mine?: boolean; reported?: boolean; kind?: string; grade?: string; post?: string; person?: string; organisation?: string; situation?: string; appeal?: "asked" | "granted" | "refused"; deciding?: boolean; q?: string; from?: string; to?: string; order?: "newest" | "due"; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesCase> }
  /** Reports something */
  "POST /api/v1/cases": { query: Record<string, never>; body: CasesReport; answer: CasesCase }
  /** The same move on several cases */
  "POST /api/v1/cases/batch": { query: Record<string, never>; body: CasesBatchWords; answer: List<CasesBatchResult> }
  /** What a wall screen shows of what the caller reads or is called to: open and overdue by circle and place, today's, and (with */
  "GET /api/v1/cases/board": { query: { from?: string; place?: string; kind?: string }; body: undefined; answer: CasesBoard }
  /** Kinds that are being written, each with what stands in its way */
  "GET /api/v1/cases/drafts": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesDraft> }
  /** One draft of a kind */
  "GET /api/v1/cases/drafts/{id}": { query: Record<string, never>; body: undefined; answer: CasesDraft }
  /** Keeps a draft of a kind, also half done */
  "PUT /api/v1/cases/drafts/{id}": { query: Record<string, never>; body: CasesKindWords; answer: CasesDraft }
  /** Throws a draft away */
  "DELETE /api/v1/cases/drafts/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** The draft becomes the newest version of its kind */
  "POST /api/v1/cases/drafts/{id}/publish": { query: Record<string, never>; body: undefined; answer: CasesKind }
  /** The draft stands on the version that was published meanwhile */
  "POST /api/v1/cases/drafts/{id}/rebase": { query: Record<string, never>; body: undefined; answer: CasesDraft }
  /** Kinds of cases */
  "GET /api/v1/cases/kinds": { query: { class?: string; grade?: string; retired?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesKind> }
  /** One kind, its newest version or */
  "GET /api/v1/cases/kinds/{id}": { query: { version?: number }; body: undefined; answer: CasesKind }
  /** A new version of a kind */
  "PUT /api/v1/cases/kinds/{id}": { query: Record<string, never>; body: CasesKindWords; answer: CasesKind }
  /** Takes new cases again */
  "POST /api/v1/cases/kinds/{id}/restore": { query: Record<string, never>; body: undefined; answer: CasesKind }
  /** Takes no new cases of a kind */
  "POST /api/v1/cases/kinds/{id}/retire": { query: Record<string, never>; body: undefined; answer: CasesKind }
  /** All versions of a kind, newest first */
  "GET /api/v1/cases/kinds/{id}/versions": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesKind> }
  /** Number and kind of at most 100 cases; what is out of sight is left out */
  "GET /api/v1/cases/names": { query: { ids?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesNamed> }
  /** Response, solved, satisfied */
  "GET /api/v1/cases/rates": { query: { by?: "organisation" | "post" | "kind"; key?: string; place?: string; from?: string; to?: string; good?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesRates> }
  /** The cases behind a figure */
  "GET /api/v1/cases/rates/cases": { query: { measure?: "response" | "solved" | "satisfied" | "overdue" | "reopened"; by?: "organisation" | "post" | "kind"; key?: string; place?: string; from?: string; to?: string; good?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesBehind> }
  /** One case with its moves allowed to the caller */
  "GET /api/v1/cases/{id}": { query: Record<string, never>; body: undefined; answer: CasesWhole }
  /** 接单 */
  "POST /api/v1/cases/{id}/accept": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 申诉 */
  "POST /api/v1/cases/{id}/appeal": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 同意挂账 */
  "POST /api/v1/cases/{id}/approve": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 到场 */
  "POST /api/v1/cases/{id}/arrive": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 派单 */
  "POST /api/v1/cases/{id}/assign": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 结案 */
  "POST /api/v1/cases/{id}/close": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 预案确认 */
  "POST /api/v1/cases/{id}/confirm": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 申诉裁定 */
  "POST /api/v1/cases/{id}/decide": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 挂账 */
  "POST /api/v1/cases/{id}/defer": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 不同意挂账 */
  "POST /api/v1/cases/{id}/deny": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** Everything that happened to it */
  "GET /api/v1/cases/{id}/diary": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesDiaryLine> }
  /** 分项办结 */
  "POST /api/v1/cases/{id}/done": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 误报 */
  "POST /api/v1/cases/{id}/false-alarm": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 办结 */
  "POST /api/v1/cases/{id}/handle": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** Who held it, and in time or not */
  "GET /api/v1/cases/{id}/holdings": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesHolding> }
  /** 联办 */
  "POST /api/v1/cases/{id}/joint": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 并案 */
  "POST /api/v1/cases/{id}/merge": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 备注 */
  "POST /api/v1/cases/{id}/note": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 不予受理 */
  "POST /api/v1/cases/{id}/refuse": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 重开 */
  "POST /api/v1/cases/{id}/reopen": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 报到 */
  "POST /api/v1/cases/{id}/report-in": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** Who reported it */
  "GET /api/v1/cases/{id}/reporters": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesReporter> }
  /** 退单 */
  "POST /api/v1/cases/{id}/return": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** Cases that may be the same thing */
  "GET /api/v1/cases/{id}/similar": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<CasesSimilar> }
  /** 督办 */
  "POST /api/v1/cases/{id}/supervise": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 转办 */
  "POST /api/v1/cases/{id}/transfer": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 催办 */
  "POST /api/v1/cases/{id}/urge": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 核实 */
  "POST /api/v1/cases/{id}/verify": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 到期唤醒 */
  "POST /api/v1/cases/{id}/wake": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** 吹哨 */
  "POST /api/v1/cases/{id}/whistle": { query: Record<string, never>; body: CasesWords; answer: CasesCase }
  /** Devices */
  "GET /api/v1/devices": { query: { profile?: string; place?: string; tag?: string; gateway?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<DevicesDevice> }
  /** How many devices stand at each place of a map */
  "GET /api/v1/devices/board": { query: { place?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<DevicesPlaceCount> }
  /** Commands, newest first */
  "GET /api/v1/devices/commands": { query: { device?: string; state?: string; cause?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<DevicesCommand> }
  /** One command */
  "GET /api/v1/devices/commands/{id}": { query: Record<string, never>; body: undefined; answer: DevicesCommand }
  /** Profiles */
  "GET /api/v1/devices/profiles": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<DevicesNamedProfile> }
  /** One profile */
  "GET /api/v1/devices/profiles/{id}": { query: Record<string, never>; body: undefined; answer: DevicesNamedProfile }
  /** Makes or changes a profile; `warnings`: active rules that stand on what changes */
  "PUT /api/v1/devices/profiles/{id}": { query: Record<string, never>; body: DevicesProfileWords; answer: DevicesKeptProfile }
  /** Types of devices that the program brings along, and which of them stand here */
  "GET /api/v1/devices/ready": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<DevicesReadyProfile> }
  /** Takes ready-made types over */
  "POST /api/v1/devices/ready/adopt": { query: Record<string, never>; body: DevicesAdoptWords; answer: List<DevicesReadyProfile> }
  /** One of them */
  "GET /api/v1/devices/ready/{id}": { query: Record<string, never>; body: undefined; answer: DevicesReadyProfile }
  /** One device, and how it has behaved since the node started */
  "GET /api/v1/devices/{id}": { query: Record<string, never>; body: undefined; answer: DevicesDeviceView }
  /** Makes or describes a device */
  "PUT /api/v1/devices/{id}": { query: Record<string, never>; body: DevicesDeviceWords; answer: DevicesKept }
  /** Removes a device; its history stays */
  "DELETE /api/v1/devices/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Merges attributes; null removes one */
  "POST /api/v1/devices/{id}/attributes": { query: Record<string, never>; body: Record<string, unknown>; answer: DevicesDevice }
  /** Sends a command to a device */
  "POST /api/v1/devices/{id}/commands": { query: Record<string, never>; body: DevicesCommandWords; answer: DevicesCommand }
  /** How a device has behaved since the node started */
  "GET /api/v1/devices/{id}/condition": { query: Record<string, never>; body: undefined; answer: DevicesCondition }
  /** Silences a device for a while */
  "POST /api/v1/devices/{id}/maintenance": { query: Record<string, never>; body: DevicesMaintenanceWords; answer: DevicesMaintenance }
  /** Maintenance windows of a device */
  "GET /api/v1/devices/{id}/maintenance": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<DevicesMaintenance> }
  /** One maintenance window */
  "GET /api/v1/devices/{id}/maintenance/{window}": { query: Record<string, never>; body: undefined; answer: DevicesMaintenance }
  /** Ends a maintenance window now; one that has not begun is withdrawn */
  "POST /api/v1/devices/{id}/maintenance/{window}/end": { query: Record<string, never>; body: undefined; answer: DevicesMaintenance }
  /** What of a device was not taken or not as it was said within 90 days, by reason, newest first */
  "GET /api/v1/devices/{id}/refusals": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<DevicesRefusedFor> }
  /** One reason, day by day */
  "GET /api/v1/devices/{id}/refusals/{reason}": { query: Record<string, never>; body: undefined; answer: DevicesRefusedDays }
  /** Drills, newest first */
  "GET /api/v1/drills": { query: { running?: boolean; place?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<DrillsDrill> }
  /** Rings an alarm chain as a drill */
  "POST /api/v1/drills": { query: Record<string, never>; body: DrillsDrillWords; answer: DrillsDrill }
  /** Who answered when, and which numbers are dead */
  "GET /api/v1/drills/{id}": { query: Record<string, never>; body: undefined; answer: DrillsReport }
  /** Ends a drill and what rings for it */
  "POST /api/v1/drills/{id}/end": { query: Record<string, never>; body: undefined; answer: DrillsDrill }
  /** Evaluations */
  "GET /api/v1/evaluations": { query: { case?: string; place?: string; answered?: boolean; channel?: "call" | "paper"; by?: string; mine?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<EvaluationsEvaluation> }
  /** One evaluation */
  "GET /api/v1/evaluations/{id}": { query: Record<string, never>; body: undefined; answer: EvaluationsEvaluation }
  /** Evaluates; the id is an evaluation's or a case's */
  "POST /api/v1/evaluations/{id}": { query: Record<string, never>; body: EvaluationsWords; answer: EvaluationsEvaluation }
  /** Captures on their way, newest first */
  "GET /api/v1/exchange/captures": { query: { library?: string; state?: "waiting" | "sent" | "refused" | "withheld" | "expired"; kind?: "plate" | "face"; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ExchangeCapture> }
  /** One capture: where it stands, and what the library said of it */
  "GET /api/v1/exchange/captures/{id}": { query: Record<string, never>; body: undefined; answer: ExchangeCapture }
  /** Sends a refused capture once more */
  "POST /api/v1/exchange/captures/{id}/again": { query: Record<string, never>; body: undefined; answer: ExchangeCapture }
  /** Orders of the 12345 hotline; the same number again is no double */
  "POST /api/v1/exchange/hotline": { query: Record<string, never>; body: ExchangeOrdersWords; answer: List<ExchangeTaken> }
  /** Where the hotline's orders stand */
  "GET /api/v1/exchange/hotline": { query: { since?: string; ended?: boolean; overdue?: boolean; was_late?: boolean; unanswered?: boolean; place?: string; q?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ExchangeHotlineReply> }
  /** The same as a spreadsheet: .xlsx or CSV as the body; `ignored`: headings that were not understood */
  "POST /api/v1/exchange/hotline/file": { query: Record<string, never>; body: Blob; answer: ExchangeFileTaken }
  /** The answers as the hotline's desk reads them, .xlsx */
  "GET /api/v1/exchange/hotline/replies": { query: { since?: string; after?: string; limit?: number; ended?: boolean; overdue?: boolean; was_late?: boolean; unanswered?: boolean; place?: string; q?: string }; body: undefined; answer: unknown }
  /** One order by the hotline's number */
  "GET /api/v1/exchange/hotline/{id}": { query: Record<string, never>; body: undefined; answer: ExchangeHotlineReply }
  /** What the hotline is to tell the caller */
  "POST /api/v1/exchange/hotline/{id}/reply": { query: Record<string, never>; body: ExchangeReplyWords; answer: ExchangeHotlineReply }
  /** Viewing libraries (GA/T 1400) that captures go out to, and how it stands with them */
  "GET /api/v1/exchange/libraries": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ExchangeLibrary> }
  /** One viewing library */
  "GET /api/v1/exchange/libraries/{id}": { query: Record<string, never>; body: undefined; answer: ExchangeLibrary }
  /** Sets up a viewing library: what goes out to it, from where, for which purpose and on which order */
  "PUT /api/v1/exchange/libraries/{id}": { query: Record<string, never>; body: ExchangeLibraryWords; answer: ExchangeLibrary }
  /** Removes a viewing library with what waits for it */
  "DELETE /api/v1/exchange/libraries/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Uploads a file: its bytes as the body, what it is as the Content-Type */
  "POST /api/v1/files": { query: Record<string, never>; body: Blob; answer: FilesFile }
  /** What a file is */
  "GET /api/v1/files/{id}": { query: Record<string, never>; body: undefined; answer: FilesFile }
  /** The bytes, for a login that may open it or a signed address */
  "GET /api/v1/files/{id}/content": { query: { expires?: string; signature?: string }; body: undefined; answer: unknown }
  /** An address that opens the file for some minutes */
  "GET /api/v1/files/{id}/link": { query: Record<string, never>; body: undefined; answer: FilesLink }
  /** Lists that the caller brought within a day */
  "GET /api/v1/imports": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ImportsImport> }
  /** Which lists can be brought, and their columns */
  "GET /api/v1/imports/templates": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ImportsForm> }
  /** An empty list to be filled in */
  "GET /api/v1/imports/templates/{id}": { query: { format?: "xlsx" | "csv" }; body: undefined; answer: unknown }
  /** One list with its problems */
  "GET /api/v1/imports/{id}": { query: Record<string, never>; body: undefined; answer: ImportsImport }
  /** Checks a list row by row, writes nothing of it: the file as the body */
  "POST /api/v1/imports/{id}": { query: Record<string, never>; body: Blob; answer: ImportsImport }
  /** Takes a checked list in, whole or not at all */
  "POST /api/v1/imports/{id}/apply": { query: Record<string, never>; body: ImportsApplyWords; answer: ImportsApplied }
  /** The rows that failed, as a file */
  "GET /api/v1/imports/{id}/failed": { query: { format?: "xlsx" | "csv" }; body: undefined; answer: unknown }
  /** Events as they happen (server-sent) */
  "GET /api/v1/live": { query: { topics?: string; device?: string; last_event_id?: string }; body: undefined; answer: unknown }
  /** Which district this is, and in which zone its days begin */
  "GET /api/v1/node": { query: Record<string, never>; body: undefined; answer: NodeAbout }
  /** Tries once more what hearers refused for good and set aside */
  "POST /api/v1/node/aside": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** The paper with the fingerprint of the local root, to be printed */
  "GET /api/v1/node/authority/paper": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Writes a backup to a file on the node's machine */
  "POST /api/v1/node/backup": { query: Record<string, never>; body: FileWords; answer: Record<string, unknown> }
  /** How the node is; told again on the live stream (topics=node) */
  "GET /api/v1/node/health": { query: Record<string, never>; body: undefined; answer: NodeHealth }
  /** lifang user add */
  "POST /api/v1/node/users": { query: Record<string, never>; body: AccountsAccountWords; answer: AccountsAccount }
  /** Proves schema, audit chain, causes, readings, cases and events */
  "GET /api/v1/node/verify": { query: Record<string, never>; body: undefined; answer: Verified }
  /** My inbox */
  "GET /api/v1/notices": { query: { unread?: boolean; class?: string; case?: string; to_tell?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<NoticesNotice> }
  /** To persons and posts */
  "POST /api/v1/notices": { query: Record<string, never>; body: NoticesSendWords; answer: NoticesSent }
  /** To an audience; an emergency waits for confirmation */
  "POST /api/v1/notices/announcements": { query: Record<string, never>; body: NoticesAnnouncementWords; answer: NoticesAnnouncement }
  /** What was announced, newest first, with receipts */
  "GET /api/v1/notices/announcements": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<NoticesAnnouncement> }
  /** How many an audience has; never who */
  "POST /api/v1/notices/announcements/preview": { query: Record<string, never>; body: NoticesAudienceWords; answer: NoticesPreview }
  /** One of them */
  "GET /api/v1/notices/announcements/{id}": { query: Record<string, never>; body: undefined; answer: NoticesAnnouncement }
  /** Sends an emergency, with the count that was shown */
  "POST /api/v1/notices/announcements/{id}/confirm": { query: Record<string, never>; body: NoticesConfirmWords; answer: NoticesAnnouncement }
  /** The same as a page to be pinned up */
  "GET /api/v1/notices/announcements/{id}/print": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Takes back what has not left */
  "POST /api/v1/notices/announcements/{id}/withdraw": { query: Record<string, never>; body: undefined; answer: NoticesAnnouncement }
  /** Calls me, then a reporter of a case of mine; neither sees the other's number */
  "POST /api/v1/notices/bridges": { query: Record<string, never>; body: NoticesBridgeWords; answer: NoticesBridge }
  /** How such a call of mine went */
  "GET /api/v1/notices/bridges/{id}": { query: Record<string, never>; body: undefined; answer: NoticesBridge }
  /** What came of a call: for the telephone gateway */
  "POST /api/v1/notices/calls/{id}": { query: Record<string, never>; body: NoticesCallWords; answer: Record<string, unknown> }
  /** At which hour the login's own digest comes, and what waits for it */
  "GET /api/v1/notices/digest": { query: Record<string, never>; body: undefined; answer: NoticesDigestHours }
  /** Chooses the hour, and whether the phone is told too */
  "PUT /api/v1/notices/digest": { query: Record<string, never>; body: NoticesDigestWords; answer: NoticesDigestHours }
  /** What leaves the node, of the places one answers for */
  "GET /api/v1/notices/messages": { query: { state?: "queued" | "sent" | "dead"; channel?: string; to?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<NoticesMessage> }
  /** One message */
  "GET /api/v1/notices/messages/{id}": { query: Record<string, never>; body: undefined; answer: NoticesMessage }
  /** Its attempts */
  "GET /api/v1/notices/messages/{id}/log": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<NoticesLogLine> }
  /** Tries again what was given up */
  "POST /api/v1/notices/messages/{id}/retry": { query: Record<string, never>; body: undefined; answer: NoticesMessage }
  /** I have read everything up to this one, emergencies apart */
  "POST /api/v1/notices/read-all": { query: Record<string, never>; body: NoticesReadAllWords; answer: NoticesReadAll }
  /** What rings or rang */
  "GET /api/v1/notices/rings": { query: { case?: string; state?: "ringing" | "answered" | "unanswered" | "stopped"; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<NoticesRing> }
  /** One ring */
  "GET /api/v1/notices/rings/{id}": { query: Record<string, never>; body: undefined; answer: NoticesRing }
  /** Whom a case rang, when, and who answered */
  "GET /api/v1/notices/rung": { query: { case?: string }; body: undefined; answer: NoticesRungOfCase }
  /** What hangs in a stairwell for a week, to be printed */
  "GET /api/v1/notices/stairwell": { query: { place?: string }; body: undefined; answer: unknown }
  /** Templates of announcements */
  "GET /api/v1/notices/templates": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<NoticesTemplate> }
  /** One template */
  "GET /api/v1/notices/templates/{id}": { query: Record<string, never>; body: undefined; answer: NoticesTemplate }
  /** Makes or changes a template */
  "PUT /api/v1/notices/templates/{id}": { query: Record<string, never>; body: NoticesTemplateWords; answer: NoticesTemplate }
  /** Removes a template */
  "DELETE /api/v1/notices/templates/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** By which way the login hears of orders, progress, questions and announcements */
  "GET /api/v1/notices/ways": { query: Record<string, never>; body: undefined; answer: NoticesChosen }
  /** Chooses them: app, sms or wechat, as far as there are */
  "PUT /api/v1/notices/ways": { query: Record<string, never>; body: NoticesWayWords; answer: NoticesChosen }
  /** Who hears what happens */
  "GET /api/v1/notices/webhooks": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<NoticesWebhook> }
  /** One webhook */
  "GET /api/v1/notices/webhooks/{id}": { query: Record<string, never>; body: undefined; answer: NoticesWebhook }
  /** Makes or changes a webhook; a made secret is answered once */
  "PUT /api/v1/notices/webhooks/{id}": { query: Record<string, never>; body: NoticesWebhookWords; answer: NoticesMadeWebhook }
  /** Removes a webhook */
  "DELETE /api/v1/notices/webhooks/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** One notice */
  "GET /api/v1/notices/{id}": { query: Record<string, never>; body: undefined; answer: NoticesNotice }
  /** What somebody without a phone is told, as a letter in big letters to be printed */
  "GET /api/v1/notices/{id}/letter": { query: Record<string, never>; body: undefined; answer: unknown }
  /** I have read it */
  "POST /api/v1/notices/{id}/read": { query: Record<string, never>; body: undefined; answer: NoticesNotice }
  /** Who has read it */
  "GET /api/v1/notices/{id}/receipts": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<NoticesReceipt> }
  /** Somebody without the app was told */
  "POST /api/v1/notices/{id}/told": { query: Record<string, never>; body: NoticesToldWords; answer: NoticesNotice }
  /** Persons, masked */
  "GET /api/v1/people": { query: { place?: string; tag?: string; born_from?: number; born_to?: number; confirmed_before?: string; gone?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PeoplePerson> }
  /** Registers a person */
  "POST /api/v1/people": { query: Record<string, never>; body: PeoplePersonWords; answer: PeoplePerson }
  /** Registers who acts for a person */
  "POST /api/v1/people/helpers": { query: Record<string, never>; body: PeopleHelperWords; answer: PeopleHelper }
  /** One helper */
  "GET /api/v1/people/helpers/{id}": { query: Record<string, never>; body: undefined; answer: PeopleHelper }
  /** Ends it */
  "POST /api/v1/people/helpers/{id}/end": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Households */
  "GET /api/v1/people/households": { query: { place?: string; kind?: string; confirmed_before?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PeopleHousehold> }
  /** Opens a household; its code is made */
  "POST /api/v1/people/households": { query: Record<string, never>; body: PeopleHouseholdWords; answer: PeopleHousehold }
  /** The household of a code */
  "POST /api/v1/people/households/by-code": { query: Record<string, never>; body: PeopleCodeWords; answer: PeopleHousehold }
  /** One household */
  "GET /api/v1/people/households/{id}": { query: Record<string, never>; body: undefined; answer: PeopleHousehold }
  /** Moves it, or changes its kind */
  "PATCH /api/v1/people/households/{id}": { query: Record<string, never>; body: PeopleHouseholdWords; answer: PeopleHousehold }
  /** Nobody lives in it any more */
  "POST /api/v1/people/households/{id}/close": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** The code of the caller's own household */
  "GET /api/v1/people/households/{id}/code": { query: Record<string, never>; body: undefined; answer: PeopleHouseholdCode }
  /** Makes a new code; the old one dies */
  "POST /api/v1/people/households/{id}/code": { query: Record<string, never>; body: undefined; answer: PeopleHouseholdCode }
  /** The code, to print it; logged */
  "POST /api/v1/people/households/{id}/code/show": { query: Record<string, never>; body: undefined; answer: PeopleHouseholdCode }
  /** The record is still true */
  "POST /api/v1/people/households/{id}/confirm": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Who lives in it */
  "GET /api/v1/people/households/{id}/members": { query: { past?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PeopleMember> }
  /** Somebody moves in */
  "POST /api/v1/people/households/{id}/members": { query: Record<string, never>; body: PeopleResidencyWords; answer: PeopleResidency }
  /** Names of at most 100 persons, masked as one by one; who is out of sight is left out */
  "GET /api/v1/people/names": { query: { ids?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PeopleNamed> }
  /** Organisations */
  "GET /api/v1/people/organisations": { query: { kind?: string; place?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PeopleOrganisation> }
  /** One organisation */
  "GET /api/v1/people/organisations/{id}": { query: Record<string, never>; body: undefined; answer: PeopleOrganisation }
  /** Makes or describes an organisation */
  "PUT /api/v1/people/organisations/{id}": { query: Record<string, never>; body: PeopleOrganisationWords; answer: PeopleOrganisation }
  /** Somebody moves out */
  "POST /api/v1/people/residencies/{id}/end": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Finds persons by the whole name, a number or its last four characters */
  "POST /api/v1/people/search": { query: Record<string, never>; body: PeopleSearchWords; answer: List<PeoplePerson> }
  /** Kinds of tags */
  "GET /api/v1/people/tags": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PeopleTagKind> }
  /** One kind of tag */
  "GET /api/v1/people/tags/{id}": { query: Record<string, never>; body: undefined; answer: PeopleTagKind }
  /** Makes or renames a kind of tag */
  "PUT /api/v1/people/tags/{id}": { query: Record<string, never>; body: PeopleTagKindWords; answer: PeopleTagKind }
  /** One person, masked; `me` plainly */
  "GET /api/v1/people/{id}": { query: Record<string, never>; body: undefined; answer: PeoplePerson }
  /** Changes what is known of a person */
  "PATCH /api/v1/people/{id}": { query: Record<string, never>; body: PeoplePersonChange; answer: PeoplePerson }
  /** The record is still true */
  "POST /api/v1/people/{id}/confirm": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Consents given and withdrawn */
  "GET /api/v1/people/{id}/consents": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PeopleConsent> }
  /** Consents to a purpose */
  "POST /api/v1/people/{id}/consents": { query: Record<string, never>; body: PeopleConsentWords; answer: PeopleConsent }
  /** Withdraws a consent */
  "POST /api/v1/people/{id}/consents/withdraw": { query: Record<string, never>; body: PeopleConsentWords; answer: PeopleConsent }
  /** Destroys the person's data for good */
  "POST /api/v1/people/{id}/erase": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** All that is known of the person, for the person */
  "POST /api/v1/people/{id}/export": { query: Record<string, never>; body: undefined; answer: PeopleExport }
  /** Who helps this person, and whom this person helps */
  "GET /api/v1/people/{id}/helpers": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PeopleNamedHelper> }
  /** Where somebody lives: `me`, whom I help, or with the right */
  "GET /api/v1/people/{id}/homes": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PeopleHome> }
  /** Plain fields for a purpose (X-Purpose); the person sees who looked */
  "POST /api/v1/people/{id}/reveal": { query: Record<string, never>; body: PeopleRevealWords; answer: PeoplePerson }
  /** Puts a tag on a person */
  "PUT /api/v1/people/{id}/tags/{tag}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Takes a tag off */
  "DELETE /api/v1/people/{id}/tags/{tag}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Places */
  "GET /api/v1/places": { query: { kind?: string; parent?: string; place?: string; name?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PlacesPlace> }
  /** Shared places that a report may be about */
  "GET /api/v1/places/around": { query: { kind?: string; parent?: string; place?: string; name?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PlacesPlace> }
  /** Names of at most 100 places; what is out of sight is left out */
  "GET /api/v1/places/names": { query: { ids?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<PlacesNamed> }
  /** What a map shows: ground plans and floors down to buildings, with an ETag */
  "GET /api/v1/places/outlines": { query: { place?: string; count?: boolean }; body: undefined; answer: unknown }
  /** One place */
  "GET /api/v1/places/{id}": { query: Record<string, never>; body: undefined; answer: PlacesPlace }
  /** Makes or describes a place */
  "PUT /api/v1/places/{id}": { query: Record<string, never>; body: PlacesPlaceWords; answer: PlacesPlace }
  /** Points of one metric */
  "GET /api/v1/readings": { query: { device?: string; metric?: string; from?: string; to?: string; step?: string; zone?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ReadingsRawItem> | List<ReadingsStepItem> }
  /** Detections, newest first */
  "GET /api/v1/readings/detections": { query: { device?: string; kind?: string; place?: string; from?: string; to?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ReadingsDetectionItem> }
  /** One detection, masked */
  "GET /api/v1/readings/detections/{id}": { query: Record<string, never>; body: undefined; answer: ReadingsDetectionItem }
  /** One detection with the plate, face or person that it names, for a purpose (X-Purpose); who looked is in the log */
  "POST /api/v1/readings/detections/{id}/reveal": { query: Record<string, never>; body: undefined; answer: ReadingsDetectionItem }
  /** Latest values */
  "GET /api/v1/readings/latest": { query: { place?: string; profile?: string; device?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ReadingsLatestItem> }
  /** Absences */
  "GET /api/v1/rosters/absences": { query: { person?: string; at?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RostersAbsence> }
  /** Reports an absence, one's own or with the right */
  "POST /api/v1/rosters/absences": { query: Record<string, never>; body: RostersAbsenceWords; answer: RostersAbsence }
  /** One absence */
  "GET /api/v1/rosters/absences/{id}": { query: Record<string, never>; body: undefined; answer: RostersAbsence }
  /** Takes an absence back */
  "DELETE /api/v1/rosters/absences/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Holidays and make-up days of a year */
  "GET /api/v1/rosters/calendar/{id}": { query: Record<string, never>; body: undefined; answer: RostersCalendarYear }
  /** Keeps the published days of a year */
  "PUT /api/v1/rosters/calendar/{id}": { query: Record<string, never>; body: RostersYearWords; answer: RostersCalendarYear }
  /** Who is on duty */
  "GET /api/v1/rosters/duty": { query: { place?: string; at?: string; post?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RostersOnDuty> }
  /** Notes between shifts */
  "GET /api/v1/rosters/handovers": { query: { post?: string; place?: string; open?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RostersHandOver> }
  /** Leaves a note for the next shift */
  "POST /api/v1/rosters/handovers": { query: Record<string, never>; body: RostersHandOverWords; answer: RostersHandOver }
  /** One note */
  "GET /api/v1/rosters/handovers/{id}": { query: Record<string, never>; body: undefined; answer: RostersHandOver }
  /** Takes the shift over */
  "POST /api/v1/rosters/handovers/{id}/take": { query: Record<string, never>; body: undefined; answer: RostersHandOver }
  /** Working hours of an organisation, or of "district" */
  "GET /api/v1/rosters/hours/{id}": { query: Record<string, never>; body: undefined; answer: RostersWorkingHours }
  /** Keeps the working hours of an organisation */
  "PUT /api/v1/rosters/hours/{id}": { query: Record<string, never>; body: RostersWorkingHours; answer: RostersWorkingHours }
  /** When routes are gone */
  "GET /api/v1/rosters/plans": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RostersPlan> }
  /** One plan */
  "GET /api/v1/rosters/plans/{id}": { query: Record<string, never>; body: undefined; answer: RostersPlan }
  /** Makes or changes a plan */
  "PUT /api/v1/rosters/plans/{id}": { query: Record<string, never>; body: RostersPlanWords; answer: RostersPlan }
  /** Takes a plan off: no more rounds of it */
  "DELETE /api/v1/rosters/plans/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** A round out of turn, from now on */
  "POST /api/v1/rosters/plans/{id}/begin": { query: Record<string, never>; body: undefined; answer: RostersTask }
  /** Points of inspection */
  "GET /api/v1/rosters/points": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RostersPoint> }
  /** One point */
  "GET /api/v1/rosters/points/{id}": { query: Record<string, never>; body: undefined; answer: RostersPoint }
  /** Makes or changes a point; its code is to be printed */
  "PUT /api/v1/rosters/points/{id}": { query: Record<string, never>; body: RostersPointWords; answer: RostersPoint }
  /** Takes a point off; rounds that were gone keep it */
  "DELETE /api/v1/rosters/points/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Posts and who stands above them */
  "GET /api/v1/rosters/posts": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RostersPost> }
  /** One post */
  "GET /api/v1/rosters/posts/{id}": { query: Record<string, never>; body: undefined; answer: RostersPost }
  /** Makes or describes a post */
  "PUT /api/v1/rosters/posts/{id}": { query: Record<string, never>; body: RostersPostWords; answer: RostersPost }
  /** Routes of inspection */
  "GET /api/v1/rosters/routes": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RostersRoute> }
  /** One route */
  "GET /api/v1/rosters/routes/{id}": { query: Record<string, never>; body: undefined; answer: RostersRoute }
  /** Makes or changes a route */
  "PUT /api/v1/rosters/routes/{id}": { query: Record<string, never>; body: RostersRouteWords; answer: RostersRoute }
  /** Takes a route off */
  "DELETE /api/v1/rosters/routes/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Shifts */
  "GET /api/v1/rosters/shifts": { query: { post?: string; person?: string; place?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RostersShift> }
  /** One shift */
  "GET /api/v1/rosters/shifts/{id}": { query: Record<string, never>; body: undefined; answer: RostersShift }
  /** Makes or changes a shift */
  "PUT /api/v1/rosters/shifts/{id}": { query: Record<string, never>; body: RostersShiftWords; answer: RostersShift }
  /** Removes a shift */
  "DELETE /api/v1/rosters/shifts/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Rounds, newest first */
  "GET /api/v1/rosters/tasks": { query: { state?: "open" | "done" | "missed"; place?: string; from?: string; to?: string; mine?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RostersTask> }
  /** One round with what was looked at */
  "GET /api/v1/rosters/tasks/{id}": { query: Record<string, never>; body: undefined; answer: RostersTask }
  /** At a point: its code or tag, and what was found */
  "POST /api/v1/rosters/tasks/{id}/check": { query: Record<string, never>; body: RostersCheckWords; answer: RostersTask }
  /** Rules */
  "GET /api/v1/rules": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RulesNamedRule> }
  /** What a rule that is not kept yet would have caused */
  "POST /api/v1/rules/backtest": { query: Record<string, never>; body: RulesTrialWords; answer: RulesTrialAnswer }
  /** Rules that the program brings along, and which of them stand here */
  "GET /api/v1/rules/ready": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RulesReadyRule> }
  /** Takes ready-made rules over, with types of devices that are missing */
  "POST /api/v1/rules/ready/adopt": { query: Record<string, never>; body: RulesAdoptRules; answer: List<RulesReadyRule> }
  /** One of them */
  "GET /api/v1/rules/ready/{id}": { query: Record<string, never>; body: undefined; answer: RulesReadyRule }
  /** One rule, and how often it was wrong */
  "GET /api/v1/rules/{id}": { query: Record<string, never>; body: undefined; answer: RulesNamedRule }
  /** A new version of a rule, as a draft */
  "PUT /api/v1/rules/{id}": { query: Record<string, never>; body: RulesRule; answer: RulesKept }
  /** The newest version judges from here on */
  "POST /api/v1/rules/{id}/activate": { query: Record<string, never>; body: undefined; answer: RulesKept }
  /** What the newest version of a rule would have caused */
  "POST /api/v1/rules/{id}/backtest": { query: Record<string, never>; body: RulesTrialWords; answer: RulesTrialAnswer }
  /** Milder versions that would have spared false alarms and lost no true one */
  "POST /api/v1/rules/{id}/propose": { query: Record<string, never>; body: RulesStretchWords; answer: RulesProposeAnswer }
  /** No version judges any more */
  "POST /api/v1/rules/{id}/retire": { query: Record<string, never>; body: undefined; answer: RulesKept }
  /** All versions of a rule, newest first */
  "GET /api/v1/rules/{id}/versions": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<RulesVersionView> }
  /** Three rates, overdue, reopened, with ranks */
  "GET /api/v1/scorecards": { query: { by?: "organisation" | "post" | "kind" | "place" | "month"; order?: "score" | "cases" | "response" | "solved" | "satisfied" | "overdue" | "reopened"; place?: string; from?: string; to?: string; key?: string; good?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ScorecardsScore> }
  /** A day of a place as a page to be printed */
  "GET /api/v1/scorecards/brief": { query: { place?: string; day?: string }; body: undefined; answer: unknown }
  /** The cases behind a figure */
  "GET /api/v1/scorecards/cases": { query: { measure?: "response" | "solved" | "satisfied" | "overdue" | "reopened"; by?: "organisation" | "post" | "kind" | "place" | "month"; place?: string; from?: string; to?: string; key?: string; good?: boolean; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<ScorecardsBehind> }
  /** The same as .xlsx, at most 10,000 */
  "GET /api/v1/scorecards/cases/file": { query: { measure?: "response" | "solved" | "satisfied" | "overdue" | "reopened"; by?: "organisation" | "post" | "kind" | "place" | "month"; place?: string; from?: string; to?: string; key?: string; good?: boolean; after?: string; limit?: number }; body: undefined; answer: unknown }
  /** The same as .xlsx */
  "GET /api/v1/scorecards/file": { query: { by?: "organisation" | "post" | "kind" | "place" | "month"; order?: "score" | "cases" | "response" | "solved" | "satisfied" | "overdue" | "reopened"; place?: string; from?: string; to?: string; key?: string; good?: boolean; after?: string; limit?: number }; body: undefined; answer: unknown }
  /** One line of them */
  "GET /api/v1/scorecards/{id}": { query: { by?: "organisation" | "post" | "kind" | "place" | "month"; order?: "score" | "cases" | "response" | "solved" | "satisfied" | "overdue" | "reopened"; place?: string; from?: string; to?: string; key?: string; good?: boolean; after?: string; limit?: number }; body: undefined; answer: ScorecardsScore }
  /** Logs in; with `cookie` for pages */
  "POST /api/v1/sessions": { query: Record<string, never>; body: AccountsLoginWords; answer: AccountsLoggedIn }
  /** Logs out */
  "DELETE /api/v1/sessions": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** The login's own sessions */
  "GET /api/v1/sessions": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<AccountsSession> }
  /** Binds this phone by a code of the desk, with a PIN, and logs in; its token is shown this once */
  "POST /api/v1/sessions/bind": { query: Record<string, never>; body: AccountsCodeBindWords; answer: AccountsBoundIn }
  /** Logs in by the code that came to the phone; five tries, five minutes */
  "POST /api/v1/sessions/code": { query: Record<string, never>; body: AccountsCodeEntryWords; answer: AccountsLoggedIn }
  /** Sends a code to a resident's phone; the answer is the same for a number that nobody has */
  "POST /api/v1/sessions/code/ask": { query: Record<string, never>; body: AccountsCodeAskWords; answer: AccountsCodeAsked }
  /** Logs out */
  "DELETE /api/v1/sessions/me": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** Who am I */
  "GET /api/v1/sessions/me": { query: { place?: string }; body: undefined; answer: AccountsMe }
  /** Who may take the phone with this token in hand */
  "POST /api/v1/sessions/phone": { query: Record<string, never>; body: AccountsPhoneToken; answer: AccountsPhoneFacts }
  /** Logs in from a bound phone by PIN; whoever had it before is logged out */
  "POST /api/v1/sessions/pin": { query: Record<string, never>; body: AccountsPinWords; answer: AccountsLoggedIn }
  /** How people may log in on this node */
  "GET /api/v1/sessions/ways": { query: Record<string, never>; body: undefined; answer: AccountsWays }
  /** Where a page sends its visitor to be known by WeChat */
  "GET /api/v1/sessions/wechat": { query: Record<string, never>; body: undefined; answer: AccountsWechatDoor }
  /** Logs in by WeChat's code, or answers a ticket that binds */
  "POST /api/v1/sessions/wechat": { query: Record<string, never>; body: AccountsWechatEntryWords; answer: AccountsWechatEntry }
  /** Ends one of the login's own sessions */
  "DELETE /api/v1/sessions/{id}": { query: Record<string, never>; body: undefined; answer: Record<string, unknown> }
  /** One of the login's own sessions */
  "GET /api/v1/sessions/{id}": { query: Record<string, never>; body: undefined; answer: AccountsSession }
  /** Situations, newest first */
  "GET /api/v1/situations": { query: { rule?: string; device?: string; place?: string; state?: "open" | "cleared"; severity?: string; from?: string; to?: string; limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<SituationsSituation> }
  /** What a wall screen shows: counts, open situations as marks, by place and (with */
  "GET /api/v1/situations/board": { query: { from?: string; place?: string; limit?: number }; body: undefined; answer: SituationsBoard }
  /** How often each rule was wrong, by what staff marked */
  "GET /api/v1/situations/false-rates": { query: { limit?: number; after?: string; count?: boolean }; body: undefined; answer: List<SituationsFalseRate> }
  /** One situation with its evidence */
  "GET /api/v1/situations/{id}": { query: Record<string, never>; body: undefined; answer: SituationsSituation }
  /** Somebody has seen it */
  "POST /api/v1/situations/{id}/acknowledge": { query: Record<string, never>; body: undefined; answer: SituationsSituation }
  /** Marks a false alarm, with a reason, or takes the mark back */
  "POST /api/v1/situations/{id}/false-alarm": { query: Record<string, never>; body: SituationsFalseWords; answer: SituationsSituation }
  /** The chain of causes behind an id, newest first */
  "GET /api/v1/why/{id}": { query: Record<string, never>; body: undefined; answer: Why }
  /** A device's own attributes */
  "GET /api/v1/{token}/attributes": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Merges attributes that a device says of itself; null removes one */
  "POST /api/v1/{token}/attributes": { query: Record<string, never>; body: Record<string, unknown>; answer: Record<string, unknown> }
  /** Detections of a device, answered after the commit */
  "POST /api/v1/{token}/detections": { query: Record<string, never>; body: Record<string, unknown> | (Record<string, unknown>)[]; answer: unknown }
  /** A picture or clip of a device, for a detection that names it */
  "POST /api/v1/{token}/files": { query: Record<string, never>; body: Blob; answer: FilesFile }
  /** A device's newest picture, on which it is set up; becomes its attribute `picture` */
  "POST /api/v1/{token}/picture": { query: Record<string, never>; body: Blob; answer: FilesFile }
  /** Telemetry of a device, answered after the commit */
  "POST /api/v1/{token}/telemetry": { query: Record<string, never>; body: Record<string, unknown> | (Record<string, unknown>)[]; answer: unknown }
  /** How phones get to trust the node's own authority, and its root */
  "GET /authority": { query: Record<string, never>; body: undefined; answer: unknown }
  /** How phones get to trust the node's own authority, and its root */
  "GET /authority/root.crt": { query: Record<string, never>; body: undefined; answer: unknown }
  /** How phones get to trust the node's own authority, and its root */
  "GET /authority/root.mobileconfig": { query: Record<string, never>; body: undefined; answer: unknown }
  /** How phones get to trust the node's own authority, and its root */
  "GET /authority/root.pem": { query: Record<string, never>; body: undefined; answer: unknown }
  /** The lane is alive */
  "GET /healthz": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Counters for Prometheus */
  "GET /metrics": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Open311 */
  "GET /open311/v2/requests": { query: { service_request_id?: string; service_code?: string; start_date?: string; end_date?: string; status?: "open" | "closed" }; body: undefined; answer: unknown }
  /** Open311: reports something, with api_key */
  "POST /open311/v2/requests": { query: Record<string, never>; body: Blob; answer: unknown }
  /** Open311 */
  "GET /open311/v2/requests.json": { query: { service_request_id?: string; service_code?: string; start_date?: string; end_date?: string; status?: "open" | "closed" }; body: undefined; answer: unknown }
  /** Open311: reports something, with api_key */
  "POST /open311/v2/requests.json": { query: Record<string, never>; body: Blob; answer: unknown }
  /** Open311 */
  "GET /open311/v2/requests.xml": { query: { service_request_id?: string; service_code?: string; start_date?: string; end_date?: string; status?: "open" | "closed" }; body: undefined; answer: unknown }
  /** Open311: reports something, with api_key */
  "POST /open311/v2/requests.xml": { query: Record<string, never>; body: Blob; answer: unknown }
  /** Open311: one request */
  "GET /open311/v2/requests/{id}": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Open311: what can be reported */
  "GET /open311/v2/services": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Open311: what can be reported */
  "GET /open311/v2/services.json": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Open311: what can be reported */
  "GET /open311/v2/services.xml": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Open311: one service */
  "GET /open311/v2/services/{id}": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Open311: the request behind a token */
  "GET /open311/v2/tokens/{id}": { query: Record<string, never>; body: undefined; answer: unknown }
  /** Database and porch are ready */
  "GET /readyz": { query: Record<string, never>; body: undefined; answer: unknown }
}
