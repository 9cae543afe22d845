import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { grainClassOf, type TickDay } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BIG_TRADE_PARAMS, bigTradeThreshold, type BigTradeThreshold } from '#micro/big-trade-threshold.ts'
import { bulkBars } from '#micro/bulk-bars.ts'
import { BULK_PARAMS, bulkFlow, type BulkBars } from '#micro/bulk-volume.ts'
import { SIDE_PARAMS } from '#micro/classify-side.ts'
import { summarizeDay, type DailySummary } from '#micro/daily-summary.ts'
import { normalCdf } from '#numeric/normal-distribution.ts'
import { classifiedDay, quotedStocks } from './classified-day.ts'
import type { stockMicrostructureDaily } from './dws/stock_microstructure_daily.ts'
import type { Engine } from './engine/engine.ts'
import { FrameBuilder } from './frame-builder.ts'
import { paramSetId } from './param-set.ts'
import type { ComputeRequest } from './table.ts'
import { tickDays } from './tick-days.ts'
import { workSet } from './work-set.ts'

const HISTORY_DAYS = 20
const NOTHING: BulkBars = { priceChange: new Float64Array(0), volume: new Float64Array(0) }

/**
 * `stock_microstructure_daily`: each stock's ticks admitted, classified and folded by the measures of `micro/`. One stock in memory at a time.
 * A day whose ticks do not add up to its daily bar (BAD) gets no row.
 */
export async function* microstructureDays(request: ComputeRequest): AsyncIterable<Frame> {
  const { engine, dates, scope, signal, progress } = request
  const options = signal === undefined ? {} : { signal }
  const id = paramSetId({ side: SIDE_PARAMS, big: BIG_TRADE_PARAMS, bulk: BULK_PARAMS })
  for (const [i, date] of dates.entries()) {
    const codes = request.codes ?? (scope === 'pool' ? await workSet(engine, date) : undefined)
    if (codes !== undefined && codes.length === 0) continue
    const day = await readDay(engine, date, codes)
    const builder = new FrameBuilder(request.table as typeof stockMicrostructureDaily)
    for await (const { day: raw, source } of tickDays(engine, date, { ...options, ...(codes === undefined ? {} : { codes }) })) {
      const summary = await summaryOf(engine, raw, day)
      if (summary.quality !== 'BAD') builder.push(rowOf(summary, source, raw, id))
    }
    progress(i + 1, dates.length, 'days')
    if (builder.length > 0) yield builder.take()
  }
}

/** What is known of a date besides its ticks. */
interface DayFacts {
  readonly thresholds: ReadonlyMap<string, BigTradeThreshold>
  readonly dailyAmount: ReadonlyMap<string, number>
  readonly meanVolume: ReadonlyMap<string, number>
  readonly history: ReadonlyMap<string, BulkBars>
  readonly quoted: ReadonlySet<string>
}

async function summaryOf(engine: Engine, raw: TickDay, facts: DayFacts): Promise<DailySummary> {
  const classified = await classifiedDay(engine, raw, facts.quoted)
  const { day, segments } = classified
  const history = facts.history.get(day.code) ?? NOTHING
  return summarizeDay(classified, {
    threshold: facts.thresholds.get(`${day.code} ${grainClassOf(day.grain)}`) ?? bigTradeThreshold({ p90: NaN, p95: NaN, days: 0, trades: 0, dailyBars: 0, meanAmount: NaN }),
    dailyAmount: facts.dailyAmount.get(day.code) ?? NaN,
    bulk: bulkFlow(history, bulkBars(day, segments), facts.meanVolume.get(day.code) ?? NaN, normalCdf),
  })
}

async function readDay(engine: Engine, date: TradeDate, codes: readonly string[] | undefined): Promise<DayFacts> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const params = { date, days: HISTORY_DAYS, ...(codes === undefined ? {} : { codes }) }
  const since = `(select min(cal_date) from fupan.dim_trade_cal where exchange = 'SSE' and is_open = 1
    and day_idx >= (select any(day_idx) from fupan.dim_trade_cal where exchange = 'SSE' and cal_date = {date:UInt32}) - {days:UInt32})`
  const thresholds = await engine.frame(`select ts_code, grain_class, threshold, method from fupan.big_trade_threshold where trade_date = {date:UInt32}${only}`, { params })
  const daily = await engine.frame(`select ts_code, amount_cny from fupan.dwd_daily where trade_date = {date:UInt32} and is_bar_valid = 1${only}`, { params })
  const before = `trade_date < {date:UInt32} and trade_date >= ${since}${only}`
  // Price scale of a day before over that of the day: an ex-date between them is neither a price change nor a volume.
  const scale = `(
    select ts_code, trade_date, adj_factor / last_value(adj_factor) over (partition by ts_code order by trade_date rows between unbounded preceding and unbounded following) as ratio
    from fupan.dwd_adj_factor where trade_date <= {date:UInt32} and trade_date >= ${since}${only})`
  const volume = await engine.frame(
    `select d.ts_code as ts_code, d.vol_shares / if(s.ratio > 0, s.ratio, 1) as volume
     from (select ts_code, trade_date, vol_shares from fupan.dwd_daily where ${before} and is_bar_valid = 1) as d
     left join ${scale} as s on s.ts_code = d.ts_code and s.trade_date = d.trade_date
     order by ts_code, d.trade_date`,
    { params },
  )
  return {
    thresholds: new Map(
      rowsOf(thresholds).map((row) => [
        `${labelAt(labels(thresholds, 'ts_code'), row)} ${labelAt(labels(thresholds, 'grain_class'), row)}`,
        { threshold: numbers(thresholds, 'threshold')[row]!, method: labelAt(labels(thresholds, 'method'), row) as BigTradeThreshold['method'] },
      ]),
    ),
    dailyAmount: byCode(daily, 'amount_cny'),
    meanVolume: meanByCode(volume, 'volume'),
    history: await minuteHistory(engine, before, scale, params),
    quoted: await quotedStocks(engine, date, codes),
  }
}

