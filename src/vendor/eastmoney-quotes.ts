import type { EpochMs } from '#core/trade-date.ts'
import { codeOfMarket } from './symbols.ts'
import { badQuote, contradiction, levelsOf, numberOf, type BadQuote, type QuoteLevel, type ReadQuotes, type VendorQuote } from './vendor-quote.ts'

/** A JSON object of unknown shape. */
type Loose = Readonly<Record<string, unknown>>

/** The `data` of an Eastmoney answer, JSONP wrapper taken off; nothing when the answer says there is none. Throws SyntaxError on what is no JSON. */
export function eastmoneyData(text: string): Loose | undefined {
  const isWrapped = /^[\s;]*[\w$.]+\(/.test(text)
  const body = JSON.parse(isWrapped ? text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')) : text) as Loose
  return body['rc'] === 0 || body['rc'] === undefined ? ((body['data'] as Loose | null) ?? undefined) : undefined
}

/**
 * Quotes of `clist/get` and `ulist.np/get` (field codes of spec intraday §4.1). `isDecimal`: asked with fltt=2; else prices are whole numbers scaled by 10^f1. Rows without a
 * previous close or market are given back as bad.
 */
export function readEastmoneyList(text: string, isDecimal: boolean): ReadQuotes & { readonly total: number } {
  const data = eastmoneyData(text)
  const quotes: VendorQuote[] = []
  const bad: BadQuote[] = []
  for (const row of Object.values((data?.['diff'] as readonly Loose[] | undefined) ?? [])) {
    const read = readListRow(row, isDecimal)
    if (typeof read === 'string') bad.push(badQuote(read, JSON.stringify(row)))
    else quotes.push(read)
  }
  return { quotes, bad, total: numberOf(data?.['total']) }
}

function readListRow(row: Loose, isDecimal: boolean): VendorQuote | string {
  const code = codeOfMarket(numberOf(row['f13']), String(row['f12']))
  if (code === undefined) return 'the code is none of a stock'
  const scale = isDecimal ? 1 : 10 ** -numberOf(row['f1'])
  const price = (name: string) => numberOf(row[name]) * scale
  const volume = orZero(numberOf(row['f5'])) * 100
  const quote: VendorQuote = {
    code,
    name: String(row['f14']),
    at: (numberOf(row['f124']) * 1000 || 0) as EpochMs,
    last: volume > 0 ? price('f2') : 0,
    prevClose: price('f18'),
    open: orZero(price('f17')),
    high: orZero(price('f15')),
    low: orZero(price('f16')),
    volume,
    amount: orZero(numberOf(row['f6'])),
    bids: levelsOf([price('f31'), NaN], 100),
    asks: levelsOf([price('f32'), NaN], 100),
    limitUp: NaN,
    limitDown: NaN,
    outerVolume: numberOf(row['f34']) * 100,
    innerVolume: numberOf(row['f35']) * 100,
    totalShares: NaN,
    floatShares: NaN,
  }
  return contradiction(quote) ?? quote
}

/** Levels one to five of `stock/get`: price and lots. */
const BIDS = ['f19', 'f20', 'f17', 'f18', 'f15', 'f16', 'f13', 'f14', 'f11', 'f12'] as const
const ASKS = ['f39', 'f40', 'f37', 'f38', 'f35', 'f36', 'f33', 'f34', 'f31', 'f32'] as const

/** The quote of `stock/get` with fltt=2: the same code letters mean other things than in lists. `market` is that of the secid asked for. */
export function readEastmoneyStock(text: string, market: number): ReadQuotes {
  const row = eastmoneyData(text)
  if (row === undefined) return { quotes: [], bad: [badQuote('the answer holds no data', text)] }
  const code = codeOfMarket(market, String(row['f57']))
  if (code === undefined) return { quotes: [], bad: [badQuote('the code is none of a stock', text)] }
  const number = (name: string) => numberOf(row[name])
  const volume = orZero(number('f47')) * 100
  const fields = (names: readonly string[]) => names.map((name) => row[name])
  const quote: VendorQuote = {
    code,
    name: String(row['f58']),
    at: (number('f86') * 1000 || 0) as EpochMs,
    last: volume > 0 ? number('f43') : 0,
    prevClose: number('f60'),
    open: orZero(number('f46')),
    high: orZero(number('f44')),
    low: orZero(number('f45')),
    volume,
    amount: orZero(number('f48')),
    bids: levelsOf(fields(BIDS), 100),
    asks: levelsOf(fields(ASKS), 100),
    limitUp: number('f51'),
    limitDown: number('f52'),
    outerVolume: number('f49') * 100,
    innerVolume: number('f161') * 100,
    totalShares: number('f84'),
    floatShares: number('f85'),
  }
  const why = contradiction(quote)
  return why === undefined ? { quotes: [quote], bad: [] } : { quotes: [], bad: [badQuote(why, text)] }
}

/** One bar of `kline/get` or `trends2/get`: shares and CNY. `time` is the vendor's text: a date, or a date and the end of the minute. */
export interface VendorBar {
  readonly time: string
  readonly open: number
  readonly close: number
  readonly high: number
  readonly low: number
  readonly volume: number
  readonly amount: number
}

/** Rows `time,open,close,high,low,lots,amount,…`: `klines` of `kline/get` (fields2 from f51 on), `trends` of `trends2/get`. Rows with a missing number are left out. */
export function readEastmoneyBars(text: string, list: 'klines' | 'trends'): readonly VendorBar[] {
  const rows = (eastmoneyData(text)?.[list] as readonly string[] | undefined) ?? []
  return rows.flatMap((row) => {
    const [time, ...cells] = row.split(',')
    const [open, close, high, low, lots, amount] = cells.map(numberOf)
    return [open, close, high, low, lots, amount].every((value) => value !== undefined && !Number.isNaN(value))
      ? [{ time: time!, open: open!, close: close!, high: high!, low: low!, volume: lots! * 100, amount: amount! }]
      : []
  })
}

/** One record of `details/get`: clock, CNY, shares, trades, +1 active buy, -1 active sell, 0 neither. */
export interface VendorTrade {
  readonly clock: string
  readonly price: number
  readonly volume: number
  readonly trades: number
  readonly side: number
}

const SIDES: Readonly<Record<string, number>> = { 1: -1, 2: 1, 4: 0 }

/** Rows `HH:MM:SS,price,lots,trades,dir` of `details/get`. A direction that was not asked for is 0. */
export function readEastmoneyTrades(text: string): readonly VendorTrade[] {
  const rows = (eastmoneyData(text)?.['details'] as readonly string[] | undefined) ?? []
  return rows.flatMap((row) => {
    const [clock, price, lots, trades, direction = '4'] = row.split(',')
    const side = SIDES[direction]
    return clock !== undefined && /^\d\d:\d\d:\d\d$/.test(clock) && numberOf(price) > 0 && side !== undefined
      ? [{ clock, price: numberOf(price), volume: numberOf(lots) * 100, trades: numberOf(trades), side }]
      : []
  })
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value
}

/** What a list row says of a quote, under every code this server knows; numbers in the vendor's units, "-" where there is none. */
export function eastmoneyListRow(quote: VendorQuote): Loose {
  const { last, prevClose, high, low, volume, amount, floatShares, totalShares } = quote
  const shown = last > 0 ? last : undefined
  const part = (value: number | undefined, digits = 2) => (value === undefined || Number.isNaN(value) ? '-' : Number(value.toFixed(digits)))
  const traded = (value: number) => (shown === undefined ? '-' : part(value))
  const change = shown === undefined ? undefined : shown - prevClose
  return {
    f1: 2,
    f2: part(shown),
    f3: part(change === undefined ? undefined : (100 * change) / prevClose),
    f4: part(change),
    f5: shown === undefined ? '-' : Math.round(volume / 100),
    f6: shown === undefined ? '-' : amount,
    f7: traded((100 * (high - low)) / prevClose),
    f8: traded((100 * volume) / floatShares),
    f12: quote.code.slice(0, 6),
    f13: quote.code.endsWith('.SH') ? 1 : 0,
    f14: quote.name,
    f15: traded(high),
    f16: traded(low),
    f17: traded(quote.open),
    f18: part(prevClose),
    f20: part((shown ?? prevClose) * totalShares, 0),
    f21: part((shown ?? prevClose) * floatShares, 0),
    f31: part(quote.bids[0]?.price),
    f32: part(quote.asks[0]?.price),
    f34: Math.round(quote.outerVolume / 100),
    f35: Math.round(quote.innerVolume / 100),
    f124: Math.round(quote.at / 1000),
  }
}

/** What `stock/get` says of a quote. */
export function eastmoneyStockRow(quote: VendorQuote): Loose {
  const list = eastmoneyListRow(quote)
  const levels = (names: readonly string[], side: readonly QuoteLevel[]) =>
    names.map((name, k) => {
      const level = side[Math.floor(k / 2)]
      return [name, level === undefined ? '-' : k % 2 === 0 ? level.price : Math.round(level.volume / 100)] as const
    })
  const limit = (value: number) => (value > 0 ? value : '-')
  return {
    f43: list['f2'],
    f44: list['f15'],
    f45: list['f16'],
    f46: list['f17'],
    f47: list['f5'],
    f48: list['f6'],
    f49: list['f34'],
    f161: list['f35'],
    f51: limit(quote.limitUp),
    f52: limit(quote.limitDown),
    f57: list['f12'],
    f58: list['f14'],
    f59: 2,
    f60: list['f18'],
    f71: quote.volume > 0 ? Number((quote.amount / quote.volume).toFixed(2)) : '-',
    f84: Math.round(quote.totalShares),
    f85: Math.round(quote.floatShares),
    f86: list['f124'],
    f116: list['f20'],
    f117: list['f21'],
    f168: list['f8'],
    f169: list['f4'],
    f170: list['f3'],
    f171: list['f7'],
    ...Object.fromEntries([...levels(BIDS, quote.bids), ...levels(ASKS, quote.asks)]),
  }
}

/** Values asked for with fltt other than 2: prices and percentages as whole numbers, ×100. */
export function scaledRow(row: Loose, scaled: ReadonlySet<string>): Loose {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'number' && scaled.has(name) ? Math.round(value * 100) : value]))
}
