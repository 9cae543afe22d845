import type { AdjustedBars } from './adjusted-bars.ts'
import type { LevelParams } from './price-level.ts'

/** 触碰: bars that met a level close together, where the price came from, and how it ended. Rows of the adjusted bars. */
export interface TouchEvent {
  readonly first: number
  readonly last: number
  readonly from: 'above' | 'below'
  readonly outcome: 'held' | 'broken' | 'undecided'
  /** The bar that told: the close an ATR away, or the last bar looked at. */
  readonly toldAt: number
}

/** What bars from a row on have done to a level. */
export interface TouchHistory {
  /** Events whose outcome is known, oldest first. */
  readonly events: readonly TouchEvent[]
  /** The last touching bar, also of an event still open; −1 when none. */
  readonly lastTouch: number
}

/**
 * Touch events of a level (spec microstructure §8.6), `level` in the price basis of the adjusted bars, from row `start` on. A bar touches when its range meets the
 * level's band; touching bars fewer than `eventGap` apart are one event. `from` is the side of the last close before it that was not the level
 * itself. Of the `outcomeBars` closes after the event the first that is an ATR (of the event's last bar) away decides. An event whose telling bar does not exist yet is left out.
 */
export function touchHistory(bars: AdjustedBars, atr: Float64Array, level: number, start: number, params: LevelParams): TouchHistory {
  const { high, low, length } = bars
  const top = level + level * params.band
  const bottom = level - level * params.band
  const events: TouchEvent[] = []
  let first = -1
  let last = -1
  for (let i = start; i < length; i++) {
    if (!(low[i]! <= top && high[i]! >= bottom)) continue
    if (first >= 0 && i - last >= params.eventGap) {
      const event = readEvent(bars, atr, level, first, last, params)
      if (event !== undefined) events.push(event)
      first = i
    } else if (first < 0) first = i
    last = i
  }
  const event = first < 0 ? undefined : readEvent(bars, atr, level, first, last, params)
  if (event !== undefined) events.push(event)
  return { events, lastTouch: last }
}

function readEvent(bars: AdjustedBars, atr: Float64Array, level: number, first: number, last: number, params: LevelParams): TouchEvent | undefined {
  const { close, length } = bars
  let before = first - 1
  while (before >= 0 && close[before] === level) before--
  if (before < 0) return undefined
  const side = close[before]! > level ? 1 : -1
  const from = side > 0 ? 'above' : 'below'
  const away = params.outcomeAtr * atr[last]!
  const end = last + params.outcomeBars
  for (let i = last + 1; i <= end && i < length; i++) {
    const distance = side * (close[i]! - level)
    if (distance >= away) return { first, last, from, outcome: 'held', toldAt: i }
    if (-distance >= away) return { first, last, from, outcome: 'broken', toldAt: i }
  }
  return end < length ? { first, last, from, outcome: 'undecided', toldAt: end } : undefined
}
