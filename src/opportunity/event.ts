import type { Code } from '#core/code.ts'
import type { Direction, Evidence } from '#core/detector.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { Contribution } from './confidence.ts'
import type { Finding } from './finding.ts'

export type OpportunityState = 'discovered' | 'confirmed' | 'tracking' | 'ended'

export type EndReason = 'TARGET' | 'STOP' | 'INVALIDATED' | 'EXPIRED' | 'RISK_VETO' | 'DATA_LOST' | 'SESSION_END' | 'MANUAL'

/** CNY. `targetLow` ≤ `targetHigh` in both directions: a short reaches the high one first. */
export interface Levels {
  readonly targetLow: number
  readonly targetHigh: number
  readonly stop: number
  readonly invalidation: number
}

/** Best and worst excursion since confirmation as fractions of the confirmed price; positive is in favour of the direction. */
export interface Excursion {
  readonly mfe: number
  readonly mae: number
}

/** What every event says: of which opportunity, when, and C and the last price after it. */
export interface EventHead {
  /** Made from content: `20180115-300027.SZ-long-1` is the first long of that stock and day. */
  readonly id: string
  readonly code: Code
  readonly date: TradeDate
  readonly direction: Direction
  /** 1, 2, 3 … within the opportunity, without holes. */
  readonly seq: number
  readonly at: EpochMs
  readonly sessionSeconds: number
  readonly confidence: number
  /** CNY. */
  readonly price: number
  /** An opportunity of the opposite direction on the same stock is open. */
  readonly conflicted: boolean
}

/** What can happen to an opportunity. */
export type EventBody =
  /** `adv20` in CNY, for the ranking. `parent` is the one this reopens. */
  | { readonly type: 'discovered'; readonly finding: Finding; readonly adv20: number; readonly parent?: string }
  /** `levels` are those of the opportunity afterwards; `leads` = this finding is now the strongest contributor and gives reason and targets. */
  | { readonly type: 'merged'; readonly finding: Finding; readonly levels: Levels; readonly leads: boolean }
  /** The same detector said the same again. `refreshed`: its contribution is renewed with `own` confidence. */
  | { readonly type: 'duplicate'; readonly detector: string; readonly own: number; readonly refreshed: boolean }
  | { readonly type: 'confirmed' }
  | { readonly type: 'tracking'; readonly excursion: Excursion }
  | { readonly type: 'update'; readonly excursion?: Excursion }
  /** The far target or the stop was touched; the ending follows at once. */
  | { readonly type: 'target' | 'stop'; readonly excursion: Excursion }
  | { readonly type: 'risk'; readonly rule: string; readonly severity: 'veto' | 'warn'; readonly detail: string }
  | { readonly type: 'ended'; readonly reason: EndReason; readonly excursion?: Excursion; readonly detail?: { readonly zh: string; readonly en: string } }
  /** After the end: closing price of the day, open and close of the next, CNY, as they become known. */
  | { readonly type: 'followup'; readonly close?: number; readonly nextOpen?: number; readonly nextClose?: number }

/** 机会事件: append-only. The state of an opportunity is the fold of its events. */
export type OpportunityEvent = EventHead & EventBody

export interface SpokenFinding extends Contribution {
  readonly reason: { readonly zh: string; readonly en: string }
  readonly evidence: readonly Evidence[]
}

/** 机会: one proposal on one stock in one direction, from discovery to its end. Prices in CNY. */
export interface Opportunity extends Levels {
  readonly id: string
  readonly code: Code
  readonly date: TradeDate
  readonly direction: Direction
  readonly kind: string
  readonly state: OpportunityState
  readonly parent?: string
  readonly discoveredAt: EpochMs
  readonly discoveredSeconds: number
  readonly confirmedSeconds?: number
  readonly endedSeconds?: number
  readonly endReason?: EndReason
  readonly updatedAt: EpochMs
  /** Number of the last event. */
  readonly seq: number
  /** C as of the last event; it decays between events. */
  readonly confidence: number
  readonly contributions: readonly SpokenFinding[]
  readonly duplicates: number
  readonly conflicted: boolean
  /** Price at discovery, and at confirmation. */
  readonly ref: number
  readonly refConfirmed?: number
  readonly last: number
  readonly excursion?: Excursion
  readonly adv20: number
  readonly reason: { readonly zh: string; readonly en: string }
  readonly risks: readonly string[]
  readonly followup?: { readonly close?: number; readonly nextOpen?: number; readonly nextClose?: number }
}
