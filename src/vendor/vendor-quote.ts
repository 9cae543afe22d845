import type { Code } from '#core/code.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'

/** One step of a book: price in CNY, volume in shares. */
export interface QuoteLevel {
  readonly price: number
  readonly volume: number
}

/**
 * 快照: what a quote page of any vendor says about one stock (`RawSnapshot`, spec intraday §3.1), in CNY and shares. A price of 0 has no trade yet; NaN is a number the vendor does
 * not give. Fewer than five levels: the rest of that side is empty.
 */
export interface VendorQuote {
  readonly code: Code
  readonly name: string
  /** The vendor's own time; 0 when it gives none. */
  readonly at: EpochMs
  readonly last: number
  readonly prevClose: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly volume: number
  readonly amount: number
  readonly bids: readonly QuoteLevel[]
  readonly asks: readonly QuoteLevel[]
  /** NaN = none that day, or not given. */
  readonly limitUp: number
  readonly limitDown: number
  readonly outerVolume: number
  readonly innerVolume: number
  readonly totalShares: number
  readonly floatShares: number
}

/** A line or record that could not be read, with what stood there (at most 2 KB). */
export interface BadQuote {
  readonly why: string
  readonly found: string
}

export interface ReadQuotes {
  readonly quotes: readonly VendorQuote[]
  readonly bad: readonly BadQuote[]
}

export function badQuote(why: string, found: string): BadQuote {
  return { why, found: found.slice(0, 2048) }
}

/** A number of a vendor's text; NaN for what stands for a missing one. */
export function numberOf(text: unknown): number {
  if (typeof text === 'number') return text
  return typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN
}

/** Five levels from alternating prices and volumes; levels without a price are left out. */
export function levelsOf(fields: readonly unknown[], sharesPerUnit: number, isPriceFirst = true): QuoteLevel[] {
  const levels: QuoteLevel[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [price, volume] = [numberOf(fields[isPriceFirst ? i : i + 1]), numberOf(fields[isPriceFirst ? i + 1 : i])]
    if (price > 0) levels.push({ price, volume: volume * sharesPerUnit })
  }
  return levels
}

/** How many shares a vendor's unit of volume is, from turnover over volume times price: 100 (lots) or 1 (shares); NaN when it is neither. */
export function sharesPerUnit(volume: number, amount: number, price: number): number {
  const ratio = amount / volume / price
  return ratio > 70 && ratio < 140 ? 100 : ratio > 0.7 && ratio < 1.4 ? 1 : NaN
}

/** Whether a quote can be true by itself: the last price within the day's range once it has traded, and a level of the book not crossed. */
export function contradiction({ last, high, low, volume, bids, asks, prevClose }: VendorQuote): string | undefined {
  if (!(prevClose > 0)) return 'no previous close'
  if (!(volume >= 0)) return 'volume is not a number'
  if (volume > 0 && !(high >= last - 1e-6 && last >= low - 1e-6 && low > 0)) return 'the last price lies outside the range of the day'
  // In a closing call both sides show the matching price.
  if (bids[0] !== undefined && asks[0] !== undefined && bids[0].price > asks[0].price + 1e-6) return 'the book is crossed'
  return undefined
}

/** An instant from a vendor's date (YYYYMMDD or YYYY-MM-DD) and clock in Shanghai; NaN when they are none. */
export function vendorInstant(date: string, clock: string): EpochMs {
  try {
    return instantOf(tradeDate(date), clockTime(clock))
  } catch {
    // Expected: any text a vendor sends.
    return NaN as EpochMs
  }
}
