/** Settings of spec microstructure §9.1 and §9.2. Fractions of the price and seconds of the session clock. */
export interface LevelTestParams {
  /** `fixed`: every level has the half-width `band`. `auto`: autoAtr × ATR ÷ close, held between autoMin and autoMax. */
  readonly bandMode: 'fixed' | 'auto'
  readonly band: number
  readonly autoAtr: number
  readonly autoMin: number
  readonly autoMax: number
  /** So far beyond the edge a print leaves at once; at least one tick. */
  readonly hysteresis: number
  /** So long outside confirms leaving however near. */
  readonly confirmSeconds: number
  /** A return nearer than this many band half-widths and sooner than `rearmSeconds` continues the last test. */
  readonly rearmBands: number
  readonly rearmSeconds: number
  readonly minPrints: number
  /** Longest test that is scored, as a share of the day. */
  readonly maxDwell: number
  readonly horizonSeconds: number
  /** With less of the day left at the exit there is no reaction to measure. */
  readonly minRemainingSeconds: number
}

/** The defaults of spec microstructure §9.1 and §9.2. */
export const LEVEL_TEST_PARAMS: LevelTestParams = Object.freeze({
  bandMode: 'fixed',
  band: 0.005,
  autoAtr: 0.25,
  autoMin: 0.002,
  autoMax: 0.005,
  hysteresis: 0.001,
  confirmSeconds: 60,
  rearmBands: 2,
  rearmSeconds: 300,
  minPrints: 3,
  maxDwell: 0.5,
  horizonSeconds: 1800,
  minRemainingSeconds: 300,
})

/** 观察带 of a level: prices in 厘; a print is in the band when low ≤ price ≤ high. */
export interface LevelBand {
  readonly level: number
  /** Half-width as a fraction: the b of the scores. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  /** Distance beyond the edge that leaves at once, 厘. */
  readonly hysteresis: number
  /** Distance from the level from which a return is a new test, 厘. */
  readonly rearm: number
}

/** Products of whole 厘 and decimal fractions miss whole numbers by their last bits. 厘. */
const DUST = 1e-6

/**
 * 观察带 (spec microstructure §9.1): from ceil_tick(L(1 − b)) to floor_tick(L(1 + b)), at least a tick to either side. `level` and `tick` in 厘. With `bandMode` auto
 * b follows `atrPct` (ATR ÷ close); where that is not known (NaN) it is `band`.
 */
export function levelBand(level: number, tick: number, params: LevelTestParams, atrPct: number = NaN): LevelBand {
  const auto = Math.min(params.autoMax, Math.max(params.autoMin, params.autoAtr * atrPct))
  const ratio = params.bandMode === 'auto' && !Number.isNaN(auto) ? auto : params.band
  const width = level * ratio
  return {
    level,
    ratio,
    low: ceilTick(level - Math.max(width, tick), tick),
    high: floorTick(level + Math.max(width, tick), tick),
    hysteresis: Math.max(params.hysteresis * level, tick) - DUST,
    rearm: params.rearmBands * width - DUST,
  }
}

function ceilTick(milli: number, tick: number): number {
  return Math.ceil((milli - DUST) / tick) * tick
}

function floorTick(milli: number, tick: number): number {
  return Math.floor((milli + DUST) / tick) * tick
}
