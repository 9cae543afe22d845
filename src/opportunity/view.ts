import type { Direction, Evidence } from '#core/detector.ts'
import type { EndReason, Opportunity, OpportunityState } from './event.ts'
import { rankScore } from './rank.ts'

/** 机会 on the wire: what the live list shows. Prices in CNY, times epoch ms; `null` = not known yet. */
export interface OpportunityView {
  readonly id: string
  readonly code: string
  readonly date: number
  readonly direction: Direction
  readonly kind: string
  readonly state: OpportunityState
  readonly endReason?: EndReason
  readonly parent?: string
  readonly confidence: number
  readonly rankScore: number
  readonly conflicted: boolean
  readonly detectors: readonly string[]
  readonly ref: number
  readonly targetLow: number
  readonly targetHigh: number
  readonly stop: number
  readonly invalidation: number
  readonly last: number | null
  /** Best and worst excursion since confirmation, fractions. */
  readonly mfe: number | null
  readonly mae: number | null
  readonly discoveredAt: number
  readonly updatedAt: number
  readonly reason: { readonly zh: string; readonly en: string }
  readonly evidence: readonly Evidence[]
  readonly risks: readonly string[]
  /** Number of the opportunity's last event. */
  readonly seq: number
}

/** The opportunity as the page lists it, evidence of all its detectors together. */
export function viewOf(opportunity: Opportunity): OpportunityView {
  const { id, code, date, direction, kind, state, endReason, parent, confidence, conflicted, contributions, excursion } = opportunity
  const { ref, targetLow, targetHigh, stop, invalidation, last, discoveredAt, updatedAt, reason, risks, seq } = opportunity
  return {
    id,
    code,
    date,
    direction,
    kind,
    state,
    ...(endReason === undefined ? {} : { endReason }),
    ...(parent === undefined ? {} : { parent }),
    confidence,
    rankScore: rankScore(opportunity),
    conflicted,
    detectors: contributions.map(({ detector }) => detector),
    ref,
    targetLow,
    targetHigh,
    stop,
    invalidation,
    last: Number.isFinite(last) ? last : null,
    mfe: excursion?.mfe ?? null,
    mae: excursion?.mae ?? null,
    discoveredAt,
    updatedAt,
    reason,
    evidence: contributions.flatMap(({ evidence }) => evidence),
    risks,
    seq,
  }
}
