import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import type { DaySpan } from './bar-rows.ts'
import type { DailyBars } from './daily-bars.ts'
import { membersOn, type IndexDays } from './index-days.ts'
import { nextOpen } from './next-open.ts'
import { nameUnder } from './stock.ts'
import type { World } from './world.ts'

/**
 * `index_daily` (spec warehouse-ods §5.4): points, percent, lots and thousand CNY; by date, then in the order of the indices. High and low are NaN:
 * an index is computed from its members' daily bars, which do not say when their extremes were. No row on a day without members.
 */
export function indexDailyFrame(world: World, indices: readonly IndexDays[], { first, last }: DaySpan): Frame {
  const rows: { readonly index: IndexDays; readonly day: number }[] = []
  for (let day = first; day <= last; day++) for (const index of indices) if (membersOn(index, day).length > 0) rows.push({ index, day })
  const numbers = (of: (index: IndexDays, day: number) => number) => Float64Array.from(rows, ({ index, day }) => of(index, day))
  return frameOf({
    ts_code: toLabels(rows.map(({ index }) => index.code)),
    trade_date: Uint32Array.from(rows, ({ day }) => world.dates[day]!),
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

/**
 * `index_weight` (spec warehouse-ods §5.21): on the last open day of each finished month, the part of each member in percent by free-float value at that close, a suspended
 * one at its last. By date, index, and weight.
 */
export function indexWeightFrame(world: World, bars: readonly DailyBars[], indices: readonly IndexDays[], { first, last }: DaySpan): Frame {
  const rows: { readonly day: number; readonly index: string; readonly code: string; readonly weight: number }[] = []
  const monthOf = (date: number) => Math.floor(date / 100)
  for (let day = first; day <= last; day++) {
    if (monthOf(nextOpen(world, day)) === monthOf(world.dates[day]!)) continue
    for (const index of indices) {
      const valued = membersOn(index, day)
        .map((k) => ({ code: bars[k]!.stock.code, value: freeValueAtClose(bars[k]!, day) }))
        .filter(({ value }) => value > 0)
      const sum = valued.reduce((total, { value }) => total + value, 0)
      for (const { code, value } of valued.toSorted((a, b) => b.value - a.value)) rows.push({ day, index: index.code, code, weight: 100 * (value / sum) })
    }
  }
  return frameOf({
    index_code: toLabels(rows.map(({ index }) => index)),
    con_code: toLabels(rows.map(({ code }) => code)),
    trade_date: Uint32Array.from(rows, ({ day }) => world.dates[day]!),
    weight: Float64Array.from(rows, ({ weight }) => weight),
  })
}

/** Free-float value at the close in 厘, at the last one for a suspended stock; 0 when it is not listed. */
function freeValueAtClose({ stock, adjFactor, volume, close, totalShares }: DailyBars, day: number): number {
  if (Number.isNaN(adjFactor[day]!)) return 0
  let at = day
  while (at > 0 && volume[at] === 0) at--
  return close[at]! * totalShares[day]! * stock.floatRatio * stock.freeRatio
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
