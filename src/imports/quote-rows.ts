import { frameOf, takeRows, type Column, type Labels } from '#core/frame.ts'
import type { Decoded } from '#core/import-kind.ts'
import { byStockAndTime } from './by-stock-and-time.ts'
import { always, optionalNumbers, wholeMilli } from './cells.ts'
import type { Sieve } from './sieve.ts'

/** The columns of a file of book pictures. Prices in CNY, NaN = not given. */
export interface Quotes {
  readonly sieve: Sieve
  readonly source: string
  readonly code: Labels
  readonly date: Uint32Array
  readonly at: Float64Array
  /** Of the day so far; 0 or NaN = nothing traded yet. */
  readonly last: Float64Array
  readonly prevClose?: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly cumVolume: Float64Array
  readonly cumAmount: Float64Array
  readonly tradeCount?: Float64Array
  /** Cells of a level's column, 1-based; nothing when the file has no such level. */
  level(side: 'bid' | 'ask', what: 'price' | 'volume', depth: number): readonly string[] | undefined
}

/** Rows of ods_quote in time order, from 0 per stock and day. A price of 0 is unknown for last, open, high, low and an empty level in the book. */
export function quoteRows(quotes: Quotes): Decoded {
  const { sieve, code, date, at } = quotes
  const levels: Record<string, Float64Array> = {}
  for (const side of ['bid', 'ask'] as const) {
    for (let depth = 1; depth <= 10; depth++) {
      const [price, volume] = [quotes.level(side, 'price', depth), quotes.level(side, 'volume', depth)]
      if (price !== undefined) levels[`${side}${depth}`] = wholeMilli(optionalNumbers(price, sieve), price, sieve)
      if (volume !== undefined) levels[`${side}_volume${depth}`] = optionalNumbers(volume, sieve)
    }
  }
  const columns: Record<string, Column> = {
    trade_date: date,
    ts_code: code,
    at,
    last: traded(quotes.last, sieve),
    open: traded(quotes.open, sieve),
    high: traded(quotes.high, sieve),
    low: traded(quotes.low, sieve),
    cum_volume: quotes.cumVolume,
    cum_amount: quotes.cumAmount,
    ...(quotes.prevClose === undefined ? {} : { prev_close: traded(quotes.prevClose, sieve) }),
    ...(quotes.tradeCount === undefined ? {} : { trade_count: quotes.tradeCount }),
    ...levels,
  }
  const { rows, seq } = byStockAndTime(sieve.rows(), date, code, at)
  const stored = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, takeRows(column, rows)]))
  return { frames: [{ table: 'ods_quote', frame: frameOf({ ...stored, source: always(quotes.source, rows.length), seq }) }], rejected: sieve.rejections() }
}

function traded(price: Float64Array, sieve: Sieve): Float64Array {
  return wholeMilli(
    price.map((value) => (value > 0 ? value : NaN)),
    Array.from(price, String),
    sieve,
  )
}
