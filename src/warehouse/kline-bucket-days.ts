import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { minutesOf, SESSION_SHAPES, slotsByEnd, type Interval } from '#core/kline-interval.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { bucketFrame } from './kline-buckets.ts'
import type { StockDayBars } from './kline-file-bars.ts'
import type { ComputeRequest } from './table.ts'

/** Stocks folded at a time: 1,500 × 78 rows. */
const STOCKS = 1500

const SLOT_OF = slotsByEnd(SESSION_SHAPES.cn)

/** `market_kline_buckets`: the stored bars of each day folded into every coarser interval of the day. */
export async function* klineBucketDays({ engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  for (const [i, date] of dates.entries()) {
    const frame = await engine.frame(
      `select ts_code, interval, source, time, open, high, low, close, volume, amount, trades from fupan.market_klines
       where trade_date = {date:UInt32}${only} order by ts_code, interval, time`,
      { params: { date, ...(codes === undefined ? {} : { codes }) }, ...(signal === undefined ? {} : { signal }) },
    )
    const stocks = stockDays(frame, instantOf(date, 0))
    for (let at = 0; at < stocks.length; at += STOCKS) yield bucketFrame(date, stocks.slice(at, at + STOCKS))
    progress(i + 1, dates.length, 'days')
  }
}

function stockDays(frame: Frame, midnight: number): readonly StockDayBars[] {
  const [code, interval, source] = [labels(frame, 'ts_code'), labels(frame, 'interval'), labels(frame, 'source')]
  const time = numbers(frame, 'time')
  const stocks: StockDayBars[] = []
  for (let start = 0; start < frame.length;) {
    let end = start + 1
    while (end < frame.length && code.index[end] === code.index[start] && interval.index[end] === interval.index[start]) end++
    const column = (name: string) => numbers(frame, name).slice(start, end) as Float64Array
    stocks.push({
      code: labelAt(code, start)!,
      minutes: minutesOf(labelAt(interval, start) as Interval)!,
      source: labelAt(source, start)!,
      bars: {
        slot: Int32Array.from(time.subarray(start, end), (label) => SLOT_OF.get(label - midnight)!),
        open: column('open'),
        high: column('high'),
        low: column('low'),
        close: column('close'),
        volume: column('volume'),
        amount: column('amount'),
        trades: column('trades'),
      },
    })
    start = end
  }
  return stocks
}
