import type { Feature, FeatureSnapshot } from './feature-snapshot.ts'

export type Direction = 'long' | 'short'

/** One number behind a sighting: what it was, what is usual, and the sentence a person reads. */
export interface Evidence {
  readonly field: Feature
  readonly value: number
  readonly baseline?: number
  readonly text: { readonly zh: string; readonly en: string }
}

/** 线索: a detector's finding. Pure data; the same snapshot gives the same sighting. */
export interface Sighting {
  readonly direction: Direction
  readonly kind: string
  /** 0..1, `clamp(0.30 + 0.65 s, 0, 1)` (intraday §10.2). */
  readonly confidence: number
  readonly scoreParts: readonly { readonly name: string; readonly value: number; readonly score: number; readonly weight: number }[]
  /** CNY. */
  readonly price: { readonly ref: number; readonly targetLow: number; readonly targetHigh: number; readonly stop: number; readonly invalidation: number }
  readonly reason: { readonly zh: string; readonly en: string }
  readonly evidence: readonly Evidence[]
}

/** Why a finding no longer holds. */
export interface Contradiction {
  readonly reason: { readonly zh: string; readonly en: string }
  /** Seconds of the session clock it must last without a break before it ends the finding; 0 ends it at once. */
  readonly forSeconds: number
}

/** 检测器: a pure question asked of every feature snapshot. `needs` is checked at start-up. */
export interface Detector<Params extends Readonly<Record<string, number>> = Readonly<Record<string, number>>> {
  readonly name: string
  readonly version: string
  readonly label: { readonly zh: string; readonly en: string }
  readonly needs: readonly Feature[]
  readonly params: Params
  /** Seconds of the session clock during which the same (stock, kind) opens no second opportunity; it may still join the open one. */
  readonly cooldownSeconds: number
  /** Reliability weight W in the combined confidence (intraday §11). */
  readonly weight: number
  detect(snapshot: FeatureSnapshot, params: Params): Sighting | undefined
  /** Whether an open finding of this detector is contradicted by the snapshot, and why. */
  invalidates(direction: Direction, snapshot: FeatureSnapshot, params: Params): Contradiction | undefined
}

export function defineDetector<Params extends Readonly<Record<string, number>>>(detector: Detector<Params>): Detector<Params> {
  return detector
}
