import type { Code } from '#core/code.ts'
import { LAST_SLOT, MINUTE_SLOTS, slotLabel } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { emptyBars } from '#numeric/fold-bars.ts'
import { fillMinutes, type TradedMinutes } from '#numeric/minute-bars.ts'
import type { LiveDay } from './forming-bars.ts'

/** The bar of one minute, CNY and shares. */
export interface Minute {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly amount: number
}

/** A stock among the minutes of many: its rows, and the slot of its first trade. */
export interface StockSpan {
  readonly code: string
  readonly start: number
  readonly end: number
  readonly firstTrade: number
}

/**
 * 当日分钟: the minutes of a whole session of a source that makes them beforehand, shown up to the minute that is over. One column per field over
 * stock × slot, 241 slots a stock: 36 bytes a minute, 43 MB for 5,000 stocks. Prices are kept in whole 厘.
 */
export class LiveMinutes {
  readonly date: TradeDate
  readonly codes: readonly Code[]
  /** The last minute slot that is over, −1 before the opening auction. */
  passed = -1
  /** The last minute slot up to which coarser bars of the session are stored, −1 before any. */
  foldedTo = -1
  readonly #place: ReadonlyMap<string, number>
  readonly #from: Int16Array
  readonly #open: Int32Array
  readonly #high: Int32Array
  readonly #low: Int32Array
  readonly #close: Int32Array
  readonly #volume: Float64Array
  readonly #amount: Float64Array
  /** Whole numbers below 2^24, NaN = not known. */
  readonly #trades: Float32Array
  readonly #previousClose: Float64Array

  constructor(date: TradeDate, codes: readonly Code[]) {
    const cells = MINUTE_SLOTS * codes.length
    this.date = date
    this.codes = codes
    this.#place = new Map(codes.map((code, k) => [code, k]))
    this.#from = new Int16Array(codes.length).fill(MINUTE_SLOTS)
    this.#open = new Int32Array(cells)
    this.#high = new Int32Array(cells)
    this.#low = new Int32Array(cells)
    this.#close = new Int32Array(cells)
    this.#volume = new Float64Array(cells)
    this.#amount = new Float64Array(cells)
    this.#trades = new Float32Array(cells)
    this.#previousClose = new Float64Array(codes.length).fill(NaN)
  }

  /** The minutes of the stock in place `k` in which it trades today, CNY; those without trades are filled in. A stock never set does not trade. */
  set(k: number, traded: TradedMinutes, previousClose: number): void {
    const { slot, ...bars } = fillMinutes(traded, previousClose, LAST_SLOT)
    const from = slot[0] ?? MINUTE_SLOTS
    const base = MINUTE_SLOTS * k + from
    this.#from[k] = from
    this.#previousClose[k] = previousClose
    for (let i = 0; i < slot.length; i++) {
      this.#open[base + i] = Math.round(bars.open[i]! * 1000)
      this.#high[base + i] = Math.round(bars.high[i]! * 1000)
      this.#low[base + i] = Math.round(bars.low[i]! * 1000)
      this.#close[base + i] = Math.round(bars.close[i]! * 1000)
    }
    this.#volume.set(bars.volume, base)
    this.#amount.set(bars.amount, base)
    this.#trades.set(bars.trades, base)
  }

  previousClose(k: number): number {
    return this.#previousClose[k]!
  }

  /** The bar of slot `slot` of the stock in place `k`; nothing before its first one. */
  minute(k: number, slot: number): Minute | undefined {
    if (slot < this.#from[k]!) return undefined
    const at = MINUTE_SLOTS * k + slot
    return {
      open: this.#open[at]! / 1000,
      high: this.#high[at]! / 1000,
      low: this.#low[at]! / 1000,
      close: this.#close[at]! / 1000,
      volume: this.#volume[at]!,
      amount: this.#amount[at]!,
    }
  }

  /** The day so far of the stock in place `k`, up to slot `slot`: one bar of what traded. Nothing before its first trade. */
  soFar(k: number, slot: number): Minute | undefined {
    const base = MINUTE_SLOTS * k
    let [open, high, low, close, volume, amount] = [0, 0, Infinity, 0, 0, 0]
    for (let at = base + this.#from[k]!; at <= base + slot; at++) {
      if (this.#volume[at] === 0) continue
      if (volume === 0) open = this.#open[at]!
      if (this.#high[at]! > high) high = this.#high[at]!
      if (this.#low[at]! < low) low = this.#low[at]!
      close = this.#close[at]!
      volume += this.#volume[at]!
      amount += this.#amount[at]!
    }
    if (volume === 0) return undefined
    return { open: open / 1000, high: high / 1000, low: low / 1000, close: close / 1000, volume, amount }
  }

  /** The minutes up to slot `passed` of those stocks that have traded by then, one stock after another. */
  together(codes: readonly string[], passed: number): { readonly bars: TradedMinutes; readonly stocks: readonly StockSpan[] } {
    const stocks: StockSpan[] = []
    let rows = 0
    for (const code of codes) {
      const k = this.#place.get(code)
      const firstTrade = k === undefined ? MINUTE_SLOTS : this.#firstTrade(k)
      if (firstTrade > passed) continue
      const start = rows
      rows += passed + 1 - this.#from[k!]!
      stocks.push({ code, start, end: rows, firstTrade })
    }
    const bars = { slot: new Int32Array(rows), ...emptyBars(rows) }
    for (const { code, start, end } of stocks) {
      const k = this.#place.get(code)!
      this.#copy(k, end - start, bars, start)
    }
    return { bars, stocks }
  }

  #firstTrade(k: number): number {
    const base = MINUTE_SLOTS * k
    for (let slot = this.#from[k]!; slot < MINUTE_SLOTS; slot++) if (this.#volume[base + slot]! > 0) return slot
    return MINUTE_SLOTS
  }

  /** The first minutes of the stock in place `k`, so many, to row `to` of some columns, in CNY. */
  #copy(k: number, length: number, bars: TradedMinutes, to: number): void {
    const from = this.#from[k]!
    const base = MINUTE_SLOTS * k + from
    for (let i = 0; i < length; i++) {
      bars.slot[to + i] = from + i
      bars.open[to + i] = this.#open[base + i]! / 1000
      bars.high[to + i] = this.#high[base + i]! / 1000
      bars.low[to + i] = this.#low[base + i]! / 1000
      bars.close[to + i] = this.#close[base + i]! / 1000
    }
    bars.volume.set(this.#volume.subarray(base, base + length), to)
    bars.amount.set(this.#amount.subarray(base, base + length), to)
    bars.trades.set(this.#trades.subarray(base, base + length), to)
  }

  /** The day of a stock up to the minute that is over; nothing for a stock that has not traded yet. */
  of(code: string): LiveDay | undefined {
    const k = this.#place.get(code)
    if (k === undefined) return undefined
    const from = this.#from[k]!
    const length = this.passed + 1 - from
    if (length <= 0) return undefined
    const bars = { slot: new Int32Array(length), ...emptyBars(length) }
    this.#copy(k, length, bars, 0)
    const last = from + bars.volume.findLastIndex((volume) => volume > 0)
    if (last < from) return undefined
    return {
      date: this.date,
      passed: this.passed,
      bars,
      at: (instantOf(this.date, 0) + slotLabel(last)) as EpochMs,
      bid1: NaN,
      ask1: NaN,
      previousClose: this.#previousClose[k]!,
    }
  }
}
