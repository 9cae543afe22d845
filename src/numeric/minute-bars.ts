import { emptyBars, type Bars } from './fold-bars.ts'

/** Trades of one day in time order. */
export interface SlottedTrades {
  /** The minute slot each trade belongs to, never falling; NaN = in no bar. */
  readonly slot: Float64Array
  readonly price: ArrayLike<number>
  readonly volume: Float64Array
  readonly amount: Float64Array
  /** NaN = not reported. */
  readonly trades: Float64Array
}

/** The minutes that traded, and their slots. */
export interface TradedMinutes extends Bars {
  readonly slot: Int32Array
}

/** 分钟线: one bar per minute slot with a trade, in slot order. Prices and amounts stay in the unit they come in. Throws RangeError when slots fall. */
export function minuteBars({ slot, price, volume, amount, trades }: SlottedTrades): TradedMinutes {
  const slots: number[] = []
  let before = -1
  for (const at of slot) {
    if (Number.isNaN(at) || at === before) continue
    if (at < before) throw new RangeError(`Cannot make minute bars: trades come in time order, found slot ${at} after ${before}`)
    slots.push(at)
    before = at
  }
  const bars = emptyBars(slots.length)
  let k = -1
  for (let i = 0; i < slot.length; i++) {
    if (Number.isNaN(slot[i]!)) continue
    const last = price[i]!
    if (k < 0 || slot[i] !== slots[k]) {
      k++
      bars.open[k] = bars.high[k] = bars.low[k] = last
    }
    if (last > bars.high[k]!) bars.high[k] = last
    if (last < bars.low[k]!) bars.low[k] = last
    bars.close[k] = last
    bars.volume[k]! += volume[i]!
    bars.amount[k]! += amount[i]!
    bars.trades[k]! += trades[i]!
  }
  return { slot: Int32Array.from(slots), ...bars }
}

/** A day as columns over all its minute slots. Prices and amounts in 厘; volume 0 = no trade. */
export interface SlotColumns {
  readonly open: ArrayLike<number>
  readonly high: ArrayLike<number>
  readonly low: ArrayLike<number>
  readonly close: ArrayLike<number>
  readonly volume: ArrayLike<number>
  readonly amount: ArrayLike<number>
  /** Absent = not counted. */
  readonly trades?: ArrayLike<number>
}

/** The slots with a trade, prices and amounts in CNY; trades NaN where they were not counted. */
export function tradedMinutes(day: SlotColumns): TradedMinutes {
  const slot = Int32Array.from({ length: day.volume.length }, (_, at) => at).filter((at) => day.volume[at]! > 0)
  const bars = emptyBars(slot.length)
  for (const [k, at] of slot.entries()) {
    bars.open[k] = day.open[at]! / 1000
    bars.high[k] = day.high[at]! / 1000
    bars.low[k] = day.low[at]! / 1000
    bars.close[k] = day.close[at]! / 1000
    bars.volume[k] = day.volume[at]!
    bars.amount[k] = day.amount[at]! / 1000
    bars.trades[k] = day.trades?.[at] ?? NaN
  }
  return { slot, ...bars }
}

/**
 * 补齐: a bar for every minute slot 1 to `lastSlot`, minutes without one flat at the last close before them (spec simulator §17.4); slot 0 stays as it
 * is, present or not. Before the first bar the price is `previousClose`; when that is NaN, those minutes stay absent.
 */
export function fillMinutes(bars: TradedMinutes, previousClose: number, lastSlot: number): TradedMinutes {
  const first = bars.slot[0] ?? Infinity
  const from = Number.isNaN(previousClose) ? Math.min(first, lastSlot + 1) : Math.min(first, 1)
  const length = Math.max(0, lastSlot - from + 1)
  const out = emptyBars(length)
  const slot = new Int32Array(length)
  let close = previousClose
  let i = 0
  for (let k = 0; k < length; k++) {
    const at = (slot[k] = from + k)
    const isHere = bars.slot[i] === at
    if (isHere) close = bars.close[i]!
    out.open[k] = isHere ? bars.open[i]! : close
    out.high[k] = isHere ? bars.high[i]! : close
    out.low[k] = isHere ? bars.low[i]! : close
    out.close[k] = close
    out.volume[k] = isHere ? bars.volume[i]! : 0
    out.amount[k] = isHere ? bars.amount[i]! : 0
    out.trades[k] = isHere ? bars.trades[i]! : 0
    if (isHere) i++
  }
  return { slot, ...out }
}
