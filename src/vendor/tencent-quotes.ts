import { exchangeOf } from '#core/code.ts'
import { dateOf, formatClock, timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { codeOfPrefixed, prefixedOf } from './symbols.ts'
import {
  badQuote,
  contradiction,
  levelsOf,
  numberOf,
  sharesPerUnit,
  vendorInstant,
  type BadQuote,
  type QuoteLevel,
  type ReadQuotes,
  type VendorQuote,
} from './vendor-quote.ts'

/** The fewest fields a quote line has (spec intraday §4.2); what comes behind is optional. */
const FEWEST_FIELDS = 49

/**
 * Quotes of Tencent's `v_sh600519="1~…";` lines, already decoded from GBK (field positions of spec intraday §4.2). A line that contradicts itself — a shifted one does — is
 * given back as bad, the others stand. The line for unknown symbols gives nothing.
 */
export function readTencentQuotes(text: string): ReadQuotes {
  const quotes: VendorQuote[] = []
  const bad: BadQuote[] = []
  for (const match of text.matchAll(/v_(\w+)="([^"]*)"/g)) {
    if (match[1] === 'pv_none_match') continue
    const read = readLine(match[1]!, match[2]!.split('~'))
    if (typeof read === 'string') bad.push(badQuote(read, match[0]))
    else quotes.push(read)
  }
  return { quotes, bad }
}

function readLine(symbol: string, fields: readonly string[]): VendorQuote | string {
  const code = codeOfPrefixed(symbol)
  if (code === undefined) return 'the symbol is none'
  if (fields.length < FEWEST_FIELDS) return `a line has at least ${FEWEST_FIELDS} fields, found ${fields.length}`
  const field = (index: number) => numberOf(fields[index])
  const time = fields[30]!
  const at = vendorInstant(time.slice(0, 8), `${time.slice(8, 10)}:${time.slice(10, 12)}:${time.slice(12)}`)
  if (time.length !== 14 || Number.isNaN(at)) return 'field 30 is not a time'
  const [last, prevClose] = [field(3), field(4)]
  if (!(Math.abs(field(31) - (last - prevClose)) <= 0.0101)) return 'field 31 is not the change of the price'
  const [, , amount] = (fields[35] ?? '').split('/').map(Number)
  if (amount === undefined || Number.isNaN(amount)) return 'field 35 holds no turnover'
  const volume = field(6)
  // Index rows count in other units; they have no limits.
  const unit = volume === 0 || fields[61]?.trim() === 'ZS' ? 100 : sharesPerUnit(volume, amount, (field(33) + field(34)) / 2)
  if (Number.isNaN(unit)) return 'turnover, volume and price contradict each other'
  const limit = (index: number) => (field(index) > 0 ? field(index) : NaN)
  const quote: VendorQuote = {
    code,
    name: fields[1]!,
    at,
    last: volume > 0 ? last : 0,
    prevClose,
    open: field(5),
    high: field(33),
    low: field(34),
    volume: volume * unit,
    amount,
    bids: levelsOf(fields.slice(9, 19), 100),
    asks: levelsOf(fields.slice(19, 29), 100),
    limitUp: limit(47),
    limitDown: limit(48),
    outerVolume: field(7) * unit,
    innerVolume: field(8) * unit,
    totalShares: field(73),
    floatShares: field(72),
  }
  return contradiction(quote) ?? quote
}

/** YYYYMMDDHHMMSS in Shanghai. */
export function compactTime(at: EpochMs): string {
  return `${dateOf(at)}${formatClock(timeOfDay(at)).replaceAll(':', '')}`
}

const TYPES = { SH: '1', SZ: '51', BJ: '62' } as const

/** One quote as Tencent writes it: 88 fields, volumes in lots, of STAR stocks in shares with 100 in the last field. */
export function tencentLine(quote: VendorQuote): string {
  const { code, last, prevClose, volume, amount, bids, asks } = quote
  const isStar = code.startsWith('688') || code.startsWith('689')
  const unit = isStar ? 1 : 100
  const units = (shares: number) => String(Math.round(shares / unit))
  // Before the first trade the last price shown is the previous close.
  const shown = last > 0 ? last : prevClose
  const change = shown - prevClose
  const price = (value: number) => value.toFixed(2)
  const side = (levels: readonly QuoteLevel[]) =>
    Array.from({ length: 5 }, (_, k) => [price(levels[k]?.price ?? 0), String(Math.round((levels[k]?.volume ?? 0) / 100))]).flat()
  const lots = (levels: readonly QuoteLevel[]) => levels.slice(0, 5).reduce((sum, level) => sum + Math.round(level.volume / 100), 0)
  const [bidLots, askLots] = [lots(bids), lots(asks)]
  const wan = (value: number, digits: number) => (value / 1e4).toFixed(digits)
  const yi = (value: number) => (value / 1e8).toFixed(2)
  const fields: string[] = Array.from({ length: 88 }, () => '')
  const put = (index: number, ...values: readonly string[]) => {
    for (const [k, value] of values.entries()) fields[index + k] = value
  }
  put(0, TYPES[exchangeOf(code)], quote.name, code.slice(0, 6), price(shown), price(prevClose), price(quote.open), units(volume))
  put(7, units(quote.outerVolume), units(quote.innerVolume), ...side(bids), ...side(asks))
  put(30, compactTime(quote.at), change.toFixed(2), ((100 * change) / prevClose).toFixed(2), price(quote.high), price(quote.low))
  put(35, `${price(shown)}/${units(volume)}/${Math.round(amount)}`, units(volume), wan(amount, 0), ((100 * volume) / quote.floatShares).toFixed(2))
  put(41, price(quote.high), price(quote.low), ((100 * (quote.high - quote.low)) / prevClose).toFixed(2))
  put(44, yi(quote.floatShares * shown), yi(quote.totalShares * shown))
  put(47, ...[quote.limitUp, quote.limitDown].map((limit) => (limit > 0 ? price(limit) : '-1')))
  put(50, String(bidLots - askLots), price(volume > 0 ? amount / volume : shown))
  put(57, wan(amount, 4), '0.0000', '0')
  put(61, code.startsWith('30') ? 'GP-A-CYB' : isStar ? 'GP-A-KCB' : 'GP-A')
  put(
    72,
    String(Math.round(quote.floatShares)),
    String(Math.round(quote.totalShares)),
    bidLots + askLots > 0 ? ((100 * (bidLots - askLots)) / (bidLots + askLots)).toFixed(2) : '0.00',
  )
  put(82, 'CNY')
  put(87, isStar ? '100' : '')
  return `v_${prefixedOf(code)}="${fields.join('~')}";`
}
