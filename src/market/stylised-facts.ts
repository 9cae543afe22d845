import { marketModeShare } from '#numeric/market-mode-share.ts'

/**
 * What the facts are computed from: daily log returns and volumes of stocks on common days. Columns of one stock are as long as the panel has days;
 * NaN where it did not trade.
 */
export interface FactPanel {
  readonly days: number
  readonly stocks: readonly FactStock[]
}

/** One stock of a panel. */
export interface FactStock {
  /** Log return of the day against the reference price; NaN without a bar. */
  readonly returns: Float64Array
  /** Shares traded, in units of the shares outstanding so that splits do not show; NaN without a bar. */
  readonly volume: Float64Array
  /** Log return from the reference price to the open; NaN without a bar. */
  readonly overnight: Float64Array
  /** +1 closed at the upper limit, −1 at the lower, 2 touched the upper without closing there, 0 otherwise. */
  readonly limit: Int8Array
  readonly sector: number
}

/** The measures of spec stylised-facts: medians over stocks, and those of the equal-weight market. NaN where the panel is too small. */
export interface StylisedFacts {
  readonly annualVolatility: number
  readonly skewness: number
  readonly excessKurtosis: number
  /** Tail index of Hill (1975) over the largest 5 % of absolute returns. */
  readonly hillTailIndex: number
  readonly acfReturn1: number
  /** Mean |ACF| of returns at lags 2…20. */
  readonly acfReturnFar: number
  readonly acfAbs1: number
  readonly acfAbs5: number
  readonly acfAbs10: number
  readonly acfAbs20: number
  readonly acfAbs50: number
  readonly acfSquare1: number
  readonly leverage1: number
  readonly leverage10: number
  readonly excessKurtosis5: number
  readonly excessKurtosis20: number
  readonly zeroShare: number
  readonly limitUpShare: number
  readonly limitDownShare: number
  readonly brokenBoardShare: number
  /** Share of limit-up closes that are followed by another. */
  readonly promotion: number
  /** Share of opens above the reference after a limit-up close, and below it after a limit-down close. */
  readonly opensUpAfterUp: number
  readonly opensDownAfterDown: number
  readonly corrAbsLogVolume: number
  readonly acfLogVolume1: number
  readonly acfLogVolume5: number
  readonly acfLogVolume20: number
  readonly tailAsymmetry: number
  readonly overnightMean: number
  readonly overnightVarianceShare: number
  readonly pairCorrelation: number
  readonly sameSectorCorrelation: number
  readonly otherSectorCorrelation: number
  /** Mean R² on the equal-weight market. */
  readonly marketRSquared: number
  /** Share of all variance in the first eigenvector of the correlations: the market mode. */
  readonly marketMode: number
  readonly crossSectionSd: number
  /** Share of days with more than a tenth of the names at a limit. */
  readonly crowdedDays: number
  readonly market: MarketFacts
}

/** The equal-weight market. */
export interface MarketFacts {
  readonly annualVolatility: number
  readonly excessKurtosis: number
  readonly skewness: number
  readonly acfReturn1: number
  readonly acfAbs1: number
  readonly acfAbs20: number
  readonly leverage1: number
  readonly leverage10: number
  readonly hillTailIndex: number
}

/** Trading days of a year as the measurements on real stocks count them. */
const YEAR = 244
/** Pairs compared at most: every k-th. */
const MOST_PAIRS = 6000

