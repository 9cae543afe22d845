import { windowSum } from '#numeric/rolling-mean.ts'
import type { AdjustedBars } from './adjusted-bars.ts'
import type { LevelParams } from './price-level.ts'

/** 摆动点: a confirmed local extreme. `row` and `price` are those of the adjusted bars. */
export interface Swing {
  readonly row: number
  readonly side: 'high' | 'low'
  readonly price: number
}

/**
 * Swing highs and lows of a window of bars, oldest first, high before low (spec microstructure §8.2). A high is the first maximum of the bars
 * `halfWidth` to either side and stands at least `swingAtr` ATR above the lowest low of the bars after it; a low is the mirror image. The last `halfWidth` bars and
 * those without ATR have none.
 */
export function findSwings(bars: AdjustedBars, atr: Float64Array, { halfWidth, swingAtr }: LevelParams): Swing[] {
  const { high, low, length } = bars
  const swings: Swing[] = []
  for (let i = halfWidth; i < length - halfWidth; i++) {
    const move = swingAtr * atr[i]!
    const top = high[i]!
    const bottom = low[i]!
    let isHigh = true
    let isLow = true
    for (let k = i - halfWidth; k < i && (isHigh || isLow); k++) {
      if (!(high[k]! < top)) isHigh = false
      if (!(low[k]! > bottom)) isLow = false
    }
    if (!isHigh && !isLow) continue
    let lowest = Infinity
    let highest = -Infinity
    for (let k = i + 1; k <= i + halfWidth; k++) {
      if (high[k]! > highest) highest = high[k]!
      if (low[k]! < lowest) lowest = low[k]!
    }
    if (isHigh && highest <= top && top - lowest >= move) swings.push({ row: i, side: 'high', price: top })
    if (isLow && lowest >= bottom && highest - bottom >= move) swings.push({ row: i, side: 'low', price: bottom })
  }
  return swings
}

/**
 * Weight of a swing (spec microstructure §8.3): 0.5^(age / ageHalfLife) × its volume against the mean of the last `volumeWindow` bars, held between floor and cap.
 * Early in the window the mean is of the bars there are. Without any volume the swing counts as an average day. `age` in trading days.
 */
export function swingWeight(volume: Float64Array, row: number, age: number, params: LevelParams): number {
  const from = Math.max(0, row + 1 - params.volumeWindow)
  const mean = windowSum(volume, from, row + 1) / (row + 1 - from)
  const relative = mean > 0 ? volume[row]! / mean : 1
  return 0.5 ** (age / params.ageHalfLife) * Math.min(params.volumeCap, Math.max(params.volumeFloor, relative))
}
