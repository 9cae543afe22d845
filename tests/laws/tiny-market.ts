import { aShareCalendar } from '#core/a-share-calendar.ts'
import { frameOf, numbers, toLabels, type Frame } from '#core/frame.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { simulator } from '#sources/simulator.ts'
import { findTable } from '#warehouse/tables.ts'
import type { Table } from '#warehouse/table.ts'
import { rowsAt, rowsWhere, stacked, textsOf, type RawMarket } from './raw-market.ts'

/** Days with bars: they cross a year's end, the season of ex-dates, and the change of the ST limit on 2026-07-06. */
export const marketDays: readonly TradeDate[] = aShareCalendar.dates(tradeDate(20251201), tradeDate(20260715))

/** Days with ticks, at the end: enough for rise windows to lie within them. */
export const tickDates: readonly TradeDate[] = marketDays.slice(-14)

export const firstDay: TradeDate = marketDays[0]!
export const lastDay: TradeDate = marketDays.at(-1)!

/** The named table. Throws RangeError when there is none. */
export function tableNamed(name: string): Table {
  const table = findTable(name)
  if (table === undefined) throw new RangeError(`Cannot take table ${name}: there is none of this name`)
  return table
}

/**
 * 小市场: some thirty simulated stocks as a vendor would send them, dressed up so that every rule of the warehouse has something to do: a stock known by
 * forward-adjusted bars only and one whose unadjusted bars begin late, one without vendor factors and one whose factors begin late, one under risk
 * warning, one suspended for months, book pictures of one stock-day, vendor rows without a reference price or without trading.
 */
export async function tinyMarket(seed = 27, size = 36): Promise<RawMarket> {
  const source = simulator({ seed, size, dates: marketDays })
  const raw = new Map<Table, Frame>()
  for (const dataset of source.datasets) {
    const table = tableNamed(dataset)
    if (table.build.by !== 'fetch') continue
    const frames: Frame[] = []
    const from = dataset === 'ods_tick' ? tickDates[0]! : dataset === 'ods_cyq_chips' ? lastDay : firstDay
    for await (const page of source.fetch({ dataset, from, to: lastDay }))
      frames.push(dataset === 'ods_tick' && page.dates[0]! < lastDay ? mergedTicks(page.frame) : page.frame)
    if (frames.length > 0) raw.set(table, stacked(frames))
  }
  return dressed(raw)
}

/** Records of the simulator merged thirty at a time, so that a month of ticks stays small: the auctions as they are, the rest with the last price and quotes. */
function mergedTicks(ticks: Frame): Frame {
  const codes = textsOf(ticks, 'ts_code')
  const [volume, amount, at] = ['volume', 'amount', 'at'].map((name) => Float64Array.from(numbers(ticks, name))) as [Float64Array, Float64Array, Float64Array]
  const kept: number[] = []
  const seq = new Uint32Array(ticks.length)
  for (let first = 0; first < ticks.length;) {
    let last = first
    // The morning and the afternoon are hours apart: a gap ends a run, as do the auctions.
    while (
      last + 1 < ticks.length &&
      last - first < 29 &&
      codes[last + 1] === codes[first] &&
      at[last + 1]! - at[last]! < 170_000 &&
      at[last + 1]! - at[first]! < 1_800_000
    )
      last++
    for (let row = first; row < last; row++) {
      volume[last]! += volume[row]!
      amount[last]! += amount[row]!
    }
    seq[last] = kept.length > 0 && codes[kept.at(-1)!] === codes[last] ? seq[kept.at(-1)!]! + 1 : 0
    kept.push(last)
    first = last + 1
  }
  return rowsAt({ length: ticks.length, columns: { ...ticks.columns, volume, amount, seq } }, kept)
}

function dressed(raw: Map<Table, Frame>): RawMarket {
  const [daily, factors, warnings, forward, pictures, ticks] = ['ods_daily', 'ods_adj_factor', 'ods_stock_st', 'ods_daily_qfq', 'ods_quote', 'ods_tick'].map(
    tableNamed,
  ) as [Table, Table, Table, Table, Table, Table]
  const roles = rolesOf(raw.get(daily)!)
  const bars = raw.get(daily)!
  const isForward = rowsOf(bars, (code, date) => code === roles.forwardOnly || (code === roles.forwardFirst && date < marketDays.at(-2)!))
  const isHalted = rowsOf(bars, (code, date) => code === roles.halted && date >= marketDays[30]! && date < marketDays[136]!)
  const { ah_vol: _volume, ah_amount: _amount, ...forwardColumns } = rowsWhere(bars, isForward).columns
  raw.set(forward, frameOf(forwardColumns))
  raw.set(daily, withDirt(rowsWhere(bars, (row) => !isForward(row) && !isHalted(row))))
  raw.set(
    factors,
    rowsWhere(
      raw.get(factors)!,
      rowsOf(
        raw.get(factors)!,
        (code, date) => code !== roles.forwardOnly && code !== roles.implied && (code !== roles.factorsLate || date >= marketDays.at(-2)!),
      ),
    ),
  )
  raw.set(
    warnings,
    frameOf({
      trade_date: Uint32Array.from(marketDays),
      ts_code: toLabels(marketDays.map(() => roles.warned)),
      name: toLabels(marketDays.map(() => 'ST')),
      type: toLabels(marketDays.map(() => 'ST')),
      type_name: toLabels(marketDays.map(() => undefined)),
    }),
  )
  raw.set(tableNamed('ods_minute_bar'), minuteFiles())
  raw.set(
    pictures,
    picturesOf(
      rowsWhere(
        raw.get(ticks)!,
        rowsOf(raw.get(ticks)!, (code, date) => code === roles.pictured && date === tickDates.at(-3)),
      ),
    ),
  )
  raw.set(tableNamed('ods_price_level'), broughtLevels(bars, roles.pictured))
  return raw
}

