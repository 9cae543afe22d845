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
}

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
    openingMove: mean(own.map(({ returns }) => meanMove(returns, 1, 5) / meanMove(returns, 61, 90))),
  }
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
