import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { ruleOn } from '#core/dated.ts'
import { tradingSessions, type SessionCase } from '#core/rules/trading-sessions.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BIG_TRADE_PARAMS, bigTradeThreshold } from '#micro/big-trade-threshold.ts'
import type { bigTradeThreshold as thresholdTable } from './dws/big_trade_threshold.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'
import { FrameBuilder } from './frame-builder.ts'
import { paramSetId } from './param-set.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest, Table } from './table.ts'

/** Trading days before a day whose records are its sample. */
const SAMPLE_DAYS = 60

/** `big_trade_threshold`: day after day, the sample of the 60 trading days before from SQL, the rule from micro/big-trade-threshold.ts. */
export async function* tradeThresholds({ table, engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const wanted = codes === undefined ? undefined : new Set(codes)
  for (const [i, date] of dates.entries()) {
    yield await thresholdsOn(engine, table, date, wanted, signal)
    progress(i + 1, dates.length, 'days')
  }
}

/** The thresholds of one day for every stock with ticks on it or in the 60 trading days before. Uses nothing of the day itself but who traded. */
export async function thresholdsOn(engine: Engine, table: Table, date: TradeDate, wanted?: ReadonlySet<string>, signal?: AbortSignal): Promise<Frame> {
  const builder = new FrameBuilder(table as typeof thresholdTable)
  const id = paramSetId(BIG_TRADE_PARAMS)
  const options = signal === undefined ? {} : { signal }
  for (const { first, last } of await batchesOf(engine, date, options)) {
    const sample = await engine.frame(sqlOf(table), { ...options, params: { from: date, first, last, ...continuousTrading(date) } })
    addThresholds(builder, sample, date, wanted, id)
  }
  return builder.take()
}

/** Records sampled at a time: the exact quantile holds each of them in memory, 8 bytes and as much again while it grows. */
const RECORDS = 20_000_000

/**
 * All codes in neighbouring pieces, few enough records in each: as many as sixty days like the last one with ticks would have. How they are cut does not show in the result.
 */
async function batchesOf(
  engine: Engine,
  date: TradeDate,
  options: Pick<QueryOptions, 'signal'>,
): Promise<readonly { readonly first: string; readonly last: string }[]> {
  const since = aShareCalendar.back(date, SAMPLE_DAYS)
  const frame = await engine.frame(
    `select ts_code, toFloat64(count()) as records from fupan.ods_tick
     where trade_date = (select max(trade_date) from fupan.ods_tick where trade_date between {since:UInt32} and {date:UInt32}) group by ts_code order by ts_code`,
    { ...options, params: { since, date } },
  )
  const [code, records] = [labels(frame, 'ts_code'), numbers(frame, 'records')]
  const lasts: string[] = []
  let room = RECORDS
  for (let row = 0; row < frame.length; row++) {
    room -= records[row]! * SAMPLE_DAYS
    if (room > 0 || row === frame.length - 1) continue
    lasts.push(labelAt(code, row)!)
    room = RECORDS
  }
  // A piece begins just after the last code of the one before; the first and the last reach beyond every code there is.
  return [...lasts, LAST].map((last, i) => ({ first: i === 0 ? '' : `${lasts[i - 1]!}!`, last }))
}

/** Greater than any code. */
const LAST = '~'

function addThresholds(
  builder: FrameBuilder<(typeof thresholdTable)['columns']>,
  sample: Frame,
  date: TradeDate,
  wanted: ReadonlySet<string> | undefined,
  id: string,
): void {
  const [code, grainClass] = [labels(sample, 'ts_code'), labels(sample, 'grain_class')]
  const [p90, p95, days, trades, meanAmount, dailyBars] = ['p90', 'p95', 'n_days', 'n_trades', 'mean_amount', 'n_bars'].map((name) => numbers(sample, name))
  for (let row = 0; row < sample.length; row++) {
    const name = labelAt(code, row)!
    if (wanted !== undefined && !wanted.has(name)) continue
    const { threshold, method } = bigTradeThreshold({
      p90: p90![row]!,
      p95: p95![row]!,
      days: days![row]!,
      trades: trades![row]!,
      dailyBars: dailyBars![row]!,
      meanAmount: meanAmount![row]!,
    })
    builder.push({
      trade_date: date,
      ts_code: name,
      grain_class: labelAt(grainClass, row)!,
      p90: p90![row]!,
      p95: p95![row]!,
      threshold,
      method,
      n_days: days![row]!,
      n_trades: trades![row]!,
      param_set_id: id,
    })
  }
}

/**
 * When records of continuous trading are stamped, in milliseconds after midnight, last one included: parameters of the SQL from the dated rules.
 * One timetable serves all exchanges but for Shanghai's afternoons before its closing call (`sh_call_from`). Throws RangeError if the rules ever say more.
 */
function continuousTrading(date: TradeDate): Record<string, number> {
  const today = spansOf('SZ.main', date)
  const call = tradingSessions.rows['SH.main'].find((row) => row.value.some(({ segment }) => segment === 'CLOSE_CALL'))!
  const shanghai = spansOf('SH.main', call.from > date ? date : aShareCalendar.previous(call.from))
  for (const kase of ['SH.main', 'BJ.bse'] as const) {
    const rows = tradingSessions.rows[kase]
    const own = rows[0]!.from > date || (kase === 'SH.main' && date < call.from) ? today : spansOf(kase, date)
    if (own.am.start !== today.am.start || own.pm.end !== today.pm.end)
      throw new RangeError(
        `Cannot sample continuous trading on ${date}: ${kase} and SZ.main keep different hours, which the SQL of big_trade_threshold does not know`,
      )
  }
  return {
    am_start: today.am.start,
    am_end: today.am.end,
    pm_start: today.pm.start,
    pm_end: today.pm.end,
    sh_call_from: call.from,
    sh_pm_end: shanghai.pm.end,
  }
}

function spansOf(kase: SessionCase, date: TradeDate): { readonly am: { start: number; end: number }; readonly pm: { start: number; end: number } } {
  const span = (name: string) => {
    const found = ruleOn(tradingSessions, kase, date).find(({ segment }) => segment === name)!
    return { start: found.start, end: found.recordsUntil - 1 }
  }
  return { am: span('AM'), pm: span('PM') }
}
