import { labelAt, labels, type Frame } from '#core/frame.ts'
import { grainClassOf, type TickDay } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BIG_TRADE_PARAMS } from '#micro/big-trade-threshold.ts'
import { bulkBars } from '#micro/bulk-bars.ts'
import { BULK_PARAMS, bulkFlow } from '#micro/bulk-volume.ts'
import { SIDE_PARAMS } from '#micro/classify-side.ts'
import { summarizeDay, type DailySummary } from '#micro/daily-summary.ts'
import { halfHourReturns } from '#micro/level-reaction.ts'
import { levelTape } from '#micro/level-tape.ts'
import { normalCdf } from '#numeric/normal-distribution.ts'
import { classifiedDay } from './classified-day.ts'
import type { stockMicrostructureDaily } from './dws/stock_microstructure_daily.ts'
import type { Engine } from './engine/engine.ts'
import { FrameBuilder } from './frame-builder.ts'
import { MicrostructureFacts, readMinutes, type StockMinutes } from './microstructure-facts.ts'
import { oneAhead } from './one-ahead.ts'
import { paramSetId } from './param-set.ts'
import type { ComputeRequest } from './table.ts'
import { tickDays } from './tick-days.ts'
import { workSet } from './work-set.ts'

/** Stocks whose minutes of the days before are in memory at a time: 40 MB, twice while the next are read. */
const STOCKS = 400

/**
 * `stock_microstructure_daily`: each stock's ticks admitted, classified and folded by the measures of `micro/`. A day whose ticks do not add up to its
 * daily bar (BAD) gets no row. What the dates share is read once: their facts for all stocks, and some stocks at a time their minutes.
 */
export async function* microstructureDays(request: ComputeRequest): AsyncIterable<Frame> {
  const { engine, dates, progress, signal } = request
  const id = paramSetId({ side: SIDE_PARAMS, big: BIG_TRADE_PARAMS, bulk: BULK_PARAMS })
  const wanted = await stocksOn(request)
  const all = [...new Set(dates.flatMap((date) => [...wanted.get(date)!]))].toSorted()
  if (all.length === 0) return
  const facts = await MicrostructureFacts.read(engine, dates, signal)
  const groups = Array.from({ length: Math.ceil(all.length / STOCKS) }, (_, group) => all.slice(group * STOCKS, (group + 1) * STOCKS))
  const history = oneAhead(groups, async (codes) => ({ codes, minutes: await readMinutes(engine, dates, codes, signal) }))
  let done = 0
  for await (const { codes, minutes } of history) {
    const builder = new FrameBuilder(request.table as typeof stockMicrostructureDaily)
    for (const date of dates) {
      const own = codes.filter((code) => wanted.get(date)!.has(code))
      if (own.length === 0) continue
      for await (const { day: raw, source } of tickDays(engine, date, { codes: own, ...(signal === undefined ? {} : { signal }) })) {
        const summary = await summaryOf(engine, raw, facts, minutes.get(raw.code))
        if (summary.quality !== 'BAD') builder.push(rowOf(summary, source, raw, id))
      }
    }
    done += codes.length
    progress(done, all.length, 'stocks')
    if (builder.length > 0) yield builder.take()
  }
}

/** The stocks to work on, per date: those asked for, the work set of the day, or whoever has ticks on it. */
async function stocksOn({ engine, dates, codes, scope, signal }: ComputeRequest): Promise<ReadonlyMap<TradeDate, ReadonlySet<string>>> {
  const stocks = new Map<TradeDate, ReadonlySet<string>>()
  for (const date of dates)
    stocks.set(date, new Set(codes ?? (scope === 'pool' ? await workSet(engine, date) : undefined) ?? (await tradedOn(engine, date, signal))))
  return stocks
}

async function tradedOn(engine: Engine, date: TradeDate, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const frame = await engine.frame('select distinct ts_code from fupan.ods_tick where trade_date = {date:UInt32}', {
    params: { date },
    ...(signal === undefined ? {} : { signal }),
  })
  const code = labels(frame, 'ts_code')
  return Array.from({ length: frame.length }, (_, row) => labelAt(code, row)!)
}

interface Summary extends DailySummary {
  readonly halfHourReturns: readonly number[]
}

async function summaryOf(engine: Engine, raw: TickDay, facts: MicrostructureFacts, minutes: StockMinutes | undefined): Promise<Summary> {
  const { code, date } = raw
  const classified = await classifiedDay(engine, raw, facts.quotedOn(date))
  const { day, segments } = classified
  const summary = summarizeDay(classified, {
    threshold: facts.thresholdOf(code, date, grainClassOf(day.grain)),
    dailyAmount: facts.dailyAmount(code, date),
    bulk: bulkFlow(facts.historyOf(code, date, minutes), bulkBars(day, segments), facts.meanVolume(code, date), normalCdf),
  })
  return { ...summary, halfHourReturns: halfHourReturns(levelTape(classified)) }
}

function rowOf(
  { code, date, grain, values: v, quality, sideMethods, thresholdMethod, halfHourReturns: halfHours }: Summary,
  source: string,
  raw: TickDay,
  id: string,
) {
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
    half_hour_returns: JSON.stringify(halfHours),
    computed_through: raw.at.at(-1),
    param_set_id: id,
  }
}