/** Levels a user brought for one stock: its closes of two days, as of those days. */
function broughtLevels(bars: Frame, code: string): Frame {
  const days = [tickDates.at(-6)!, tickDates.at(-3)!]
  const isOne = rowsOf(bars, (own, date) => own === code && days.includes(date as TradeDate))
  const { columns, length } = rowsWhere(bars, isOne)
  return frameOf({
    trade_date: columns['trade_date']!,
    ts_code: columns['ts_code']!,
    level_id: toLabels(Array.from({ length }, (_, row) => `brought ${row}`)),
    level_price: columns['close']!,
    level_type: toLabels(Array.from({ length }, () => 'support')),
    strength: new Float64Array(length).fill(0.8),
  })
}

/** Stocks with a bar on most days, in code order: the roles they play do not depend on the order of the rows. */
function rolesOf(bars: Frame) {
  const counts = Map.groupBy(textsOf(bars, 'ts_code'), (code) => code!)
  const whole = [...counts].filter(([, rows]) => rows.length >= marketDays.length - 5).map(([code]) => code)
  const [forwardOnly, forwardFirst, implied, factorsLate, warned, halted, pictured] = whole.toSorted() as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return { forwardOnly, forwardFirst, implied, factorsLate, warned, halted, pictured }
}

/** The rows of a frame whose stock and day a rule picks. */
function rowsOf(frame: Frame, picks: (code: string, date: number) => boolean): (row: number) => boolean {
  const codes = textsOf(frame, 'ts_code')
  const date = numbers(frame, 'trade_date')
  return (row) => picks(codes[row]!, date[row]!)
}

/** Vendor rows as they come: now and then no reference price, now and then a row for a day without trading. */
function withDirt(bars: Frame): Frame {
  const columns = { ...bars.columns }
  const [preClose, volume, amount] = ['pre_close', 'vol', 'amount'].map((name) => Float64Array.from(numbers(bars, name))) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let row = 0; row < bars.length; row++) {
    if (row % 97 === 13) preClose[row] = NaN
    if (row % 311 === 17) volume[row] = amount[row] = 0
  }
  return { length: bars.length, columns: { ...columns, pre_close: preClose, vol: volume, amount } }
}

/** Two funds known by minute files alone, one of one-minute bars with a minute missing, one of 5 and 15 minutes. */
function minuteFiles(): Frame {
  const rows = tickDates.flatMap((date, day) =>
    (
      [
        ['510300.SH', 1, 34_200_000],
        ['510300.SH', 1, 34_260_000],
        ['510300.SH', 1, 34_380_000],
        ['510500.SH', 5, 34_500_000],
        ['510500.SH', 5, 54_000_000],
        ['510500.SH', 15, 35_100_000],
      ] as const
    ).map(([code, minutes, time], i) => ({ date, code, minutes, at: instantOf(date, time), close: 4 + (day % 3) + i / 4 })),
  )
  const numbersOf = (value: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, value)
  return frameOf({
    trade_date: Uint32Array.from(rows, ({ date }) => date),
    ts_code: toLabels(rows.map(({ code }) => code)),
    minutes: Uint32Array.from(rows, ({ minutes }) => minutes),
    at: numbersOf(({ at }) => at),
    open: numbersOf(({ close }) => close - 0.25),
    high: numbersOf(({ close }) => close),
    low: numbersOf(({ close }) => close - 0.5),
    close: numbersOf(({ close }) => close),
    volume: numbersOf(({ minutes }) => minutes * 100),
    amount: numbersOf(({ minutes, close }) => minutes * 100 * close),
    source: toLabels(rows.map(() => 'minute_file')),
  })
}

/** Pictures of the book a second before each trade. */
function picturesOf(ticks: Frame): Frame {
  const length = ticks.length
  const zero = () => new Float64Array(length)
  return frameOf({
    trade_date: Uint32Array.from(numbers(ticks, 'trade_date')),
    ts_code: ticks.columns['ts_code']!,
    source: toLabels(Array.from({ length }, () => 'simulator')),
    at: Float64Array.from(numbers(ticks, 'at'), (at) => at - 1000),
    seq: Uint32Array.from({ length }, (_, row) => row),
    cum_volume: zero(),
    cum_amount: zero(),
    bid1: Float64Array.from(numbers(ticks, 'bid1')),
    ask1: Float64Array.from(numbers(ticks, 'ask1')),
  })
}
