import type { Frame } from '#core/frame.ts'
import { SESSION_SHAPES, slotEnd } from '#core/kline-interval.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BAR_COLUMNS } from '#numeric/fold-bars.ts'
import type { TradedMinutes } from '#numeric/minute-bars.ts'

/** Bars of one stock-day at one interval, CNY and shares, `slot` the last minute of each. */
export interface KlinePart {
  readonly code: string
  readonly date: TradeDate
  readonly interval: string
  readonly source: string
  readonly bars: TradedMinutes
}

/** A flag of each bar of a part: 0 or 1. */
export type BarFlag = (bars: TradedMinutes, bar: number) => number

/** Rows of a table of k-lines, part after part, with the flags the table has of its own. */
export function klineFrame(parts: readonly KlinePart[], flags: Readonly<Record<string, BarFlag>>): Frame {
  const length = parts.reduce((sum, { bars }) => sum + bars.slot.length, 0)
  const codes = new Map([...new Set(parts.map(({ code }) => code))].map((own, place) => [own, place]))
  const intervals = [...new Set(parts.map(({ interval }) => interval))]
  const sources = [...new Set(parts.map(({ source }) => source))]
  const values = Object.fromEntries(BAR_COLUMNS.map((name) => [name, new Float64Array(length)]))
  const flagged = Object.fromEntries(Object.keys(flags).map((name) => [name, new Uint8Array(length)]))
  const [code, interval, source] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)]
  const time = new Float64Array(length)
  const date = new Uint32Array(length)
  let at = 0
  for (const part of parts) {
    const { bars } = part
    const end = at + bars.slot.length
    const midnight = instantOf(part.date, 0)
    date.fill(part.date, at, end)
    code.fill(codes.get(part.code)!, at, end)
    interval.fill(intervals.indexOf(part.interval), at, end)
    source.fill(sources.indexOf(part.source), at, end)
    for (const name of BAR_COLUMNS) values[name]!.set(bars[name], at)
    for (let bar = 0; bar < bars.slot.length; bar++) time[at + bar] = midnight + slotEnd(SESSION_SHAPES.cn, bars.slot[bar]!)
    for (const [name, flag] of Object.entries(flags)) for (let bar = 0; bar < bars.slot.length; bar++) flagged[name]![at + bar] = flag(bars, bar)
    at = end
  }
  return {
    length,
    columns: {
      trade_date: date,
      ts_code: { index: code, values: [...codes.keys()] },
      interval: { index: interval, values: intervals },
      time,
      ...values,
      ...flagged,
      source: { index: source, values: sources },
    },
  }
}
