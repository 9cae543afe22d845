import { MINUTE_SLOTS, minuteSlot, type SessionRules } from '#core/session.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { tradedMinutes, type TradedMinutes } from '#numeric/minute-bars.ts'

/** 分钟线: one day of one stock as columns over its slots: 0 the opening auction, 1 is 09:31, 240 is 15:00 with the closing auction (spec simulator §17.2). Prices in whole 厘, volumes in shares, amounts in whole 厘. */
export interface MinuteBars {
  readonly open: Int32Array
  readonly high: Int32Array
  readonly low: Int32Array
  readonly close: Int32Array
  /** 0 in a minute without trades: it stays at the last price. */
  readonly volume: Float64Array
  readonly amount: Float64Array
}

/**
 * The minutes of a day as the sums of its ticks, exactly; the day's bar is the sum of its minutes. Minutes before the first trade hold its price.
 * Throws RangeError on a day without ticks.
 */
export function minuteBars(ticks: TickDay, rules: SessionRules): MinuteBars {
  if (ticks.length === 0) throw new RangeError(`Cannot make minute bars of ${ticks.code} on ${ticks.date}: the day has no ticks`)
  const column = () => new Int32Array(MINUTE_SLOTS)
  const bars = {
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: new Float64Array(MINUTE_SLOTS),
    amount: new Float64Array(MINUTE_SLOTS),
  }
  for (let i = 0; i < ticks.length; i++) {
    const slot = minuteSlot(timeOfDay(ticks.at[i] as EpochMs), rules)
    const price = ticks.price[i]!
    if (bars.volume[slot] === 0) bars.open[slot] = bars.high[slot] = bars.low[slot] = price
    bars.high[slot] = Math.max(bars.high[slot]!, price)
    bars.low[slot] = Math.min(bars.low[slot]!, price)
    bars.close[slot] = price
    bars.volume[slot]! += ticks.volume[i]!
    bars.amount[slot]! += ticks.amount[i]!
  }
  let last = ticks.price[0]!
  for (let slot = 0; slot < MINUTE_SLOTS; slot++) {
    if (bars.volume[slot] === 0) bars.open[slot] = bars.high[slot] = bars.low[slot] = bars.close[slot] = last
    last = bars.close[slot]!
  }
  return bars
}

/** The minutes of a day in which it traded, CNY; how many trades there were is not told. */
export function tradedMinuteBars(ticks: TickDay, rules: SessionRules): TradedMinutes {
  return tradedMinutes(minuteBars(ticks, rules))
}
