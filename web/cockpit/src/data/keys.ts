// What the wall hands down to its parts.
import { inject, type InjectionKey } from 'vue'
import type { Board } from './board'

export interface Spoken { kind(id: string): string; rule(id: string): string; post(id: string): string; where(path: string): string }
export const boardKey: InjectionKey<Board> = Symbol('board')
export const wordsKey: InjectionKey<Spoken> = Symbol('words')
export const useWall = () => ({ board: inject(boardKey)!, say: inject(wordsKey)! })
