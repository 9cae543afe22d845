import type { Frame } from '#core/frame.ts'
import { SESSION_SHAPES, slotEnd } from '#core/kline-interval.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BAR_COLUMNS } from '#numeric/fold-bars.ts'
import type { MinuteBars } from '#numeric/resample-bars.ts'

/** A day of a stock, and where its bars come from. */
export interface KlineDay {
  readonly code: string
  readonly date: TradeDate
  readonly source: string
}

/** Bars of one interval, CNY and shares: `day` their place among the days, `slot` the last minute of each. */
export interface KlinePiece {
  readonly interval: string
  readonly bars: MinuteBars
}

/** A flag of each bar of a piece: 0 or 1. */
export type BarFlag = (bars: MinuteBars, bar: number) => number

/** Rows of a table of k-lines, piece after piece, with the flags the table has of its own. */
export function klineFrame(pieces: readonly KlinePiece[], days: readonly KlineDay[], flags: Readonly<Record<string, BarFlag>>): Frame {
  const length = pieces.reduce((sum, { bars }) => sum + bars.slot.length, 0)
  const [codes, sources] = [days.map(({ code }) => code), days.map(({ source }) => source)].map(
    (texts) => new Map([...new Set(texts)].map((text, k) => [text, k])),
  )
  const [codeOf, sourceOf] = [days.map(({ code }) => codes!.get(code)!), days.map(({ source }) => sources!.get(source)!)]
  const midnights = days.map(({ date }) => instantOf(date, 0))
  const intervals = [...new Set(pieces.map(({ interval }) => interval))]
  const values = Object.fromEntries(BAR_COLUMNS.map((name) => [name, new Float64Array(length)]))
  const flagged = Object.fromEntries(Object.keys(flags).map((name) => [name, new Uint8Array(length)]))
  const [date, code, interval, source] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)]
  const time = new Float64Array(length)
  let at = 0
  for (const piece of pieces) {
    const { bars } = piece
    interval.fill(intervals.indexOf(piece.interval), at, at + bars.slot.length)
    for (const name of BAR_COLUMNS) values[name]!.set(bars[name], at)
    for (const [name, flag] of Object.entries(flags)) for (let bar = 0; bar < bars.slot.length; bar++) flagged[name]![at + bar] = flag(bars, bar)
    for (let bar = 0; bar < bars.slot.length; bar++, at++) {
      const day = bars.day[bar]!
      date[at] = days[day]!.date
      code[at] = codeOf[day]!
      source[at] = sourceOf[day]!
      time[at] = midnights[day]! + slotEnd(SESSION_SHAPES.cn, bars.slot[bar]!)
    }
  }
  return {
    length,
    columns: {
      trade_date: date,
      ts_code: { index: code, values: [...codes!.keys()] },
      interval: { index: interval, values: intervals },
      time,
      ...values,
      ...flagged,
      source: { index: source, values: [...sources!.keys()] },
    },
  }
}
