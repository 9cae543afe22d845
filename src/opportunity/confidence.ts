/** What one detector adds to an opportunity: its latest confidence and when it spoke, on the session clock. */
export interface Contribution {
  readonly detector: string
  readonly weight: number
  readonly confidence: number
  /** Seconds of the session clock. */
  readonly seconds: number
}

/** Half-life of a contribution in seconds of the session clock (spec intraday §11). */
export const HALF_LIFE_SECONDS = 300

/** W·c·2^(−age / half-life): what is left of a contribution at `seconds`. */
export function liveContribution({ weight, confidence, seconds: spokeAt }: Contribution, seconds: number, halfLife: number = HALF_LIFE_SECONDS): number {
  return weight * confidence * 2 ** (-(seconds - spokeAt) / halfLife)
}

/** 合成置信度 C(t) = 1 − Π(1 − W·c·2^(−age / half-life)) over the detectors that contributed; 0 without any (spec intraday §11). */
export function combinedConfidence(contributions: readonly Contribution[], seconds: number, halfLife: number = HALF_LIFE_SECONDS): number {
  let doubt = 1
  for (const contribution of contributions) doubt *= 1 - liveContribution(contribution, seconds, halfLife)
  return 1 - doubt
}
