import type { Board, Code, Exchange } from '#core/code.ts'
import { dateOfDayNumber, dayNumber, tradeDate, weekday, type TradeDate } from '#core/trade-date.ts'
import { exp } from '#numeric/fmath.ts'
import { AREAS, drawSector, inventedName, SECTORS } from './invented-name.ts'
import { Stream } from './keyed-stream.ts'
import { STATUS } from './listing-status.ts'

/** One simulated company: what is drawn once (spec simulator §3.2). Prices in whole 厘, rates as fractions, shares at the world's start or the listing. */
export interface Stock {
  readonly code: Code
  readonly name: string
  readonly board: Board
  readonly exchange: Exchange
  /** Index of `SECTORS`. */
  readonly sector: number
  readonly industry: string
  readonly area: string
  readonly listDate: TradeDate
  /** Index of the list date among the world's open dates; negative (about the open days since) when listed before the world begins. */
  readonly listDay: number
  /** Issue price for a stock that lists inside the world, else the close before its first day. */
  readonly initialPrice: number
  readonly totalShares: number
  readonly floatRatio: number
  /** Share of the float not held by long-term owners. */
  readonly freeRatio: number
  readonly beta: number
  readonly gamma: number
  /** Own annual volatility before multipliers. */
  readonly sigma: number
  /** Usual daily turnover as a fraction of the float. */
  readonly turnover: number
  /** Smallest step of a traded volume: 100 shares, 1 on STAR and BSE. */
  readonly lot: number
}

/** 20 stocks of a row: 60 % main board (half SH, half SZ), 20 % ChiNext, 15 % STAR, 5 % BSE. */
const BOARD_CYCLE: readonly (readonly [Board, Exchange])[] =
  'main.SH main.SZ chinext.SZ main.SH main.SZ star.SH main.SH main.SZ chinext.SZ main.SH main.SZ star.SH main.SH main.SZ chinext.SZ main.SH main.SZ star.SH chinext.SZ bse.BJ'
    .split(' ')
    .map((pair) => pair.split('.') as [Board, Exchange])

const CODE_RANGES: Readonly<Record<string, readonly number[]>> = {
  'main.SH': [600_000, 601_000, 603_000, 605_000],
  'main.SZ': [1, 1000, 2000, 3000],
  'chinext.SZ': [300_000, 301_000],
  'star.SH': [688_000],
  'bse.BJ': [920_000],
}

/** First trading day of each board; a stock cannot be older. */
const BOARD_OPENED: Readonly<Record<Board, TradeDate>> = {
  main: tradeDate(19901219),
  chinext: tradeDate(20091030),
  star: tradeDate(20190722),
  bse: tradeDate(20211115),
}

/** Share of stocks that wait to list when the world begins, and the chance of each open day: together 0.25 listings a day among 5,000 (spec simulator §3.3). */
const WAITING_SHARE = 0.06
const LISTING_RATE = 0.25 / 5000 / WAITING_SHARE

/** Open days per calendar day: dates before the world begins are counted with it. */
const OPEN_DAY_SHARE = 243 / 365

/** ln 14 and ln 6e8. */
const LOG_PRICE = 2.6390573296152584
const LOG_SHARES = 20.21244

/** The stock with this ordinal: board and code follow from the ordinal, the rest from a stream named after the code. `undefined` = not listed yet. */
export function drawStock(seed: number, ordinal: number, dates: readonly TradeDate[]): Stock | undefined {
  const [board, exchange] = BOARD_CYCLE[ordinal % 20]!
  const code = codeOf(ordinal, board, exchange)
  const stream = new Stream(seed, 'world', code)
  const sector = drawSector(stream)
  const totalShares = Math.round(exp(LOG_SHARES + 0.9 * stream.normal()) / 10_000) * 10_000
  const floatRatio = 0.25 + 0.7 * stream.next()
  const drawn = {
    code,
    name: inventedName(ordinal, sector),
    board,
    exchange,
    sector,
    industry: SECTORS[sector]!.name,
    area: AREAS[stream.integer(0, AREAS.length - 1)]!,
    initialPrice: 10 * Math.round(100 * clamp(exp(LOG_PRICE + 0.8 * stream.normal()), 2, 300)),
    totalShares,
    floatRatio,
    freeRatio: 0.5 + 0.45 * stream.next(),
    beta: clamp(1 + 0.22 * stream.normal(), 0.4, 1.7),
    gamma: clamp(1 + 0.3 * stream.normal(), 0.2, 1.8),
    sigma: 0.152 * exp(0.22 * stream.normal()),
    turnover: 0.015 * exp(0.6 * stream.normal()),
    lot: board === 'star' || board === 'bse' ? 1 : 100,
  }
  const listing = drawListing(stream, board, dates)
  return listing.listDay < dates.length ? { ...drawn, ...listing } : undefined
}

/**
 * 证券简称 as shown on a day: ST or *ST in front under a risk warning, 退 behind in the delisting period, N on the first day and C on days 2 to 5
 * of a listing (`listedDays` = 1 on the first).
 */
export function nameUnder(stock: Stock, status: number, listedDays = 100): string {
  if (status === STATUS.st) return `ST${stock.name.slice(0, 2)}`
  if (status === STATUS.starSt) return `*ST${stock.name.slice(0, 2)}`
  if (status === STATUS.delisting || status === STATUS.delisted) return `${stock.name.slice(0, 2)}退`
  return listedDays === 1 ? `N${stock.name}` : listedDays > 1 && listedDays <= 5 ? `C${stock.name}` : stock.name
}

function codeOf(ordinal: number, board: Board, exchange: Exchange): Code {
  const ranges = CODE_RANGES[`${board}.${exchange}`]!
  const within = BOARD_CYCLE.slice(0, ordinal % 20).filter(([b, e]) => b === board && e === exchange).length
  const perRound = BOARD_CYCLE.filter(([b, e]) => b === board && e === exchange).length
  const k = Math.floor(ordinal / 20) * perRound + within
  return `${String(ranges[k % ranges.length]! + Math.floor(k / ranges.length)).padStart(6, '0')}.${exchange}` as Code
}

function drawListing(stream: Stream, board: Board, dates: readonly TradeDate[]): { listDate: TradeDate; listDay: number } {
  const isNew = stream.next() < WAITING_SHARE
  const newDay = 5 + Math.floor(stream.exponential() / LISTING_RATE)
  const age = stream.next()
  const first = dayNumber(dates[0]!)
  const opened = dayNumber(BOARD_OPENED[board])
  const earliest = Math.max(opened, first - 20 * 365)
  if (!isNew && earliest < first - 30) {
    // At least a month before the world begins, on a weekday.
    const day = Math.floor(earliest + age * (first - 30 - earliest))
    const listDate = dateOfDayNumber(day - Math.max(0, weekday(dateOfDayNumber(day)) - 5))
    return { listDate, listDay: -Math.ceil((first - day) * OPEN_DAY_SHARE) }
  }
  // A board younger than the world brings its stocks after its first day.
  const boardDay = dates.findIndex((date) => date >= BOARD_OPENED[board])
  const listDay = boardDay < 0 ? dates.length : Math.max(newDay, boardDay)
  return { listDate: dates[Math.min(listDay, dates.length - 1)]!, listDay }
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x))
}
