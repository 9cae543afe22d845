import { frameOf, type Frame } from '#core/frame.ts'
import { barRows, type DaySpan } from './bar-rows.ts'
import type { DailyBars } from './daily-bars.ts'
import type { World } from './world.ts'

/** `stk_limit` (spec simulator §9.5, warehouse-ods §5.18): the limits of every stock that trades on the day, NaN with `no_limit` 1 on a day without. */
export function stkLimitFrame(world: World, bars: readonly DailyBars[], span: DaySpan): Frame {
  const rows = barRows(world, bars, span, (own, day) => own.volume[day]! > 0)
  return frameOf({
    ts_code: rows.codes,
    trade_date: rows.dates,
    pre_close: rows.numbers((own, day) => own.preClose[day]! / 1000),
    up_limit: rows.numbers((own, day) => limit(own.limitUp[day]!)),
    down_limit: rows.numbers((own, day) => limit(own.limitDown[day]!)),
    no_limit: Uint8Array.from(rows.numbers((own, day) => (own.limitUp[day] === 0 ? 1 : 0))),
  })
}

/** A limit in CNY; 厘, where 0 means none. */
function limit(milli: number): number {
  return milli === 0 ? NaN : milli / 1000
}