/** 典型事实: the statistical properties of a panel, measured as they were on real stocks (spec stylised-facts; simulator §21). */
export function stylisedFacts({ days, stocks }: FactPanel): StylisedFacts {
  const own = stocks.map((stock) => ownSeries(stock)).filter(({ r }) => r.length >= 100)
  const over = (of: (series: OwnSeries) => number) => median(own.map(of))
  const market = marketReturns(stocks, days)
  const pairs = correlations(stocks)
  const all = (count: (stock: FactStock, day: number) => boolean) => stocks.reduce((sum, stock) => sum + countDays(stock, days, count), 0)
  const isTraded = (stock: FactStock, day: number) => !Number.isNaN(stock.returns[day]!)
  const after = (stock: FactStock, day: number, limit: number) => day > 0 && isTraded(stock, day) && stock.limit[day - 1] === limit
  const [ups, downs, broken] = [1, -1, 2].map((kind) => all((stock, day) => stock.limit[day] === kind)) as [number, number, number]
  const [afterUp, afterDown] = [all((stock, day) => after(stock, day, 1)), all((stock, day) => after(stock, day, -1))]
  const traded = all(isTraded)
  return {
    annualVolatility: over(({ r }) => Math.sqrt(YEAR * moment(r, 2))),
    skewness: over(({ r }) => skewness(r)),
    excessKurtosis: over(({ r }) => excessKurtosis(r)),
    hillTailIndex: over(({ r }) => hill(r)),
    acfReturn1: over(({ r }) => lagged(r, r, 1)),
    acfReturnFar: mean(own.map(({ r }) => mean(Array.from({ length: 19 }, (_, i) => Math.abs(lagged(r, r, i + 2)))))),
    acfAbs1: over(({ abs }) => lagged(abs, abs, 1)),
    acfAbs5: over(({ abs }) => lagged(abs, abs, 5)),
    acfAbs10: over(({ abs }) => lagged(abs, abs, 10)),
    acfAbs20: over(({ abs }) => lagged(abs, abs, 20)),
    acfAbs50: over(({ abs }) => lagged(abs, abs, 50)),
    acfSquare1: over(({ r }) => autoSquare(r)),
    leverage1: over(({ r, abs }) => lagged(r, abs, 1)),
    leverage10: over(({ r, abs }) => leverage(r, abs)),
    excessKurtosis5: over(({ r }) => excessKurtosis(sums(r, 5))),
    excessKurtosis20: over(({ r }) => excessKurtosis(sums(r, 20))),
    zeroShare: over(({ r }) => r.filter((x) => x === 0).length / r.length),
    limitUpShare: ups / traded,
    limitDownShare: downs / traded,
    brokenBoardShare: broken / (broken + ups),
    promotion: all((stock, day) => after(stock, day, 1) && stock.limit[day] === 1) / afterUp,
    opensUpAfterUp: all((stock, day) => after(stock, day, 1) && stock.overnight[day]! > 0) / afterUp,
    opensDownAfterDown: all((stock, day) => after(stock, day, -1) && stock.overnight[day]! < 0) / afterDown,
    corrAbsLogVolume: over(({ abs, logVolume }) => correlation(abs, logVolume)),
    acfLogVolume1: over(({ logVolume }) => lagged(logVolume, logVolume, 1)),
    acfLogVolume5: over(({ logVolume }) => lagged(logVolume, logVolume, 5)),
    acfLogVolume20: over(({ logVolume }) => lagged(logVolume, logVolume, 20)),
    tailAsymmetry: over(({ r }) => tailAsymmetry(r)),
    overnightMean: over(({ night }) => mean(night)),
    overnightVarianceShare: over(
      ({ r, night }) =>
        moment(night, 2) /
        (moment(night, 2) +
          moment(
            Float64Array.from(r, (x, i) => x - night[i]!),
            2,
          )),
    ),
    pairCorrelation: median(pairs.map(({ value }) => value)),
    sameSectorCorrelation: mean(pairs.filter(({ same }) => same).map(({ value }) => value)),
    otherSectorCorrelation: mean(pairs.filter(({ same }) => !same).map(({ value }) => value)),
    marketRSquared: mean(stocks.map(({ returns }) => correlation(...common(returns, market)) ** 2).filter((x) => !Number.isNaN(x))),
    marketMode: marketModeShare(stocks.map(({ returns }) => returns)),
    crossSectionSd: median(Array.from({ length: days }, (_, day) => Math.sqrt(moment(tradedOn(stocks, day), 2))).filter((x) => !Number.isNaN(x))),
    crowdedDays:
      Array.from({ length: days }, (_, day) => {
        const present = stocks.filter(({ returns }) => !Number.isNaN(returns[day]!))
        return present.filter(({ limit }) => limit[day] === 1 || limit[day] === -1).length > present.length / 10
      }).filter(Boolean).length / days,
    market: marketFacts(market),
  }
}

interface OwnSeries {
  readonly r: Float64Array
  readonly abs: Float64Array
  readonly night: Float64Array
  readonly logVolume: Float64Array
}

function ownSeries({ returns, volume, overnight }: FactStock): OwnSeries {
  const kept = Array.from(returns.keys()).filter((day) => !Number.isNaN(returns[day]!))
  const pick = (of: (day: number) => number) => Float64Array.from(kept, of)
  const r = pick((day) => returns[day]!)
  return { r, abs: r.map(Math.abs), night: pick((day) => overnight[day]!), logVolume: pick((day) => Math.log(volume[day]!)) }
}

