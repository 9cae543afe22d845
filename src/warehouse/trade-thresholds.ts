import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { SEGMENTS, tradingSessions } from '#core/rules/trading-sessions.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BIG_TRADE_PARAMS, bigTradeThreshold } from '#micro/big-trade-threshold.ts'
import { bigTradeThreshold as table } from './dws/big_trade_threshold.ts'
import type { Engine } from './engine/engine.ts'
import { FrameBuilder } from './frame-builder.ts'
import { paramSetId } from './param-set.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest } from './table.ts'

/** `big_trade_threshold`: day after day, the sample of the 60 trading days before from SQL, the rule from micro/big-trade-threshold.ts. */
export async function* tradeThresholds({ engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const wanted = codes === undefined ? undefined : new Set(codes)
  for (const [i, date] of dates.entries()) {
    yield await thresholdsOn(engine, date, wanted, signal)
    progress(i + 1, dates.length, 'days')
  }
}

/** The thresholds of one day for every stock with ticks on it or in the 60 trading days before. Uses nothing of the day itself but who traded. */
export async function thresholdsOn(engine: Engine, date: TradeDate, wanted?: ReadonlySet<string>, signal?: AbortSignal): Promise<Frame> {
  const builder = new FrameBuilder(table)
  const id = paramSetId(BIG_TRADE_PARAMS)
  const sample = await engine.frame(sqlOf(table), { params: { from: date, ...continuousTrading(date) }, ...(signal === undefined ? {} : { signal }) })
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
  return builder.take()
}

/**
 * When records of continuous trading are stamped, per exchange, over the days a sample can reach: parameters for the SQL, from the dated rules.
 * Boards of one exchange share the hours of AM and PM; only after-hours trading differs, which is no part of a sample.
 */
function continuousTrading(date: TradeDate): Record<string, readonly (string | number)[]> {
  const since = aShareCalendar.indexOf(date) >= 60 ? aShareCalendar.shift(date, -60) : aShareCalendar.from
  const spans = (['SH.main', 'SZ.main', 'BJ.bse'] as const).flatMap((kase) =>
    tradingSessions.rows[kase].flatMap((row, i, rows) => {
      const until = rows[i + 1]?.from ?? 99_999_999
      if (row.from > date || until <= since) return []
      return row.value
        .filter(({ segment }) => segment === SEGMENTS[4] || segment === SEGMENTS[6])
        .map((span) => ({ exchange: kase.slice(0, 2), from: row.from, until, start: span.start, end: span.recordsUntil }))
    }),
  )
  return {
    exchanges: spans.map(({ exchange }) => exchange),
    rule_from: spans.map(({ from }) => from),
    rule_until: spans.map(({ until }) => until),
    starts: spans.map(({ start }) => start),
    ends: spans.map(({ end }) => end),
  }
}
