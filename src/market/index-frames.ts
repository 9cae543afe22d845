import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import type { DaySpan } from './bar-rows.ts'
import type { DailyBars } from './daily-bars.ts'
import type { IndexDays } from './index-days.ts'
import { nameUnder } from './stock.ts'
import type { World } from './world.ts'

/**
 * `index_daily` (spec warehouse-ods §5.4): points, percent, lots and thousand CNY; by date, then in the order of the indices. High and low are NaN:
 * an index is computed from its members' daily bars, which do not say when their extremes were.
 */
export function indexDailyFrame(world: World, indices: readonly IndexDays[], { first, last }: DaySpan): Frame {
  const days = Array.from({ length: last - first + 1 }, (_, k) => first + k)
  const numbers = (of: (index: IndexDays, day: number) => number) => Float64Array.from(days.flatMap((day) => indices.map((index) => of(index, day))))
  return frameOf({
    ts_code: toLabels(days.flatMap(() => indices.map(({ code }) => code))),
    trade_date: Uint32Array.from(days.flatMap((day) => indices.map(() => world.dates[day]!))),
    close: numbers((index, day) => index.close[day]!),
    open: numbers((index, day) => index.open[day]!),
    high: numbers(() => NaN),
    low: numbers(() => NaN),
    pre_close: numbers((index, day) => index.preClose[day]!),
    change: numbers((index, day) => index.close[day]! - index.preClose[day]!),
    pct_chg: numbers((index, day) => 100 * (index.close[day]! / index.preClose[day]! - 1)),
    vol: numbers((index, day) => index.volume[day]! / 100),
    amount: numbers((index, day) => index.amount[day]! / 1e6),
  })
}

/** `index_member`: the members of each index on the days a selection takes effect; by date, index, and value. */
export function indexMemberFrame(world: World, bars: readonly DailyBars[], indices: readonly IndexDays[], { first, last }: DaySpan): Frame {
  const rows = indices
    .flatMap(({ code, selections }) => selections.map((selection) => ({ code, ...selection })))
    .filter(({ day }) => day >= first && day <= last)
    .toSorted((a, b) => a.day - b.day)
    .flatMap(({ code, day, members }) => members.map((k) => ({ code, day, own: bars[k]! })))
  return frameOf({
    trade_date: Uint32Array.from(rows, ({ day }) => world.dates[day]!),
    index_code: toLabels(rows.map(({ code }) => code)),
    ts_code: toLabels(rows.map(({ own }) => own.stock.code)),
    name: toLabels(rows.map(({ own, day }) => nameUnder(own.stock, own.status[day]!))),
  })
}
