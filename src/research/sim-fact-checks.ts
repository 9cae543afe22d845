import type { SeedFacts } from './sim-seed-facts.ts'

/** A closed range; an absent end is open. */
export interface Range {
  readonly low?: number
  readonly high?: number
}

/** One statistic of the simulated market beside what real A-shares show. Values as plain numbers: fractions, not percent. */
export interface FactCheck {
  readonly group: string
  readonly name: string
  /** One value per seed, in the order of the seeds; NaN where the panel was too small. */
  readonly values: readonly number[]
  readonly mean: number
  readonly min: number
  readonly max: number
  /** Every seed must lie in it; absent = shown only. */
  readonly accept?: Range
  /** Where the mean over the seeds should lie. */
  readonly aim?: Range
  readonly basis: Basis
  readonly pass: boolean
  readonly aimed: boolean
}

/** Where a range comes from. `real`: percentiles of real stocks, 2012–2023 and 2017–2023 joined (spec stylised-facts); `spec`: spec simulator §21. The former wins. */
export type Basis = 'real' | 'spec'

interface Target {
  readonly group: string
  readonly name: string
  readonly of: (facts: SeedFacts) => number
  readonly accept?: Range
  readonly aim?: Range
  readonly basis: Basis
}

/** Every statistic against its range. `pass`: each seed inside accept (NaN is outside); `aimed`: the mean inside aim. */
export function factChecks(seeds: readonly SeedFacts[]): readonly FactCheck[] {
  return TARGETS.map(({ of, ...target }) => {
    const values = seeds.map(of)
    const average = values.reduce((sum, value) => sum + value, 0) / values.length
    return {
      ...target,
      values,
      mean: average,
      min: Math.min(...values),
      max: Math.max(...values),
      pass: values.length > 0 && (target.accept === undefined || values.every((value) => isWithin(value, target.accept!))),
      aimed: target.aim === undefined || isWithin(average, target.aim),
    }
  })
}

function isWithin(value: number, { low = -Infinity, high = Infinity }: Range): boolean {
  return value >= low && value <= high
}

/** Accept = 5th to 95th percentile across real stocks, aim = 25th to 75th. */
function real(group: string, name: string, of: Target['of'], [p5, p25, p75, p95]: readonly [number, number, number, number]): Target {
  return { group, name, of, accept: { low: p5, high: p95 }, aim: { low: p25, high: p75 }, basis: 'real' }
}

function spec(group: string, name: string, of: Target['of'], accept: Range, aim?: Range): Target {
  return { group, name, of, accept, ...(aim === undefined ? {} : { aim }), basis: 'spec' }
}

