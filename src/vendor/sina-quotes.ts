import { dateOf, formatClock, timeOfDay } from '#core/shanghai-time.ts'
import { formatDate } from '#core/trade-date.ts'
import { codeOfPrefixed, prefixedOf } from './symbols.ts'
import {
  badQuote,
  contradiction,
  levelsOf,
  numberOf,
  vendorInstant,
  type BadQuote,
  type QuoteLevel,
  type ReadQuotes,
  type VendorQuote,
} from './vendor-quote.ts'

/** Quotes of Sina's `var hq_str_sh600519="…";` lines, already decoded from GBK (spec intraday §4.4): volumes in shares. An empty line is an unknown symbol and gives nothing. */
export function readSinaQuotes(text: string): ReadQuotes {
  const quotes: VendorQuote[] = []
  const bad: BadQuote[] = []
  for (const match of text.matchAll(/hq_str_(\w+)="([^"]*)"/g)) {
    if (match[2] === '') continue
    const read = readLine(match[1]!, match[2]!.split(','))
    if (typeof read === 'string') bad.push(badQuote(read, match[0]))
    else quotes.push(read)
  }
  return { quotes, bad }
}

function readLine(symbol: string, fields: readonly string[]): VendorQuote | string {
  const code = codeOfPrefixed(symbol)
  if (code === undefined) return 'the symbol is none'
  if (fields.length < 32) return `a line has at least 32 fields, found ${fields.length}`
  const at = vendorInstant(fields[30]!, fields[31]!)
  if (Number.isNaN(at)) return 'fields 30 and 31 are not a time'
  const field = (index: number) => numberOf(fields[index])
  const quote: VendorQuote = {
    code,
    name: fields[0]!,
    at,
    open: field(1),
    prevClose: field(2),
    last: field(3),
    high: field(4),
    low: field(5),
    volume: field(8),
    amount: field(9),
    bids: levelsOf(fields.slice(10, 20), 1, false),
    asks: levelsOf(fields.slice(20, 30), 1, false),
    limitUp: NaN,
    limitDown: NaN,
    outerVolume: NaN,
    innerVolume: NaN,
    totalShares: NaN,
    floatShares: NaN,
  }
  return contradiction(quote) ?? quote
}

/** One quote as Sina writes it. Before the first trade the prices of the day are 0. */
export function sinaLine(quote: VendorQuote): string {
  const price = (value: number) => value.toFixed(3)
  const side = (levels: readonly QuoteLevel[]) =>
    Array.from({ length: 5 }, (_, k) => [String(Math.round(levels[k]?.volume ?? 0)), price(levels[k]?.price ?? 0)]).flat()
  const { open, prevClose, last, high, low, bids, asks, at } = quote
  const fields = [
    quote.name,
    ...[open, prevClose, last, high, low, bids[0]?.price ?? 0, asks[0]?.price ?? 0].map(price),
    String(Math.round(quote.volume)),
    price(quote.amount),
    ...side(bids),
    ...side(asks),
    formatDate(dateOf(at)),
    formatClock(timeOfDay(at)),
    '00',
  ]
  return `var hq_str_${prefixedOf(quote.code)}="${fields.join(',')}";`
}
