import { midRanks } from './mid-rank.ts'

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting one half (Mann & Whitney 1947, by mid-ranks).
 * `positive` holds 1 for positives and 0 for negatives; places where the score is NaN are left out. NaN when either class is empty.
 * Throws RangeError when the lengths differ.
 */
export function auc(scores: Float64Array, positive: Uint8Array): number {
  check(scores, positive)
  const ranks = midRanks(scores)
  let known = 0
  let positives = 0
  let sum = 0
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]!)) continue
    known++
    if (positive[i] !== 1) continue
    positives++
    sum += ranks[i]!
  }
  const negatives = known - positives
  // midRanks gives (rank − ½)/n: back to ranks, then U = Σ rank − P(P + 1)/2.
  return positives === 0 || negatives === 0 ? NaN : (sum * known + positives / 2 - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** What a threshold makes of scores. */
export interface ThresholdQuality {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly trueNegatives: number
  /** Share of the called that are positive; NaN when nothing is called. */
  readonly precision: number
  /** Share of the positives that are called; NaN when there is none. */
  readonly recall: number
}

/** Calling positive every score ≥ `threshold`. Places where the score is NaN are left out. Throws RangeError when the lengths differ. */
export function precisionRecall(scores: Float64Array, positive: Uint8Array, threshold: number): ThresholdQuality {
  check(scores, positive)
  let truePositives = 0
  let falsePositives = 0
  let falseNegatives = 0
  let trueNegatives = 0
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!
    if (Number.isNaN(score)) continue
    const called = score >= threshold
    const isPositive = positive[i] === 1
    if (called && isPositive) truePositives++
    else if (called) falsePositives++
    else if (isPositive) falseNegatives++
    else trueNegatives++
  }
  const precision = truePositives / (truePositives + falsePositives)
  return { truePositives, falsePositives, falseNegatives, trueNegatives, precision, recall: truePositives / (truePositives + falseNegatives) }
}

function check(scores: Float64Array, positive: Uint8Array): void {
  if (scores.length !== positive.length)
    throw new RangeError(`Cannot compare scores with labels: both must be equally long, found ${scores.length} and ${positive.length}`)
}
