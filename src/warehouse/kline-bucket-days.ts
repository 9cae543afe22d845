import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { minutesOf, SESSION_SHAPES, slotsByEnd, type Interval } from '#core/kline-interval.ts'
import { MINUTE_SLOTS } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BAR_COLUMNS, type Bars } from '#numeric/fold-bars.ts'
import type { TradedMinutes } from '#numeric/minute-bars.ts'
import { bucketFrame, type DayToFold } from './kline-buckets.ts'
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
    yield bucketFrame(minutesOfFrame(frame), daysOf(frame))
    progress(Math.min(at + together, stocks.length), stocks.length, 'stocks')
  }
}

/** The days of a frame: its rows follow each other by stock, day and interval. */
function daysOf(frame: Frame): readonly DayToFold[] {
  const [code, interval, source] = [labels(frame, 'ts_code'), labels(frame, 'interval'), labels(frame, 'source')]
  const date = numbers(frame, 'trade_date')
  const days: DayToFold[] = []
  for (let start = 0; start < frame.length;) {
    let end = start + 1
    while (end < frame.length && code.index[end] === code.index[start] && date[end] === date[start] && interval.index[end] === interval.index[start]) end++
    days.push({
      code: labelAt(code, start)!,
      date: date[start] as TradeDate,
      source: labelAt(source, start)!,
      minutes: minutesOf(labelAt(interval, start) as Interval)!,
      start,
      end,
    })
    start = end
  }
  return days
}

function minutesOfFrame(frame: Frame): TradedMinutes {
  const [date, time] = [numbers(frame, 'trade_date'), numbers(frame, 'time')]
  const slot = new Int32Array(frame.length)
  let [own, midnight] = [0, 0]
  for (let row = 0; row < slot.length; row++) {
    if (date[row] !== own) {
      own = date[row]!
      midnight = instantOf(own as TradeDate, 0)
    }
    slot[row] = SLOT_OF.get(time[row]! - midnight)!
  }
  const columns = Object.fromEntries(BAR_COLUMNS.map((name) => [name, numbers(frame, name)])) as unknown as Bars
  return { slot, ...columns }
}
