import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { GrainClass } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { bigTradeThreshold } from '#micro/big-trade-threshold.ts'
import { reactionScale } from '#micro/level-reaction.ts'
import type { PriceLevel } from '#micro/price-level.ts'
import { firstAtLeast } from '#numeric/first-place.ts'
import { eachRow } from './each-row.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'
import { gatherStocks } from './gather-stocks.ts'
import { meanAmount, MEAN_DAYS } from './mean-amounts.ts'
import { LevelBook } from './read-price-levels.ts'

/** Market days back to which the amount of the day a flip broke out may lie. */
const BREAK_DAYS = 62

const UNSAMPLED = bigTradeThreshold({ p90: NaN, p95: NaN, days: 0, trades: 0, dailyBars: 0, meanAmount: NaN })

interface Bars {
  readonly date: ArrayLike<number>
  readonly high: Float64Array
  readonly low: Float64Array
  readonly reference: Float64Array
  readonly amount: Float64Array
  readonly factor: Float64Array
}

/** What the tests of one stock on one day need besides its records. CNY; NaN = not known. */
export interface StockFacts {
  readonly levels: readonly PriceLevel[]
  /** The day the levels were calculated on. */
  readonly levelsOf: TradeDate
  /** The ex-rights reference price of the day. */
  readonly previousClose: number
  /** adv. */
  readonly meanAmount: number
  /** r_ref. */
  readonly reactionScale: number
  thresholdOf(grainClass: GrainClass): number
  amountOn(date: TradeDate): number
}

/** What level tests need of some dates, for every stock: read once for all of them. */
export class LevelFacts {
  readonly #book: LevelBook
  readonly #bars: ReadonlyMap<string, Bars>
  readonly #thresholds: ReadonlyMap<string, number>
  readonly #halfHours: ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>

  private constructor(
    book: LevelBook,
    bars: ReadonlyMap<string, Bars>,
    thresholds: ReadonlyMap<string, number>,
    halfHours: ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>,
  ) {
    this.#book = book
    this.#bars = bars
    this.#thresholds = thresholds
    this.#halfHours = halfHours
  }

  static async read(
    engine: Engine,
    dates: readonly TradeDate[],
    codes: readonly string[] | undefined,
    options: Pick<QueryOptions, 'signal'>,
  ): Promise<LevelFacts> {
    const [from, to] = [dates[0]!, dates.at(-1)!]
    const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
    const within = (days: number) => ({ ...options, params: { from: aShareCalendar.back(from, days), to, ...(codes === undefined ? {} : { codes }) } })
    const book = await LevelBook.read(engine, { from, to, codes }, options)
    const bars = await gatherStocks(
      engine.frames(
        `select d.ts_code as ts_code, d.trade_date as trade_date, high, low, ifNull(pre_close, nan) as reference, amount_cny as amount, ifNull(f.adj_factor, nan) as factor
         from fupan.dwd_daily as d
         left join (select ts_code, trade_date, adj_factor from fupan.dwd_adj_factor where trade_date between {from:UInt32} and {to:UInt32}${only}) as f
           on f.ts_code = d.ts_code and f.trade_date = d.trade_date
         where d.trade_date between {from:UInt32} and {to:UInt32} and is_bar_valid = 1${only.replace('ts_code', 'd.ts_code')}`,
        within(BREAK_DAYS),
      ),
    )
    const thresholds = await engine.frame(
      `select trade_date, ts_code, grain_class, threshold from fupan.big_trade_threshold where trade_date between {from:UInt32} and {to:UInt32}${only}`,
      within(0),
    )
    const halfHours = await engine.frame(
      `select trade_date, ts_code, ifNull(half_hour_returns, '[]') as half_hour_returns from fupan.stock_microstructure_daily where trade_date between {from:UInt32} and {to:UInt32}${only}`,
      within(MEAN_DAYS),
    )
    const grain = labels(thresholds, 'grain_class')
    return new LevelFacts(
      book,
      new Map(
        bars.map(({ code, frame }) => {
          const column = (name: string) => numbers(frame, name) as Float64Array
          const [high, low, reference, amount, factor] = ['high', 'low', 'reference', 'amount', 'factor'].map(column) as [
            Column,
            Column,
            Column,
            Column,
            Column,
          ]
          return [code, { date: numbers(frame, 'trade_date'), high, low, reference, amount, factor }]
        }),
      ),
      new Map(eachRow(thresholds, (row, code, date) => [`${date} ${code} ${labelAt(grain, row)}`, numbers(thresholds, 'threshold')[row]!])),
      halfHoursOf(halfHours),
    )
  }

