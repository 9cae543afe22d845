import { boardOf, exchangeOf } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { SEGMENT, sessionRulesOn, sessionSeconds } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { ClassifiedDay } from '#micro/classify-sides.ts'
import { bigFrom, FLOW_WIDTH } from '#micro/flow-sums.ts'
import { foldFlows } from '#micro/fold-flows.ts'
import { activeNetValue } from '#micro/measures/active-net-value.ts'
import { bigCount } from '#micro/measures/big-count.ts'
import { bigDensity } from '#micro/measures/big-density.ts'
import { orderFlowImbalance } from '#micro/measures/order-flow-imbalance.ts'
import { tickCount } from '#micro/measures/tick-count.ts'
import { totalValue } from '#micro/measures/total-value.ts'
import { classifiedDay, quotedStocks } from './classified-day.ts'
import type { Engine } from './engine/engine.ts'
import type { ComputeRequest } from './table.ts'
import { tickDays } from './tick-days.ts'

/** Five-minute stretches of the session clock in a day, spec intraday §9. */
export const FLOW_BUCKETS = 48

const SECONDS = 300

/** The columns of `dws_flow_bucket` that are read off the sums, by the measures the live board reads them with. */
const READ = [totalValue, activeNetValue, orderFlowImbalance, bigCount, tickCount, bigDensity] as const
const COLUMNS = ['amount', 'net_value', 'net_ratio', 'big_count', 'tick_count', 'big_density'] as const

/** `dws_flow_bucket`: day after day, the stocks of `stock_microstructure_daily` with the threshold kept there. Bars have no sides and give no rows. */
export async function* flowBuckets({ engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  for (const [i, date] of dates.entries()) {
    const thresholds = await thresholdsOfDay(engine, date, codes)
    const stocks: StockBuckets[] = []
    if (thresholds.size > 0) {
      const chosen = [...thresholds.keys()]
      const quoted = await quotedStocks(engine, date, chosen)
      for await (const { day } of tickDays(engine, date, { codes: chosen, ...(signal === undefined ? {} : { signal }) })) {
        const sums = bucketSums(await classifiedDay(engine, day, quoted), thresholds.get(day.code)!)
        stocks.push({ code: day.code, sums, traded: tradedBuckets(sums) })
      }
    }
    progress(i + 1, dates.length, 'days')
    if (stocks.length > 0) yield frameOfDay(date, stocks)
  }
}

/**
 * 五分钟资金桶: 48 rows of flow sums. Row b holds the ticks of continuous trading in the five minutes up to the bucket's end, (σ − 300, σ] with
 * σ = 300 (b + 1): what the live board's window shows at that moment. The last bucket ends with continuous trading, so before a closing call
 * (14:57) it shares three minutes with the one before; a trade stamped 09:30:00 has left the window by 09:35 and is in none.
 * `threshold` in CNY, as `bigFrom` takes it.
 */
export function bucketSums(classified: ClassifiedDay, threshold: number): Float64Array {
  const { day, segments } = classified
  const rules = sessionRulesOn(day.date, exchangeOf(day.code), boardOf(day.code))
  const big = bigFrom(threshold)
  const midnight = instantOf(day.date, 0)
  const sums = new Float64Array(FLOW_BUCKETS * FLOW_WIDTH)
  const seconds = (i: number) => sessionSeconds(day.at[i]! - midnight, rules)
  const isContinuous = (i: number) => segments[i] === SEGMENT.AM || segments[i] === SEGMENT.PM
  let [first, end] = [0, day.length]
  while (first < end && !isContinuous(first)) first++
  while (end > first && !isContinuous(end - 1)) end--
  let [from, to] = [first, first]
  for (let bucket = 0; bucket < FLOW_BUCKETS; bucket++) {
    const until = Math.min((bucket + 1) * SECONDS, rules.fullSeconds)
    while (to < end && seconds(to) <= until) to++
    while (from < to && seconds(from) <= until - SECONDS) from++
    foldFlows(sums.subarray(bucket * FLOW_WIDTH, (bucket + 1) * FLOW_WIDTH), classified, { from, to }, big)
  }
  return sums
}

interface StockBuckets {
  readonly code: string
  readonly sums: Float64Array
  /** The buckets with at least one tick. */
  readonly traded: readonly number[]
}

function tradedBuckets(sums: Float64Array): readonly number[] {
  return Array.from({ length: FLOW_BUCKETS }, (_, bucket) => bucket).filter((bucket) => tickCount.value(sums, bucket * FLOW_WIDTH) > 0)
}

async function thresholdsOfDay(engine: Engine, date: TradeDate, codes: readonly string[] | undefined): Promise<ReadonlyMap<string, number>> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const frame = await engine.frame(
    `select ts_code, threshold from fupan.stock_microstructure_daily where trade_date = {date:UInt32} and threshold > 0 and grain != 'BAR1M'${only} order by ts_code`,
    { params: { date, ...(codes === undefined ? {} : { codes }) } },
  )
  const [code, threshold] = [labels(frame, 'ts_code'), numbers(frame, 'threshold')]
  return new Map(Array.from({ length: frame.length }, (_, row) => [labelAt(code, row)!, threshold[row]!]))
}

function frameOfDay(date: TradeDate, stocks: readonly StockBuckets[]): Frame {
  const length = stocks.reduce((sum, { traded }) => sum + traded.length, 0)
  const index = new Uint32Array(length)
  const bucket = new Uint32Array(length)
  const columns = READ.map((measure) => (measure.unit === 'count' ? new Uint32Array(length) : new Float64Array(length)))
  let at = 0
  for (const [stock, { sums, traded }] of stocks.entries()) {
    for (const each of traded) {
      index[at] = stock
      bucket[at] = each
      for (let c = 0; c < READ.length; c++) columns[c]![at] = READ[c]!.value(sums, each * FLOW_WIDTH)
      at++
    }
  }
  return {
    length,
    columns: {
      trade_date: new Uint32Array(length).fill(date),
      ts_code: { index, values: stocks.map(({ code }) => code) },
      bucket,
      ...Object.fromEntries(COLUMNS.map((name, c) => [name, columns[c]!])),
    },
  }
}
