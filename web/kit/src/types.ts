// What the API says, as far as the pages use it. Times are RFC 3339 texts.

export interface Session { login: string; name: string; person: string | null; rights: { right: string; place?: string; path?: string }[] }
export interface Evidence {
  metric?: string; unit?: string; op?: string; value?: number; limit?: number; detection?: string; confidence?: number
  file?: string; silent?: string; ts?: string
}
export type Severity = 'info' | 'warning' | 'critical'
export interface Situation {
  id: string; rule: string; rule_version: number; device: string; place: string; path: string; severity: Severity
  state: 'open' | 'cleared'; silenced: boolean; drill: boolean; began_at: string; ended_at?: string; raised_at: string
  peak?: number; readings: number; text: string; text_en: string; evidence: Evidence[]; cause: string
  seen_by?: string; seen_at?: string; false_alarm: boolean; false_reason?: string
}
export interface Case {
  id: string; number: string; kind: string; title: string; grade: string; state: string; circle: 'micro' | 'small' | 'great'
  place: string; path: string; text: string; files: string[]; emergency: string; cause: string; situation: string
  post?: string; organisation?: string; person?: string; unmanned: string; opened_at: string; due?: string
  accept_by?: string; handle_by?: string; verify_by?: string; overdue: boolean; drill: boolean; allowed: string[]
  score?: number; reason: string
}
export interface DiaryLine { id?: string; at: string; code?: string; words?: string; text?: string; by?: string; name?: string; note?: string }
export interface Action {
  id: string; situation: string; device: string; method: string; state: string; reason: string; at: string; released_by?: string
}
export interface WhyLink { id: string; kind: string; at?: string; text: string; text_en: string; cause: string }
export interface Rule {
  id: string; name: string; version: number; active_version: number; state: 'draft' | 'active' | 'retired'; rule: Record<string, unknown>
}
export interface Trial {
  situations: number; cases: number; devices: number; judged: number; notes: string[]
  items: { subject: string; began_at: string; ended_at?: string; peak?: number; severity: Severity; readings: number }[]
}
export interface Device { id: string; name: string; profile: string; place: string; path: string }
export interface Latest { device: string; name: string; metric: string; unit?: string; ts: number | string; value: number }
export interface Place { id: string; kind: string; name: string; parent?: string; path: string }
export interface List<T> { items: T[]; next: string | null; count?: number }
