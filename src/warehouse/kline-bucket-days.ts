import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { minutesOf, SESSION_SHAPES, slotsByEnd, type Interval } from '#core/kline-interval.ts'
import { MINUTE_SLOTS } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { bucketFrame, type FoldedStock } from './kline-buckets.ts'
import type { ComputeRequest } from './table.ts'

/** Minutes read at a time: 50 MB. */
const ROWS = 600_000

const SLOT_OF = slotsByEnd(SESSION_SHAPES.cn)

/** `market_kline_buckets`: the stored bars of each day folded into every coarser interval of the day; stocks by stocks, because their minutes lie together. */
export async function* klineBucketDays({ engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const options = { params: { dates, ...(codes === undefined ? {} : { codes }) }, ...(signal === undefined ? {} : { signal }) }
  const own = labels(
    await engine.frame(
      `select distinct ts_code from fupan.market_klines where trade_date in {dates:Array(UInt32)}${codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'} order by ts_code`,
      options,
    ),
    'ts_code',
  )
  const stocks = Array.from(own.index, (_, row) => labelAt(own, row)!)
  const together = Math.max(1, Math.floor(ROWS / (MINUTE_SLOTS * dates.length)))
  for (let at = 0; at < stocks.length; at += together) {
    const frame = await engine.frame(
      `select trade_date, ts_code, interval, source, time, open, high, low, close, volume, amount, trades from fupan.market_klines
       where trade_date in {dates:Array(UInt32)} and ts_code in {codes:Array(String)} order by ts_code, trade_date, interval, time`,
      { ...options, params: { dates, codes: stocks.slice(at, at + together) } },
    )
    yield bucketFrame(stockDays(frame))
    progress(Math.min(at + together, stocks.length), stocks.length, 'stocks')
  }
}

function stockDays(frame: Frame): readonly FoldedStock[] {
  const [code, interval, source] = [labels(frame, 'ts_code'), labels(frame, 'interval'), labels(frame, 'source')]
  const [date, time] = [numbers(frame, 'trade_date'), numbers(frame, 'time')]
  const stocks: FoldedStock[] = []
  for (let start = 0; start < frame.length;) {
    let end = start + 1
    while (end < frame.length && code.index[end] === code.index[start] && date[end] === date[start] && interval.index[end] === interval.index[start]) end++
    const midnight = instantOf(date[start] as TradeDate, 0)
    const column = (name: string) => numbers(frame, name).slice(start, end) as Float64Array
    stocks.push({
      code: labelAt(code, start)!,
      date: date[start] as TradeDate,
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
