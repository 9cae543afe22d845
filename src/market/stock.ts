import type { Board, Code, Exchange } from '#core/code.ts'
import type { Rng } from '#core/rng.ts'
import { dateOfDayNumber, dayNumber, tradeDate, weekday, type TradeDate } from '#core/trade-date.ts'
import { AREAS, drawSector, inventedName, SECTORS } from './invented-name.ts'

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
  /** First day of the risk warning (ST), absent when there is none. */
  readonly riskWarningFrom: TradeDate | undefined
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

/** Share of stocks that list while the world runs, spread over its first three years. */
const NEW_LISTING_SHARE = 0.06
const RISK_WARNING_SHARE = 0.03

/** Open days per calendar day: dates before the world begins are counted with it. */
const OPEN_DAY_SHARE = 243 / 365

/** The stock with this ordinal: board and code follow from the ordinal, the rest from a generator named after the code. `undefined` = not listed yet. */
export function drawStock(world: Rng, ordinal: number, dates: readonly TradeDate[]): Stock | undefined {
  const [board, exchange] = BOARD_CYCLE[ordinal % 20]!
  const code = codeOf(ordinal, board, exchange)
  const rng = world.fork(`world/${code}`)
  const sector = drawSector(rng)
  const totalShares = Math.round(Math.exp(Math.log(6e8) + 0.9 * rng.normal()) / 10_000) * 10_000
  const floatRatio = 0.25 + 0.7 * rng.next()
  const drawn = {
    code,
    name: inventedName(ordinal, sector),
    board,
    exchange,
    sector,
    industry: SECTORS[sector]!.name,
    area: AREAS[rng.integer(0, AREAS.length - 1)]!,
    initialPrice: 10 * Math.round(100 * clamp(Math.exp(Math.log(14) + 0.8 * rng.normal()), 2, 300)),
    totalShares,
    floatRatio,
    freeRatio: 0.5 + 0.45 * rng.next(),
    beta: clamp(1 + 0.22 * rng.normal(), 0.4, 1.7),
    gamma: clamp(1 + 0.3 * rng.normal(), 0.2, 1.8),
    sigma: 0.215 * Math.exp(0.22 * rng.normal()),
    turnover: 0.015 * Math.exp(0.6 * rng.normal()),
    lot: board === 'star' || board === 'bse' ? 1 : 100,
  }
  const listing = drawListing(rng, board, dates)
  const riskWarningFrom = drawRiskWarning(rng, dates, listing.listDay)
  return listing.listDay < dates.length ? { ...drawn, ...listing, riskWarningFrom } : undefined
}

/** The name as shown on a date: ST in front while the risk warning is in force. */
export function nameOn(stock: Stock, date: TradeDate): string {
  return isRiskWarned(stock, date) ? `ST${stock.name.slice(0, 2)}` : stock.name
}

/** 风险警示: whether the stock trades as ST on the date. */
export function isRiskWarned(stock: Stock, date: TradeDate): boolean {
  return stock.riskWarningFrom !== undefined && stock.riskWarningFrom <= date
}

function codeOf(ordinal: number, board: Board, exchange: Exchange): Code {
  const ranges = CODE_RANGES[`${board}.${exchange}`]!
  const within = BOARD_CYCLE.slice(0, ordinal % 20).filter(([b, e]) => b === board && e === exchange).length
  const perRound = BOARD_CYCLE.filter(([b, e]) => b === board && e === exchange).length
  const k = Math.floor(ordinal / 20) * perRound + within
  return `${String(ranges[k % ranges.length]! + Math.floor(k / ranges.length)).padStart(6, '0')}.${exchange}` as Code
}

function drawListing(rng: Rng, board: Board, dates: readonly TradeDate[]): { listDate: TradeDate; listDay: number } {
  const isNew = rng.next() < NEW_LISTING_SHARE
  const newDay = rng.integer(5, 750)
  const age = rng.next()
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

function drawRiskWarning(rng: Rng, dates: readonly TradeDate[], listDay: number): TradeDate | undefined {
  const warned = rng.next() < RISK_WARNING_SHARE
  const day = rng.next() < 0.5 ? 0 : rng.integer(20, 750)
  return warned && listDay < 0 ? dates[day] : undefined
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x))
}
