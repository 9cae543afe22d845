import { boardOf, exchangeOf } from '#core/code.ts'
import { minuteSlot, SEGMENT, sessionRulesOn } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import { admitTicks } from '#micro/admit-ticks.ts'
import { minuteBars, type TradedMinutes } from '#numeric/minute-bars.ts'
import { segmentsOfDay } from './tick-segments.ts'

/**
 * The minutes of a day in which a stock traded, CNY, slot 0 the opening auction. A minute covers (label − 60 s, label]; late records of a segment, and
 * differences of snapshots polled in the break after it, go to its last minute; after-hours trades are in no bar (spec simulator §17.2).
 */
export function tickMinutes(raw: TickDay): TradedMinutes {
  const { day, segments } = admitTicks(raw, segmentsOfDay(raw))
  const rules = sessionRulesOn(day.date, exchangeOf(day.code), boardOf(day.code))
  const midnight = instantOf(day.date, 0)
  const morningEnd = minuteSlot(AM_END, rules)
  const afternoonEnd = minuteSlot(rules.pmEnd, rules)
  const slot = new Float64Array(day.length)
  for (let i = 0; i < day.length; i++) {
    const segment = segments[i]!
    if (segment === SEGMENT.AH_FIXED) slot[i] = NaN
    else if (segment === SEGMENT.OPEN_PRINT) slot[i] = 0
    else {
      const own = minuteSlot(day.at[i]! - midnight, rules)
      if (segment === SEGMENT.AM) slot[i] = Number.isNaN(own) ? morningEnd : own
      else slot[i] = segment === SEGMENT.PM ? Math.min(Number.isNaN(own) ? afternoonEnd : own, afternoonEnd) : own
    }
  }
  const { slot: traded, ...bars } = minuteBars({ slot, price: day.price, volume: day.volume, amount: day.amount, trades: day.tradeCount })
  for (const column of [bars.open, bars.high, bars.low, bars.close, bars.amount]) for (let k = 0; k < column.length; k++) column[k] = column[k]! / 1000
  return { slot: traded, ...bars }
}

const AM_END = (11 * 60 + 30) * 60_000
