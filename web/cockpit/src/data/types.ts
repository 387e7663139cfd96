// What the node answers, as far as the cockpit uses it. Times are RFC 3339 texts.

export type Severity = 'info' | 'warning' | 'critical'
export type Circle = 'micro' | 'small' | 'great'
export type Kind = 'city' | 'district' | 'street' | 'community' | 'compound' | 'building' | 'unit' | 'home' | 'spot'

/** `ring`: corners as longitude, latitude, longitude …; `at` likewise. */
export interface Outline { id: string; kind: Kind; name: string; parent: string; floors: number; height: number; at: number[]; ring: number[] }

export interface Mark { id: string; rule: string; device: string; shown: string; severity: Severity; began_at: string; seen: boolean }
export interface SituationDay { day: string; critical: number; warning: number; info: number }
export interface SituationBoard {
  critical: number; warning: number; info: number; unseen: number; drills: number; silenced: number
  marks: Mark[]; places: { place: string; critical: number; warning: number; info: number }[]; days: SituationDay[]
}

export interface CircleCount {
  circle: Circle; open: number; overdue: number; waiting: number; working: number; checking: number; deferred: number
  opened_today: number; ended_today: number
}
export interface CaseDay { day: string; opened: number; ended: number }
export interface CaseBoard {
  at: string; circles: CircleCount[]; places: { place: string; open: number; overdue: number; highest: Circle }[]; days: CaseDay[]
}

export interface Case {
  id: string; number: string; kind: string; title: string; grade: string; state: string; circle: Circle; place: string; path: string
  text: string; emergency: string; emergency_en?: string; cause: string; situation: string; post?: string; organisation?: string; person?: string; unmanned: string; unmanned_en?: string
  opened_at: string; due?: string; overdue: boolean; was_late?: boolean; drill: boolean; supervised: boolean; reporters: number; urged: number; reopened: number; score?: number
}
export interface DiaryLine { n: number; at: string; code: string; words: string; words_en?: string; note: string; cause: string }
export interface WhyLink { id: string; kind: string; at?: string; text: string; text_en: string; cause: string }
export interface Situation {
  id: string; rule: string; device: string; place: string; path: string; severity: Severity; state: 'open' | 'cleared'
  began_at: string; raised_at: string; text: string; text_en: string; drill: boolean; silenced: boolean
}
export interface Rates {
  key: string; cases: number; response_good: number; response_all: number; solved_good: number; solved_all: number
  satisfied_good: number; satisfied_all: number; overdue: number; reopened: number
}
export interface OnDuty { post: string; wanted: string; place: string; organisation?: string; persons: string[]; steps_up: number }
export interface DeviceCount { place: string; devices: number; heard: number }
export interface List<T> { items: T[]; next: string | null; count?: number }
export interface Place { id: string; kind: Kind; name: string; parent?: string; path: string }
