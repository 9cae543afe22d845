import { exchangeOf, type Code } from '#core/code.ts'
import { numbers, type Frame } from '#core/frame.ts'
import { keepNewest } from '#core/keep-newest.ts'
import { MINUTE_SLOTS, sessionRulesOn, slotLabel } from '#core/session.ts'
import { clockTime, dateOf, instantOf, timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { bookPictures } from '#market/book-pictures.ts'
import { dailyBars, type DailyBars } from '#market/daily-bars.ts'
import { minuteBars, type MinuteBars } from '#market/minute-bars.ts'
import { nameUnder, type Stock } from '#market/stock.ts'
import { STATUS } from '#market/listing-status.ts'
import { tickDay } from '#market/tick-path.ts'
import type { World } from '#market/world.ts'
import type { QuoteLevel, VendorQuote } from './vendor-quote.ts'

/** Stock-days kept drawn: about 150 KB each with their books. */
const KEPT_DAYS = 500

/** Quotes begin to say something of a day from here on. */
const OPENS = clockTime('09:15')

/** One stock-day with all of its pictures; cut off at the asker's time. */
interface DrawnDay {
  readonly ticks: TickDay
  readonly book: Frame
  /** Sums up to and with each record. */
  readonly outer: Float64Array
  readonly inner: Float64Array
}

/**
 * 报价台: what the quote pages of a vendor can know of the simulated market at an instant, and nothing later. Days are drawn when they are first asked for and the most recent
 * of them kept.
 */
export class QuoteDesk {
  readonly world: World
  readonly #byCode: ReadonlyMap<string, Stock>
  readonly #bars = new Map<Stock, DailyBars>()
  readonly #days = new Map<string, DrawnDay | undefined>()

  constructor(world: World) {
    this.world = world
    this.#byCode = new Map(world.stocks.map((stock) => [stock.code, stock]))
  }

  /** The codes listed at the instant, ascending. */
  listed(at: EpochMs): readonly Code[] {
    const day = this.#dayAt(at)
    return this.world.stocks
      .filter((stock) => day !== undefined && day >= stock.listDay && this.barsOf(stock).status[day] !== STATUS.delisted)
      .map(({ code }) => code)
  }

  stock(code: string): Stock | undefined {
    return this.#byCode.get(code)
  }

  barsOf(stock: Stock): DailyBars {
    const bars = this.#bars.get(stock) ?? dailyBars(this.world, stock)
    this.#bars.set(stock, bars)
    return bars
  }

  /** The last open date that has begun at the instant; nothing before the world's first. */
  dateAt(at: EpochMs): TradeDate | undefined {
    const day = this.#dayAt(at)
    return day === undefined ? undefined : this.world.dates[day]
  }

  /** The picture at the instant, nothing for a stock that is not listed. Untraded so far: prices of the day are 0. */
  quote(code: string, at: EpochMs): VendorQuote | undefined {
    const [stock, day] = [this.stock(code), this.#dayAt(at)]
    if (stock === undefined || day === undefined || day < stock.listDay) return undefined
    const bars = this.barsOf(stock)
    if (bars.status[day] === STATUS.delisted) return undefined
    const date = this.world.dates[day]!
    const prevClose = bars.preClose[day]! > 0 ? bars.preClose[day]! : lastClose(bars, day)
    const drawn = this.#drawn(stock, day)
    const row = drawn === undefined ? -1 : lastRow(drawn.ticks.at, at)
    const shares = bars.totalShares[day]! || stock.totalShares
    const idle: VendorQuote = {
      code: stock.code,
      name: nameUnder(stock, bars.status[day]!, day - stock.listDay + 1),
      at: Math.min(at, instantOf(date, clockTime('15:00:03'))) as EpochMs,
      last: 0,
      prevClose: prevClose / 1000,
      open: 0,
      high: 0,
      low: 0,
      volume: 0,
      amount: 0,
      bids: [],
      asks: [],
      limitUp: bars.limitUp[day]! > 0 ? bars.limitUp[day]! / 1000 : NaN,
      limitDown: bars.limitDown[day]! > 0 ? bars.limitDown[day]! / 1000 : NaN,
      outerVolume: 0,
      innerVolume: 0,
      totalShares: shares,
      floatShares: shares * stock.floatRatio,
    }
    if (drawn === undefined || row < 0) return idle
    const { book, outer, inner } = drawn
    const field = (name: string) => numbers(book, name)[row]!
    return {
      ...idle,
      last: field('last') / 1000,
      open: field('open') / 1000,
      high: field('high') / 1000,
      low: field('low') / 1000,
      volume: field('cum_volume'),
      amount: field('cum_amount'),
      bids: levelsAt(book, 'bid', row),
      asks: levelsAt(book, 'ask', row),
      outerVolume: outer[row]!,
      innerVolume: inner[row]!,
    }
  }

  /** The records of the day so far. Nothing when the stock has none yet. */
  trades(code: string, at: EpochMs): { readonly ticks: TickDay; readonly length: number } | undefined {
    const [stock, day] = [this.stock(code), this.#dayAt(at)]
    const drawn = stock === undefined || day === undefined ? undefined : this.#drawn(stock, day)
    return drawn === undefined ? undefined : { ticks: drawn.ticks, length: lastRow(drawn.ticks.at, at) + 1 }
  }

  /** The minutes of a day that have ended by the instant: slots 0 … `slots` − 1. Nothing when the stock did not trade that day. */
  minutes(code: string, date: TradeDate, at: EpochMs): { readonly bars: MinuteBars; readonly slots: number } | undefined {
    const [stock, day] = [this.stock(code), this.world.dayOf.get(date)]
    const drawn = stock === undefined || day === undefined ? undefined : this.#drawn(stock, day)
    if (drawn === undefined) return undefined
    let slots = 0
    while (slots < MINUTE_SLOTS && instantOf(date, slotLabel(slots)) <= at) slots++
    const { code: own, board } = stock!
    return { bars: minuteBars(drawn.ticks, sessionRulesOn(date, exchangeOf(own), board)), slots }
  }

  /** The last day whose bar is complete at the instant: after 15:00. −1 when there is none. */
  lastDone(at: EpochMs): number {
    const day = this.#dayAt(at)
    if (day === undefined) return -1
    return at >= instantOf(this.world.dates[day]!, clockTime('15:00')) ? day : day - 1
  }

  #dayAt(at: EpochMs): number | undefined {
    const [date, { dates }] = [dateOf(at), this.world]
    const now = timeOfDay(at) >= OPENS ? date : date - 1
    let [low, high] = [0, dates.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (dates[middle]! <= now) low = middle + 1
      else high = middle
    }
    return low === 0 ? undefined : low - 1
  }

  #drawn(stock: Stock, day: number): DrawnDay | undefined {
    const key = `${stock.code} ${day}`
    if (this.#days.has(key)) return keepNewest(this.#days, key, this.#days.get(key), KEPT_DAYS)
    const bars = this.barsOf(stock)
    const ticks = tickDay(this.world, bars, day)
    const drawn = ticks === undefined ? undefined : { ticks, book: bookPictures(this.world, bars, ticks, 'simulator'), ...sides(ticks) }
    return keepNewest(this.#days, key, drawn, KEPT_DAYS)
  }
}

/** 外盘与内盘: volume of active buys and sells up to each record; what has no side is shared. */
function sides({ vendorSide, volume, length }: TickDay): { readonly outer: Float64Array; readonly inner: Float64Array } {
  const [outer, inner] = [new Float64Array(length), new Float64Array(length)]
  let [buys, sells] = [0, 0]
  for (let i = 0; i < length; i++) {
    const half = vendorSide[i] === 1 ? volume[i]! : vendorSide[i] === -1 ? 0 : Math.floor(volume[i]! / 200) * 100
    buys += half
    sells += volume[i]! - half
    outer[i] = buys
    inner[i] = sells
  }
  return { outer, inner }
}

function levelsAt(book: Frame, side: 'bid' | 'ask', row: number): QuoteLevel[] {
  const levels: QuoteLevel[] = []
  for (let level = 1; level <= 5; level++) {
    const price = numbers(book, `${side}${level}`)[row]!
    if (!(price > 0)) break
    levels.push({ price: price / 1000, volume: numbers(book, `${side}_volume${level}`)[row]! })
  }
  return levels
}

/** The last record not after the instant; −1 when there is none. */
function lastRow(times: Float64Array, at: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

function lastClose({ close, stock }: DailyBars, day: number): number {
  let at = day
  while (at >= 0 && close[at] === 0) at--
  return at < 0 ? stock.initialPrice : close[at]!
}
