import type { Calendar } from '#core/calendar.ts'
import { labelAt, labels, numbers, toLabels, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Engine } from './engine/engine.ts'
import { bigTradeThreshold } from './dws/big_trade_threshold.ts'
import { thresholdsOn } from './trade-thresholds.ts'

/** Days behind adv20, and the bars behind ATR(14) with the close before them. */
const DAYS = 20
const ATR_BARS = 14

/**
 * What is known of every stock before a session opens, one row per stock that traded in the 20 market days before or has ticks on the day:
 * ts_code, adv20 (CNY), atr_pct (ATR(14) ÷ close, fraction), prev_close (the day's reference price where the daily row has it, else the last
 * close), threshold (big-trade threshold, CNY), is_st, list_days. NaN = not known.
 */
export async function openingFacts(
  engine: Engine,
  calendar: Calendar,
  date: TradeDate,
  codes: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Frame> {
  const since = calendar.back(date, DAYS)
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const params = { date, since, ...(codes === undefined ? {} : { codes }) }
  const bars = await engine.frame(
    `select ts_code, trade_date, high, low, close, pre_close, amount_cny from fupan.dwd_daily
     where trade_date >= {since:UInt32} and trade_date < {date:UInt32} and is_bar_valid = 1${only} order by ts_code, trade_date`,
    { params, signal },
  )
  const today = await engine.frame(`select ts_code, ifNull(pre_close, nan) as pre_close from fupan.dwd_daily where trade_date = {date:UInt32}${only}`, {
    params,
    signal,
  })
  const label = await engine.frame(
    `select ts_code, toFloat64(ifNull(argMax(is_st, trade_date), 0)) as is_st, toFloat64(max(list_days)) + 1 as list_days from fupan.dwd_stock_label_daily
     where trade_date >= {since:UInt32} and trade_date < {date:UInt32}${only} group by ts_code`,
    { params, signal },
  )
  const feed = await engine.frame(
    `select ts_code, if(max(grain = 'TBT') = 1, 'TBT', 'AGG') as grain_class from fupan.ods_tick where trade_date = {date:UInt32}${only} group by ts_code`,
    { params, signal },
  )
  const feeds = new Map<string, string>()
  eachRow(feed, (name, row) => feeds.set(name, labelAt(labels(feed, 'grain_class'), row)!))
  const thresholds = await thresholdsOf(engine, date, codes, feeds, signal)
  const rows = new Map<string, Facts>()
  const rowOf = (name: string) => rows.getOrInsertComputed(name, () => ({ adv20: NaN, atrPct: NaN, prevClose: NaN, threshold: NaN, isSt: NaN, listDays: NaN }))
  for (const [name, start, end] of runsOf(bars)) Object.assign(rowOf(name), measured(bars, start, end))
  eachRow(today, (name, row) => {
    const reference = numbers(today, 'pre_close')[row]!
    if (!Number.isNaN(reference)) rowOf(name).prevClose = reference
  })
  eachRow(label, (name, row) => Object.assign(rowOf(name), { isSt: numbers(label, 'is_st')[row]!, listDays: numbers(label, 'list_days')[row]! }))
  eachRow(thresholds, (name, row) => {
    const grainClass = labelAt(labels(thresholds, 'grain_class'), row)
    const known = rowOf(name)
    // The class of the day's own records counts; before any has come, single trades before aggregates.
    const fits = feeds.has(name) ? feeds.get(name) === grainClass : grainClass === 'TBT' || Number.isNaN(known.threshold)
    if (fits) known.threshold = numbers(thresholds, 'threshold')[row]!
  })
  const names = [...rows.keys()]
  const column = (field: keyof Facts) => Float64Array.from(names, (name) => rows.get(name)![field])
  return {
    length: names.length,
    columns: {
      ts_code: toLabels(names),
      adv20: column('adv20'),
      atr_pct: column('atrPct'),
      prev_close: column('prevClose'),
      threshold: column('threshold'),
      is_st: column('isSt'),
      list_days: column('listDays'),
    },
  }
}

/** The thresholds kept for the day when they are there for every stock with ticks on it; else worked out from the 60 days before, which takes its time. */
async function thresholdsOf(
  engine: Engine,
  date: TradeDate,
  codes: readonly string[] | undefined,
  feeds: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Frame> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const kept = await engine.frame(`select ts_code, grain_class, threshold from fupan.big_trade_threshold where trade_date = {date:UInt32}${only}`, {
    params: { date, ...(codes === undefined ? {} : { codes }) },
    signal,
  })
  const has = new Set<string>()
  eachRow(kept, (name, row) => has.add(`${name} ${labelAt(labels(kept, 'grain_class'), row)}`))
  const isComplete = kept.length > 0 && [...feeds].every(([name, grainClass]) => has.has(`${name} ${grainClass}`))
  return isComplete ? kept : thresholdsOn(engine, bigTradeThreshold, date, codes === undefined ? undefined : new Set(codes), signal)
}

interface Facts {
  adv20: number
  atrPct: number
  prevClose: number
  threshold: number
  isSt: number
  listDays: number
}

function measured(bars: Frame, start: number, end: number): Pick<Facts, 'adv20' | 'atrPct' | 'prevClose'> {
  const [high, low, close, preClose, amount] = ['high', 'low', 'close', 'pre_close', 'amount_cny'].map((name) => numbers(bars, name))
  let turnover = 0
  for (let row = start; row < end; row++) turnover += amount![row]!
  const last = close![end - 1]!
  if (end - start < ATR_BARS) return { adv20: turnover / (end - start), atrPct: NaN, prevClose: last }
  // True range (Wilder 1978) against the ex-rights reference price, so that an ex-date is no jump; the plain mean of 14.
  let range = 0
  for (let row = end - ATR_BARS; row < end; row++) {
    const before = Number.isNaN(preClose![row]!) ? close![row]! : preClose![row]!
    range += Math.max(high![row]! - low![row]!, Math.abs(high![row]! - before), Math.abs(low![row]! - before)) / close![row]!
  }
  return { adv20: turnover / (end - start), atrPct: range / ATR_BARS, prevClose: last }
}

function* runsOf(frame: Frame): Iterable<readonly [string, number, number]> {
  const code = labels(frame, 'ts_code')
  for (let start = 0; start < frame.length;) {
    let end = start + 1
    while (end < frame.length && code.index[end] === code.index[start]) end++
    yield [labelAt(code, start)!, start, end]
    start = end
  }
}

function eachRow(frame: Frame, visit: (name: string, row: number) => void): void {
  const code = labels(frame, 'ts_code')
  for (let row = 0; row < frame.length; row++) visit(labelAt(code, row)!, row)
}