function marketFacts(r: Float64Array): MarketFacts {
  const abs = r.map(Math.abs)
  return {
    annualVolatility: Math.sqrt(YEAR * moment(r, 2)),
    excessKurtosis: excessKurtosis(r),
    skewness: skewness(r),
    acfReturn1: lagged(r, r, 1),
    acfAbs1: lagged(abs, abs, 1),
    acfAbs20: lagged(abs, abs, 20),
    leverage1: lagged(r, abs, 1),
    leverage10: leverage(r, abs),
    hillTailIndex: hill(r),
  }
}

function marketReturns(stocks: readonly FactStock[], days: number): Float64Array {
  return Float64Array.from({ length: days }, (_, day) => mean(tradedOn(stocks, day))).filter((x) => !Number.isNaN(x))
}

function tradedOn(stocks: readonly FactStock[], day: number): Float64Array {
  return Float64Array.from(stocks, ({ returns }) => returns[day]!).filter((x) => !Number.isNaN(x))
}

function correlations(stocks: readonly FactStock[]): readonly { readonly value: number; readonly same: boolean }[] {
  const step = Math.max(1, Math.floor((stocks.length * (stocks.length - 1)) / 2 / MOST_PAIRS))
  const found: { value: number; same: boolean }[] = []
  let pair = 0
  for (let i = 0; i < stocks.length; i++)
    for (let j = 0; j < i; j++) {
      const same = stocks[i]!.sector === stocks[j]!.sector
      if (!same && pair++ % step !== 0) continue
      const value = correlation(...common(stocks[i]!.returns, stocks[j]!.returns))
      if (!Number.isNaN(value)) found.push({ value, same })
    }
  return found
}

/** The values of two series on the days both have. */
function common(x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  const days = Array.from(x.keys()).filter((day) => !Number.isNaN(x[day]!) && !Number.isNaN(y[day]!))
  return [Float64Array.from(days, (day) => x[day]!), Float64Array.from(days, (day) => y[day]!)]
}

function countDays(stock: FactStock, days: number, holds: (stock: FactStock, day: number) => boolean): number {
  let count = 0
  for (let day = 0; day < days; day++) if (holds(stock, day)) count++
  return count
}

function mean(x: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]!
  return sum / x.length
}

function median(x: readonly number[]): number {
  const sorted = x.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)
  return sorted.length === 0 ? NaN : (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}

function moment(x: Float64Array, power: number): number {
  const centre = mean(x)
  let sum = 0
  for (const value of x) sum += (value - centre) ** power
  return sum / x.length
}

function skewness(x: Float64Array): number {
  return moment(x, 3) / moment(x, 2) ** 1.5
}

function excessKurtosis(x: Float64Array): number {
  return moment(x, 4) / moment(x, 2) ** 2 - 3
}

function correlation(x: Float64Array, y: Float64Array): number {
  const [mx, my] = [mean(x), mean(y)]
  let [xy, xx, yy] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]! - mx, y[i]! - my]
    xy += a * b
    xx += a * a
    yy += b * b
  }
  return xy / Math.sqrt(xx * yy)
}

/** Correlation of `x` with `y` `lag` days later. */
function lagged(x: Float64Array, y: Float64Array, lag: number): number {
  return correlation(x.subarray(0, x.length - lag), y.subarray(lag))
}

function autoSquare(r: Float64Array): number {
  const square = r.map((x) => x * x)
  return lagged(square, square, 1)
}

function leverage(r: Float64Array, abs: Float64Array): number {
  return mean(Array.from({ length: 10 }, (_, i) => lagged(r, abs, i + 1)))
}

/** Sums over whole blocks of `length` days that do not overlap. */
function sums(r: Float64Array, length: number): Float64Array {
  return Float64Array.from({ length: Math.floor(r.length / length) }, (_, block) =>
    r.subarray(block * length, (block + 1) * length).reduce((sum, x) => sum + x, 0),
  )
}

function hill(r: Float64Array): number {
  const sorted = r.map(Math.abs).toSorted().toReversed()
  const count = Math.floor(0.05 * sorted.length)
  if (count < 5) return NaN
  return 1 / mean(Array.from({ length: count }, (_, i) => Math.log(sorted[i]! / sorted[count]!)))
}

function tailAsymmetry(r: Float64Array): number {
  const sorted = r.toSorted()
  const at = (p: number) => sorted[Math.round(p * (sorted.length - 1))]!
  return at(0.99) / -at(0.01)
}