/** The traded minutes of the days before, per stock, in time order and in the price scale of the day. */
async function minuteHistory(engine: Engine, before: string, scale: string, params: Record<string, number | readonly string[]>): Promise<ReadonlyMap<string, BulkBars>> {
  const history = new Map<string, BulkBars>()
  const open = new Map<string, { change: Float64Array[]; volume: Float64Array[] }>()
  const minutes = engine.frames(
    `select m.ts_code as ts_code, m.price_change * if(s.ratio > 0, s.ratio, 1) as price_change, m.volume / if(s.ratio > 0, s.ratio, 1) as volume
     from (select ts_code, trade_date, minute_no, price_change, volume from fupan.dws_minute_bar where ${before}) as m
     left join (select * from ${scale} where ratio != 1) as s on s.ts_code = m.ts_code and s.trade_date = m.trade_date
     order by ts_code, m.trade_date, m.minute_no`,
    { params },
  )
  for await (const frame of minutes) {
    const code = labels(frame, 'ts_code')
    const [change, volume] = [numbers(frame, 'price_change') as Float64Array, numbers(frame, 'volume') as Float64Array]
    for (let start = 0; start < frame.length; ) {
      let end = start + 1
      while (end < frame.length && code.index[end] === code.index[start]) end++
      const name = labelAt(code, start)!
      const pieces = open.get(name) ?? { change: [], volume: [] }
      pieces.change.push(change.slice(start, end))
      pieces.volume.push(volume.slice(start, end))
      open.set(name, pieces)
      start = end
    }
  }
  for (const [name, { change, volume }] of open) history.set(name, { priceChange: concatenated(change), volume: concatenated(volume) })
  return history
}

function rowOf({ code, date, grain, values: v, quality, sideMethods, thresholdMethod }: DailySummary, source: string, raw: TickDay, id: string) {
  return {
    trade_date: date,
    ts_code: code,
    total_value: v.total_value,
    total_volume: v.total_volume,
    vwap: v.vwap,
    big_buy_value: v.big_buy_value,
    big_sell_value: v.big_sell_value,
    big_buy_volume: v.big_buy_volume,
    big_sell_volume: v.big_sell_volume,
    big_net_value: v.big_net_value,
    big_net_ratio: v.big_net_ratio,
    big_buy_ratio: v.big_buy_ratio,
    big_sell_ratio: v.big_sell_ratio,
    big_net_open: v.big_net_open,
    big_net_mid: v.big_net_mid,
    big_net_close: v.big_net_close,
    order_flow_imbalance: v.order_flow_imbalance,
    active_buy_value: v.active_buy_value,
    active_sell_value: v.active_sell_value,
    neutral_value: v.neutral_value,
    auction_value: v.auction_value,
    big_count: v.big_count,
    tick_count: v.tick_count,
    big_density: v.big_density,
    ofi_bvc: v.ofi_bvc,
    vpin: v.vpin,
    side_coverage: v.side_coverage,
    side_methods: sideMethods,
    ah_volume: v.ah_volume,
    ah_value: v.ah_value,
    threshold: v.threshold,
    threshold_method: thresholdMethod,
    grain,
    source,
    cov: v.cov,
    quality,
    computed_through: raw.at.at(-1),
    param_set_id: id,
  }
}

function byCode(frame: Frame, value: string): ReadonlyMap<string, number> {
  const code = labels(frame, 'ts_code')
  const column = numbers(frame, value)
  return new Map(rowsOf(frame).map((row) => [labelAt(code, row)!, column[row]!]))
}

/** The mean of each stock's rows, summed in their order. */
function meanByCode(frame: Frame, value: string): ReadonlyMap<string, number> {
  const code = labels(frame, 'ts_code')
  const column = numbers(frame, value)
  const sums = new Map<string, { sum: number; rows: number }>()
  for (const row of rowsOf(frame)) {
    const known = sums.getOrInsertComputed(labelAt(code, row)!, () => ({ sum: 0, rows: 0 }))
    known.sum += column[row]!
    known.rows++
  }
  return new Map([...sums].map(([name, { sum, rows }]) => [name, sum / rows]))
}

function rowsOf(frame: Frame): readonly number[] {
  return Array.from({ length: frame.length }, (_, row) => row)
}

function concatenated(pieces: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    out.set(piece, at)
    at += piece.length
  }
  return out
}
