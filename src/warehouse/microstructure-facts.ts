import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { GrainClass } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { bigTradeThreshold, type BigTradeThreshold } from '#micro/big-trade-threshold.ts'
import type { BulkBars } from '#micro/bulk-volume.ts'
import { quotedStocks } from './classified-day.ts'
import { eachRow } from './each-row.ts'
import type { Engine } from './engine/engine.ts'
import { gatherStocks, ONE_THREAD } from './gather-stocks.ts'

/** Trading days before a day that its bulk-volume flow is scaled by. */
const HISTORY_DAYS = 20

const NOTHING: BulkBars = { priceChange: new Float64Array(0), volume: new Float64Array(0) }
const UNSAMPLED = bigTradeThreshold({ p90: NaN, p95: NaN, days: 0, trades: 0, dailyBars: 0, meanAmount: NaN })

interface Series {
  readonly date: ArrayLike<number>
  readonly value: Float64Array
}

/** What is known of some dates besides their ticks, for every stock: read once for all of them. */
export class MicrostructureFacts {
  readonly #quoted: ReadonlyMap<TradeDate, ReadonlySet<string>>
  readonly #thresholds: ReadonlyMap<string, BigTradeThreshold>
  readonly #amount: ReadonlyMap<string, number>
  readonly #volume: ReadonlyMap<string, Series>
  readonly #factor: ReadonlyMap<string, Series>

  private constructor(parts: {
    quoted: ReadonlyMap<TradeDate, ReadonlySet<string>>
    thresholds: ReadonlyMap<string, BigTradeThreshold>
    amount: ReadonlyMap<string, number>
    volume: ReadonlyMap<string, Series>
    factor: ReadonlyMap<string, Series>
  }) {
    this.#quoted = parts.quoted
    this.#thresholds = parts.thresholds
    this.#amount = parts.amount
    this.#volume = parts.volume
    this.#factor = parts.factor
  }

  static async read(engine: Engine, dates: readonly TradeDate[], signal?: AbortSignal): Promise<MicrostructureFacts> {
    const since = aShareCalendar.back(dates[0]!, HISTORY_DAYS)
    const options = { params: { from: dates[0]!, to: dates.at(-1)!, since }, ...(signal === undefined ? {} : { signal }) }
    const { from, to } = options.params
    const within = { ...options, params: { from, to } }
    const thresholds = await engine.frame(
      'select trade_date, ts_code, grain_class, threshold, method from fupan.big_trade_threshold where trade_date between {from:UInt32} and {to:UInt32}',
      within,
    )
    const daily = await engine.frame(
      'select trade_date, ts_code, amount_cny from fupan.dwd_daily where trade_date between {from:UInt32} and {to:UInt32} and is_bar_valid = 1',
      within,
    )
    const before = { ...options, params: { to, since: options.params.since } }
    const quoted = new Map<TradeDate, ReadonlySet<string>>()
    for (const date of dates) quoted.set(date, await quotedStocks(engine, date))
    return new MicrostructureFacts({
      quoted,
      thresholds: new Map(
        eachRow(thresholds, (row, code, date) => [
          `${date} ${code} ${labelAt(labels(thresholds, 'grain_class'), row)}`,
          { threshold: numbers(thresholds, 'threshold')[row]!, method: labelAt(labels(thresholds, 'method'), row) as BigTradeThreshold['method'] },
        ]),
      ),
      amount: new Map(eachRow(daily, (row, code, date) => [`${date} ${code}`, numbers(daily, 'amount_cny')[row]!])),
      volume: await seriesOf(
        engine.frames(
          'select ts_code, trade_date, vol_shares as value from fupan.dwd_daily where trade_date between {since:UInt32} and {to:UInt32} and is_bar_valid = 1',
          before,
        ),
      ),
      factor: await seriesOf(
        engine.frames(
          'select ts_code, trade_date, adj_factor as value from fupan.dwd_adj_factor where trade_date between {since:UInt32} and {to:UInt32}',
          before,
        ),
      ),
    })
  }

  /** Stocks with a recorded book on the day. */
  quotedOn(date: TradeDate): ReadonlySet<string> {
    return this.#quoted.get(date)!
  }

  thresholdOf(code: Code, date: TradeDate, grainClass: GrainClass): BigTradeThreshold {
    return this.#thresholds.get(`${date} ${code} ${grainClass}`) ?? UNSAMPLED
  }

  /** CNY; NaN without a valid bar. */
  dailyAmount(code: Code, date: TradeDate): number {
    return this.#amount.get(`${date} ${code}`) ?? NaN
  }

