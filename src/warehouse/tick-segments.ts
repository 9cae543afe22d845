import { boardOf, exchangeOf } from '#core/code.ts'
import { segmentsOf, sessionRulesOn } from '#core/session.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'

/** The SEGMENT ordinal of every tick, by the timetable its exchange and board kept on that day. */
export function segmentsOfDay(day: TickDay): Uint8Array {
  const midnight = (day.at[0] ?? 0) - timeOfDay((day.at[0] ?? 0) as EpochMs)
  const times = day.at.map((at) => at - midnight)
  return segmentsOf(times, sessionRulesOn(day.date, exchangeOf(day.code), boardOf(day.code)))
}