  /** The stocks whose range of the day, widened by a margin, holds one of their levels; with `wanted` only those. A stock without a daily bar counts as near. */
  stocksNearLevels(date: TradeDate, margin: number, wanted: readonly string[] | undefined): readonly string[] {
    const names = wanted ?? [...this.#book.codes()].toSorted()
    return names.filter((code) => this.#near(code as Code, date, margin) !== undefined)
  }

  /** The facts of a stock on a day with the levels near its range; absent when there are none. */
  of(code: Code, date: TradeDate, margin: number): StockFacts | undefined {
    const near = this.#near(code, date, margin)
    if (near === undefined) return undefined
    const bars = this.#bars.get(code)
    return {
      ...near,
      meanAmount: bars === undefined ? NaN : meanAmount(bars, date),
      reactionScale: reactionScale(Float64Array.from(this.#returnsOf(code, aShareCalendar.back(date, MEAN_DAYS), date))),
      thresholdOf: (grainClass) => this.#thresholds.get(`${date} ${code} ${grainClass}`) ?? UNSAMPLED.threshold,
      amountOn: (day) => bars?.amount[rowOf(bars, day)] ?? NaN,
    }
  }

  #near(code: Code, date: TradeDate, margin: number): Pick<StockFacts, 'levels' | 'levelsOf' | 'previousClose'> | undefined {
    const bars = this.#bars.get(code)
    const row = rowOf(bars, date)
    const known = this.#book.lastBefore(code, date, bars?.factor[row] ?? NaN)
    if (known === undefined) return undefined
    const [low, high] = row >= 0 ? [bars!.low[row]! * 1000 * (1 - margin), bars!.high[row]! * 1000 * (1 + margin)] : [0, Infinity]
    const levels = known.levels.filter(({ price }) => price >= low && price <= high)
    return levels.length === 0 ? undefined : { levels, levelsOf: known.date, previousClose: bars?.reference[row] ?? NaN }
  }

  #returnsOf(code: Code, from: TradeDate, date: TradeDate): readonly number[] {
    const days = this.#halfHours.get(code)
    return days === undefined ? [] : [...days].filter(([day]) => day >= from && day < date).flatMap(([, returns]) => returns)
  }
}

type Column = Float64Array

/** The row of a day; -1 when the stock has no bar on it. */
function rowOf(bars: Bars | undefined, date: number): number {
  if (bars === undefined) return -1
  const row = firstAtLeast(bars.date, date)
  return bars.date[row] === date ? row : -1
}

function halfHoursOf(frame: Frame): ReadonlyMap<string, ReadonlyMap<number, readonly number[]>> {
  const texts = labels(frame, 'half_hour_returns')
  const stocks = new Map<string, Map<number, readonly number[]>>()
  for (const [row, code, date] of eachRow(frame, (...one) => one))
    stocks.getOrInsertComputed(code, () => new Map()).set(date, JSON.parse(labelAt(texts, row)!) as number[])
  // In the order of the days, so that the standard deviation does not depend on how the rows came.
  return new Map([...stocks].map(([code, days]) => [code, new Map([...days].toSorted(([a], [b]) => a - b))]))
}