  /** The mean daily volume of the 20 trading days before, in shares of the day's scale, summed in the order of the days; NaN without any. */
  meanVolume(code: Code, date: TradeDate): number {
    const series = this.#volume.get(code)
    if (series === undefined) return NaN
    const ratioOn = this.#scaleOf(code, date)
    const since = aShareCalendar.back(date, HISTORY_DAYS)
    let [sum, days] = [0, 0]
    for (let i = 0; i < series.value.length; i++) {
      if (series.date[i]! < since || series.date[i]! >= date) continue
      sum += series.value[i]! / ratioOn(series.date[i]!)
      days++
    }
    return days === 0 ? NaN : sum / days
  }

  /** The traded minutes of the 20 trading days before, in the price scale of the day: an ex-date between them is neither a price change nor a volume. */
  historyOf(code: Code, date: TradeDate, minutes: StockMinutes | undefined): BulkBars {
    if (minutes === undefined) return NOTHING
    const since = aShareCalendar.back(date, HISTORY_DAYS)
    const days = minutes.days.filter((day) => day.date >= since && day.date < date)
    if (days.length === 0) return NOTHING
    const [from, to] = [days[0]!.from, days.at(-1)!.to]
    const ratioOn = this.#scaleOf(code, date)
    const isScaled = days.some((day) => ratioOn(day.date) !== 1)
    if (!isScaled) return { priceChange: minutes.priceChange.subarray(from, to), volume: minutes.volume.subarray(from, to) }
    const bars = { priceChange: minutes.priceChange.slice(from, to), volume: minutes.volume.slice(from, to) }
    for (const day of days) {
      const ratio = ratioOn(day.date)
      for (let i = day.from - from; i < day.to - from; i++) {
        bars.priceChange[i]! *= ratio
        bars.volume[i]! /= ratio
      }
    }
    return bars
  }

  /** Price scale of a day before over that of the date: the last factor known in the window stands for the date. 1 where a factor is not known. */
  #scaleOf(code: Code, date: TradeDate): (day: number) => number {
    const series = this.#factor.get(code)
    const since = aShareCalendar.back(date, HISTORY_DAYS)
    const rows = series === undefined ? [] : Array.from(series.value, (_, i) => i).filter((i) => series.date[i]! >= since && series.date[i]! <= date)
    if (rows.length === 0) return () => 1
    const latest = series!.value[rows.at(-1)!]!
    const changed = rows.filter((i) => series!.value[i]! !== latest)
    if (changed.length === 0) return () => 1
    const ratios = new Map(changed.map((i) => [series!.date[i]!, series!.value[i]! / latest]))
    return (day) => {
      const ratio = ratios.get(day) ?? 1
      return ratio > 0 ? ratio : 1
    }
  }
}

/** The traded minutes of a stock on many days, day after day. */
export interface StockMinutes {
  readonly days: readonly { readonly date: number; readonly from: number; readonly to: number }[]
  readonly priceChange: Float64Array
  readonly volume: Float64Array
}

/** The traded minutes of some stocks, neighbours in code order, on the 20 trading days before each of the dates. */
export async function readMinutes(
  engine: Engine,
  dates: readonly TradeDate[],
  codes: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, StockMinutes>> {
  const since = aShareCalendar.back(dates[0]!, HISTORY_DAYS)
  const stocks = await gatherStocks(
    engine.frames(
      `select ts_code, toFloat64(trade_date) * 1000 + minute_no as moment, toFloat64(price_change) as price_change, volume
       from fupan.dws_minute_bar where trade_date >= {since:UInt32} and trade_date < {to:UInt32} and ts_code between {first:String} and {last:String} and ts_code in {codes:Array(String)}`,
      { params: { since, to: dates.at(-1)!, first: codes[0]!, last: codes.at(-1)!, codes }, settings: ONE_THREAD, ...(signal === undefined ? {} : { signal }) },
    ),
    'moment',
  )
  return new Map(
    stocks.map(({ code, frame }) => [
      code,
      { days: daysOf(numbers(frame, 'moment')), priceChange: numbers(frame, 'price_change') as Float64Array, volume: numbers(frame, 'volume') as Float64Array },
    ]),
  )
}

function daysOf(moment: ArrayLike<number>): StockMinutes['days'] {
  const days: { date: number; from: number; to: number }[] = []
  for (let row = 0; row < moment.length; row++) {
    const date = Math.floor(moment[row]! / 1000)
    const open = days.at(-1)
    if (open?.date === date) open.to = row + 1
    else days.push({ date, from: row, to: row + 1 })
  }
  return days
}

async function seriesOf(blocks: AsyncIterable<Frame>): Promise<ReadonlyMap<string, Series>> {
  const stocks = await gatherStocks(blocks)
  return new Map(stocks.map(({ code, frame }) => [code, { date: numbers(frame, 'trade_date'), value: numbers(frame, 'value') as Float64Array }]))
}
