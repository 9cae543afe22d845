import { boardOf, exchangeOf } from '#core/code.ts'
import { minuteSlot, SEGMENT, sessionRulesOn, type SessionRules } from '#core/session.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'
import type { BulkBars } from './bulk-volume.ts'

/**
 * The one-minute bars of continuous trading that bulk-volume classification reads (slots of `minuteSlot`); minutes without a trade have no bar.
 * The first change is against the opening print, without one it is 0. `segments` are the SEGMENT ordinals of the ticks;
 * `rules` the timetable, by default the one of the stock's board.
 */
export function bulkBars(
  day: TickDay,
  segments: Uint8Array,
  rules: SessionRules = sessionRulesOn(day.date, exchangeOf(day.code), boardOf(day.code)),
): BulkBars {
  const priceChange: number[] = []
  const volume: number[] = []
  let slot = -1
  let before = 0
  let last = 0
  for (let i = 0; i < day.length; i++) {
    const segment = segments[i]!
    const price = day.price[i]!
    if (segment === SEGMENT.OPEN_PRINT) before = price
    if (segment !== SEGMENT.AM && segment !== SEGMENT.PM) continue
    const own = minuteSlot(timeOfDay(day.at[i]! as EpochMs), rules)
    // A snapshot difference polled in a break has no slot of its own: it belongs to the bar before.
    if (slot < 0 || (own !== slot && !Number.isNaN(own))) {
      if (slot >= 0) before = last
      slot = own
      volume.push(0)
      priceChange.push(0)
    }
    volume[volume.length - 1]! += day.volume[i]!
    priceChange[priceChange.length - 1] = before === 0 ? 0 : price - before
    last = price
  }
  return { priceChange: Float64Array.from(priceChange), volume: Float64Array.from(volume) }
}