const TARGETS: readonly Target[] = [
  real('volatility', 'annual volatility, stocks', ({ all }) => all.annualVolatility, [0.313, 0.392, 0.52, 0.595]),
  spec('volatility', 'annual volatility, index', ({ index }) => index.annualVolatility, { low: 0.14, high: 0.35 }, { low: 0.18, high: 0.28 }),
  real('symmetry', 'skewness, stocks', ({ all }) => all.skewness, [-0.252, -0.0803, 0.314, 0.606]),
  real('symmetry', 'p99 ÷ −p1, stocks', ({ all }) => all.tailAsymmetry, [0.889, 0.908, 1.19, 1.37]),
  // Real: −1.03 and −1.07, one market each.
  { group: 'symmetry', name: 'skewness, equal-weight market', of: ({ all }) => all.market.skewness, accept: { high: 0 }, basis: 'real' },
  real('heavy tails', 'excess kurtosis, stocks', ({ all }) => all.excessKurtosis, [1.29, 2.08, 4.01, 6.46]),
  spec('heavy tails', 'excess kurtosis, ±10 % board', ({ main }) => main.excessKurtosis, { low: 0.5, high: 6 }, { low: 0.8, high: 4 }),
  spec('heavy tails', 'excess kurtosis, ±20 % boards', ({ wide }) => wide.excessKurtosis, { low: 1.5, high: 15 }, { low: 3, high: 10 }),
  spec('heavy tails', 'excess kurtosis, index', ({ index }) => index.excessKurtosis, { low: 0.8, high: 12 }, { low: 1.5, high: 6 }),
  real('heavy tails', 'Hill tail index, top 5 %', ({ all }) => all.hillTailIndex, [2.49, 2.93, 4.62, 18.4]),
  spec('heavy tails', 'excess kurtosis, 1 minute', ({ minute }) => minute.excessKurtosis, { low: 5 }, { low: 8, high: 25 }),
  spec('heavy tails', 'Hill tail index, 1 minute, top 1 %', ({ minute }) => minute.hillTailIndex, { low: 2.3, high: 4.5 }, { low: 2.7, high: 3.8 }),
  real('aggregation', 'excess kurtosis, sums of 5 days', ({ all }) => all.excessKurtosis5, [0.584, 1.77, 7, 11.6]),
  real('aggregation', 'excess kurtosis, sums of 20 days', ({ all }) => all.excessKurtosis20, [-0.398, 0.249, 4.81, 13.2]),
  spec('aggregation', 'the same, minus that of days', ({ all }) => all.excessKurtosis20 - all.excessKurtosis, { high: 0 }),
  real('sign memory', 'ACF of r, lag 1', ({ all }) => all.acfReturn1, [-0.0453, 0.000765, 0.092, 0.14]),
  spec('sign memory', 'mean |ACF| of r, lags 2–20', ({ all }) => all.acfReturnFar, { high: 0.06 }),
  spec('sign memory', 'ACF of r, lag 1, 1 minute', ({ minute }) => minute.acfReturn1, { low: -0.2, high: 0.02 }),
  real('clustering', 'ACF of |r|, lag 1', ({ all }) => all.acfAbs1, [0.0796, 0.157, 0.307, 0.369]),
  real('clustering', 'ACF of |r|, lag 5', ({ all }) => all.acfAbs5, [0.0349, 0.0816, 0.223, 0.284]),
  real('clustering', 'ACF of |r|, lag 10', ({ all }) => all.acfAbs10, [0.0216, 0.0652, 0.192, 0.249]),
  real('clustering', 'ACF of |r|, lag 20', ({ all }) => all.acfAbs20, [0.003_98, 0.0424, 0.158, 0.21]),
  real('clustering', 'ACF of |r|, lag 50', ({ all }) => all.acfAbs50, [-0.0334, 0.000_079_1, 0.105, 0.154]),
  real('clustering', 'ACF of r², lag 1', ({ all }) => all.acfSquare1, [0.0609, 0.141, 0.33, 0.402]),
  spec('clustering', 'ACF of |r|, lag 1, index', ({ index }) => index.acfAbs1, { low: 0.05, high: 0.4 }),
  spec('clustering', 'ACF of |r|, lag 1, 1 minute', ({ minute }) => minute.acfAbs1, { low: 0.1 }),
  spec('clustering', 'ACF of |r|, lag 30, 1 minute', ({ minute }) => minute.acfAbs30, { low: 0.03 }),
  real('leverage', 'corr(r, |r| next day), stocks', ({ all }) => all.leverage1, [-0.0537, -0.0115, 0.0766, 0.14]),
  real('leverage', 'the same, lags 1–10', ({ all }) => all.leverage10, [-0.0212, -0.001_08, 0.0507, 0.0825]),
  // Real: −0.125 and −0.113, one market each.
  { group: 'leverage', name: 'corr(r, |r| next day), equal-weight market', of: ({ all }) => all.market.leverage1, accept: { high: 0 }, basis: 'real' },
  spec('leverage', 'corr(r, r² next day), United States', ({ usLeverage }) => usLeverage, { low: -0.35, high: -0.03 }),
  real('common movement', 'pair correlation, median', ({ all }) => all.pairCorrelation, [0.139, 0.204, 0.376, 0.444]),
  spec('common movement', 'correlation in a sector', ({ all }) => all.sameSectorCorrelation, { low: 0.25, high: 0.6 }),
  spec('common movement', 'correlation across sectors', ({ all }) => all.otherSectorCorrelation, { low: 0.15, high: 0.45 }),
  spec('common movement', 'difference of the two', ({ all }) => all.sameSectorCorrelation - all.otherSectorCorrelation, { low: 0.05 }),
  spec('common movement', 'mean R² on the market', ({ all }) => all.marketRSquared, { low: 0.18, high: 0.5 }),
  // Real: 0.331 and 0.260, one value per period.
  {
    group: 'common movement',
    name: 'variance in the first eigenvector',
    of: ({ all }) => all.marketMode,
    accept: { low: 0.2, high: 0.42 },
    aim: { low: 0.26, high: 0.331 },
    basis: 'real',
  },
  // Real: one value per period, no percentiles; shown beside them.
  { group: 'common movement', name: 'cross-sectional sd, median day', of: ({ all }) => all.crossSectionSd, aim: { low: 0.0232, high: 0.0241 }, basis: 'real' },
  { group: 'common movement', name: 'days with > 10 % at a limit', of: ({ all }) => all.crowdedDays, aim: { low: 0.0053, high: 0.018 }, basis: 'real' },
  real('limits', 'share of exactly zero returns', ({ all }) => all.zeroShare, [0.004_66, 0.0119, 0.0385, 0.0766]),
  spec('limits', 'limit-up closes, main board', ({ main }) => main.limitUpShare, { low: 0.004, high: 0.025 }, { low: 0.006, high: 0.016 }),
  spec('limits', 'limit-down closes, main board', ({ main }) => main.limitDownShare, { low: 0.0005, high: 0.015 }),
  spec('limits', 'broken boards, main board', ({ main }) => main.brokenBoardShare, { low: 0.2, high: 0.55 }),
  spec('limits', 'promotion 1 → 2, main board', ({ main }) => main.promotion, { low: 0.08, high: 0.35 }),
  spec('limits', 'opens up after limit-up', ({ main }) => main.opensUpAfterUp, { low: 0.6 }),
  spec('limits', 'opens down after limit-down', ({ main }) => main.opensDownAfterDown, { low: 0.6 }),
  spec('overnight', 'mean overnight log return', ({ all }) => all.overnightMean, { low: -0.0015, high: 0 }),
  spec('overnight', 'overnight share of variance', ({ all }) => all.overnightVarianceShare, { low: 0.12, high: 0.4 }),
  spec('intraday', 'volume share to 10:00', ({ minute }) => minute.firstHalfHourShare, { low: 0.2, high: 0.34 }, { low: 0.24, high: 0.32 }),
  spec('intraday', 'volume share from 14:30', ({ minute }) => minute.lastHalfHourShare, { low: 0.09, high: 0.18 }),
  spec('intraday', 'volume 13:00–13:15 ÷ 14:00–14:15', ({ minute }) => minute.afterLunchVolume, { low: 1.15 }),
  spec('intraday', '|r| of the first 5 min ÷ mid-morning', ({ minute }) => minute.openingMove, { low: 1.8, high: 5 }),
  // Real: 0, by definition; the limits are ours.
  {
    group: 'intraday',
    name: 'volume of 16 quarter hours, departure',
    of: ({ minute }) => minute.volumeProfile,
    accept: { high: 0.12 },
    aim: { high: 0.08 },
    basis: 'real',
  },
  {
    group: 'intraday',
    name: '|r| of 16 quarter hours, departure',
    of: ({ minute }) => minute.moveProfile,
    accept: { high: 0.2 },
    aim: { high: 0.12 },
    basis: 'real',
  },
  real('volume', 'corr(|r|, log volume)', ({ all }) => all.corrAbsLogVolume, [0.195, 0.319, 0.496, 0.547]),
  real('volume', 'ACF of log volume, lag 1', ({ all }) => all.acfLogVolume1, [0.734, 0.816, 0.899, 0.931]),
  spec('volume', 'ACF of log volume, lag 5', ({ all }) => all.acfLogVolume5, { low: 0.15 }),
  real('volume', 'ACF of log volume, lag 20', ({ all }) => all.acfLogVolume20, [0.216, 0.355, 0.641, 0.767]),
]
