/** One day of one stock by the minute: 241 slots, 0 holding the opening auction (prices in any unit, volumes in shares). */
export interface MinuteDay {
  readonly close: ArrayLike<number>
  readonly volume: ArrayLike<number>
}

/** The measures of spec simulator §21 that need minutes: medians over stocks for the memory and tails, means over stocks for the day's shape. NaN where no stock has enough. */
export interface MinuteFacts {
  readonly excessKurtosis: number
  /** Tail index of Hill (1975) over the largest 1 % of absolute returns. */
  readonly hillTailIndex: number
  readonly acfReturn1: number
  readonly acfAbs1: number
  readonly acfAbs30: number
  /** Mean share of a day's volume from the opening auction to 10:00, and from 14:30 on. */
  readonly firstHalfHourShare: number
  readonly lastHalfHourShare: number
  /** The mean share of 13:00–13:15 over that of 14:00–14:15. */
  readonly afterLunchVolume: number
  /** Mean absolute return of the first five minutes over that of 10:30–11:00. */
  readonly openingMove: number
  /** How far the sixteen quarter hours are from real ones: mean relative departure of their shares of the day's volume, and of their mean absolute returns in units of the day's mean. */
  readonly volumeProfile: number
  readonly moveProfile: number
}

/** The sixteen 15-minute bars of 60 real stocks, 2025-01 to 2026-04 (spec stylised-facts, intraday): share of the turnover, and mean absolute log return in basis points. */
const REAL_SHARES = [0.1825, 0.1011, 0.0774, 0.0614, 0.0526, 0.0449, 0.0413, 0.0394, 0.0531, 0.0429, 0.0424, 0.0412, 0.0442, 0.0429, 0.0551, 0.0775]
const REAL_MOVES = [83.3, 45.9, 37.4, 31.7, 28.8, 25.9, 24.8, 24.8, 32.5, 25, 24, 22.9, 24.2, 20.9, 21.7, 20.2]

/** 分钟事实: measured on a sample of stocks, each with its days in order. Returns are taken within the day, from the auction's price on; nights are left out. */
export function minuteFacts(stocks: readonly (readonly MinuteDay[])[]): MinuteFacts {
  const own = stocks.filter((days) => days.length > 0).map((days) => ({ days, returns: days.map(returnsOf) }))
  const over = (of: (returns: readonly Float64Array[]) => number) => median(own.map(({ returns }) => of(returns)))
  const share = (from: number, to: number) => mean(own.map(({ days }) => mean(days.map((day) => volumeOf(day, from, to) / volumeOf(day, 0, 240)))))
  return {
    excessKurtosis: over(excessKurtosis),
    hillTailIndex: over(hill),
    acfReturn1: over((returns) => lagged(returns, 1, (x) => x)),
    acfAbs1: over((returns) => lagged(returns, 1, Math.abs)),
    acfAbs30: over((returns) => lagged(returns, 30, Math.abs)),
    firstHalfHourShare: share(0, 30),
    lastHalfHourShare: share(211, 240),
    afterLunchVolume: share(121, 135) / share(181, 195),
    volumeProfile: departure(
      QUARTERS.map(([from, to]) => share(from, to)),
      REAL_SHARES,
    ),
    moveProfile: departure(
      QUARTERS.map(([from, to]) => mean(own.map(({ days }) => mean(days.map((day) => moveOf(day, from, to)))))),
      REAL_MOVES,
    ),
    openingMove: mean(own.map(({ returns }) => meanMove(returns, 1, 5) / meanMove(returns, 61, 90))),
  }
}

/** First and last slot of each quarter hour; the opening auction belongs to the first. */
const QUARTERS = REAL_SHARES.map((_, k) => [k === 0 ? 0 : 15 * k + 1, 15 * k + 15] as const)

/** Absolute log return of a stretch of slots: from the price before it, in the first one from the auction's. */
function moveOf({ close }: MinuteDay, from: number, to: number): number {
  return Math.abs(Math.log(close[to]! / close[Math.max(0, from - 1)]!))
}

/** Mean relative departure of a profile from a real one, both taken relative to their own mean. */
function departure(found: readonly number[], real: readonly number[]): number {
  const [ownMean, realMean] = [mean(found), mean(real)]
  return mean(found.map((value, k) => Math.abs(value / ownMean / (real[k]! / realMean) - 1)))
}

/** Log return of slots 1…240 at positions 0…239. */
function returnsOf({ close }: MinuteDay): Float64Array {
  return Float64Array.from({ length: 240 }, (_, i) => Math.log(close[i + 1]! / close[i]!))
}

function volumeOf({ volume }: MinuteDay, from: number, to: number): number {
  let sum = 0
  for (let slot = from; slot <= to; slot++) sum += volume[slot]!
  return sum
}

function meanMove(returns: readonly Float64Array[], from: number, to: number): number {
  let sum = 0
  for (const day of returns) for (let slot = from; slot <= to; slot++) sum += Math.abs(day[slot - 1]!)
  return sum / (returns.length * (to - from + 1))
}

/** Correlation of f(r) with itself `lag` minutes later in the same day, all days pooled. */
function lagged(returns: readonly Float64Array[], lag: number, f: (x: number) => number): number {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0]
  for (const day of returns)
    for (let i = lag; i < day.length; i++) {
      const [x, y] = [f(day[i - lag]!), f(day[i]!)]
      n++
      sx += x
      sy += y
      sxx += x * x
      syy += y * y
      sxy += x * y
    }
  return (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy))
}

function excessKurtosis(returns: readonly Float64Array[]): number {
  const average = mean(returns.map((day) => mean(day)))
  let [n, second, fourth] = [0, 0, 0]
  for (const day of returns)
    for (const x of day) {
      const square = (x - average) ** 2
      n++
      second += square
      fourth += square * square
    }
  return (n * fourth) / (second * second) - 3
}

function hill(returns: readonly Float64Array[]): number {
  const sizes = Float64Array.from(
    returns.flatMap((day) => [...day]),
    Math.abs,
  )
    .toSorted()
    .toReversed()
  const count = Math.floor(sizes.length / 100)
  let sum = 0
  for (let i = 0; i < count; i++) sum += Math.log(sizes[i]! / sizes[count]!)
  return count / sum
}

function mean(x: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]!
  return sum / x.length
}

function median(x: readonly number[]): number {
  const sorted = x.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length === 0 ? NaN : sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
