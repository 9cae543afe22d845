import { aShareCalendar } from '#core/a-share-calendar.ts'
import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { numbers, type Frame } from '#core/frame.ts'
import { priceLimits } from '#core/rules/price-limits.ts'
import { ruleOn } from '#core/dated.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { freeFloatValue, fundQuality } from '#micro/fund-quality.ts'
import { detectRiseWindow, riseWindowParams } from '#micro/rise-window.ts'
import type { dwsFundQualityMetric } from './dws/dws_fund_quality_metric.ts'
import { FrameBuilder } from './frame-builder.ts'
import { stocksOf } from './stocks-of.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest } from './table.ts'

/** How many own bars before the day a rise window may begin (spec microstructure §7.1). */
const MAX_LOOKBACK = 20

/**
 * Market days read before the range so that 20 own bars are there. A stock suspended longer is measured on the bars inside it:
 * its window then begins later, never earlier.
 */
const REACH = 120

/** `dws_fund_quality_metric`: for every stock and day that ends a rise window, the raw metrics of the money behind it. */
export async function* fundQualityMetrics({ table, engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const [from, to] = [dates[0]!, dates.at(-1)!]
  const since = aShareCalendar.back(from, REACH)
  const builder = new FrameBuilder(table as typeof dwsFundQualityMetric)
  const wanted = codes === undefined ? undefined : new Set(codes)
  const rows = engine.frames(sqlOf(table), { params: { from, to, since }, ...(signal === undefined ? {} : { signal }) })
  let stocks = 0
  for await (const { code, frame } of stocksOf(rows)) {
    if (wanted === undefined || wanted.has(code)) measureStock(code, frame, from, builder)
    stocks++
    progress(stocks, stocks, 'stocks')
  }
  if (builder.length > 0) yield builder.take()
}

function measureStock(code: Code, frame: Frame, from: TradeDate, builder: FrameBuilder<(typeof dwsFundQualityMetric)['columns']>): void {
  const column = (name: string) => numbers(frame, name) as Float64Array
  const date = numbers(frame, 'trade_date')
  const [close, adjusted, factor, bigNet, totalValue, bigBuyValue, bigBuyVolume, freeShares, floatShares] = [
    'close',
    'close_hfq',
    'adj_factor',
    'big_net_value',
    'total_value',
    'big_buy_value',
    'big_buy_volume',
    'free_shares',
    'float_shares',
  ].map(column) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  for (let day = 0; day < frame.length; day++) {
    if (date[day]! < from || Number.isNaN(totalValue[day]!)) continue
    let begin = Math.max(0, day - MAX_LOOKBACK)
    // The reach is that of the day, not that of the range it is built in.
    const reach = aShareCalendar.back(date[day]! as TradeDate, REACH)
    while (date[begin]! < reach) begin++
    // As of the day: back-adjusted closes in the price scale of the day, so that a later corporate action changes nothing.
    const asOfDay = adjusted.slice(begin, day + 1).map((value) => value / factor[day]!)
    const window = detectRiseWindow(asOfDay, riseWindowParams(limitFraction(code, date[day]! as TradeDate)))
    if (window.status !== 'FOUND') continue
    const start = begin + window.start
    const cut = (values: Float64Array) => values.slice(start, day + 1)
    const quality = fundQuality(
      {
        close: asOfDay.slice(window.start),
        adjFactor: cut(factor),
        bigNet: cut(bigNet),
        totalValue: cut(totalValue),
        bigBuyValue: cut(bigBuyValue),
        bigBuyVolume: cut(bigBuyVolume),
      },
      freeFloatValue(freeShares[day]!, floatShares[day]!, close[day]!),
    )
    const { values } = quality
    builder.push({
      trade_date: date[day]!,
      ts_code: code,
      window_start: date[start]!,
      window_days: day - start + 1,
      status: quality.status,
      price_return: values.price_return,
      big_net_sum: values.big_net_sum,
      big_net_ratio_w: values.big_net_ratio_w,
      turnover_ratio: values.turnover_ratio,
      ff_source: quality.floatSource,
      pos_days_ratio: values.pos_days_ratio,
      trend_corr: values.trend_corr,
      trend_corr_diff: values.trend_corr_diff,
      big_buy_vwap: values.big_buy_vwap,
      big_cost_gain: values.big_cost_gain,
      support_ratio: values.support_ratio,
      n_pullbacks: quality.pullbacks.length,
      pullbacks_json: JSON.stringify(
        quality.pullbacks.map(({ peak, trough, depth, bigNet: net }) => ({ from: date[start + peak], to: date[start + trough], depth, big_net: net })),
      ),
      days_with_data: cut(totalValue).filter((value) => !Number.isNaN(value)).length,
    })
  }
}

/** The daily price limit of an ordinary stock of the board as a fraction: it decides how much a rise may swing. */
function limitFraction(code: Code, date: TradeDate): number {
  const board = exchangeOf(code) === 'BJ' ? 'bse' : boardOf(code)
  return ruleOn(priceLimits, board, date) / 100
}
