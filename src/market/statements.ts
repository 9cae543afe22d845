import { dateOfDayNumber, dayNumber, tradeDate, type TradeDate } from '#core/trade-date.ts'
import { exp } from '#numeric/fmath.ts'
import type { Stream } from './keyed-stream.ts'
import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/** 财务报表: one quarter of a company, in CNY of the whole company. Balance figures are those at the quarter's end. */
export interface Statement {
  /** Last day of the quarter. */
  readonly period: TradeDate
  readonly announced: TradeDate
  /** Announcement of a corrected version (3 % of the quarters), absent otherwise; `restatedProfit` replaces the year-to-date profit. */
  readonly restated: TradeDate | undefined
  readonly restatedProfit: number
  /** Figures of the quarter alone. */
  readonly revenue: number
  readonly grossProfit: number
  readonly profit: number
  /** Operating, investing and financing cash flow; their sum is the change of `cash`. */
  readonly operatingCash: number
  readonly investingCash: number
  readonly financingCash: number
  readonly cash: number
  /** assets = liabilities + equity, exactly as sums of doubles. */
  readonly assets: number
  readonly liabilities: number
  readonly equity: number
  /** Dividends declared out of the year that ends with this quarter, 0 in other quarters. They are paid in the second quarter after it. */
  readonly declared: number
  /** Dividends paid in this quarter. */
  readonly dividends: number
  /** How far the profit is from what its growth promised, in standard deviations. */
  readonly surprise: number
}

/** Quarters drawn before the world begins: enough for twelve months and the year before them. */
const YEARS_BEFORE = 3

const DEADLINES = { 331: 430, 630: 831, 930: 1031, 1231: 430 } as const
const SEASON = [0.22, 0.25, 0.25, 0.28] as const

/**
 * The quarterly books of a company up to the last quarter that ended before the world does, ascending. Growth is an AR(1) of the sector plus one
 * of the company; one company in ten is loss-prone; 60 % of profitable years pay 20…50 % out (spec simulator §9.4, §9.9). A later end of the world
 * adds quarters and leaves the others unchanged.
 */
export function statementsOf(world: World, stock: Stock): readonly Statement[] {
  const found = known.get(stock) ?? drawn(world, stock)
  known.set(stock, found)
  return found
}

/** A stock belongs to one world, so its books are kept with it. */
const known = new WeakMap<Stock, readonly Statement[]>()

function drawn(world: World, stock: Stock): readonly Statement[] {
  const [own, sector] = [world.stream('fin', stock.code), world.stream('fin', stock.industry)]
  const first = Math.floor(world.dates[0]! / 10_000) - YEARS_BEFORE
  const last = world.dates.at(-1)!
  const book = opening(own.at(0), stock)
  const statements: Statement[] = []
  for (let year = first; year <= Math.floor(last / 10_000); year++)
    for (const end of [331, 630, 930, 1231]) {
      const period = tradeDate(year * 10_000 + end)
      if (period > last) return statements
      statements.push(nextQuarter(book, statements, period, own.at(period), sector.at(period)))
    }
  return statements
}

/** The last statement announced on or before a date, as an index; −1 when there is none. Announcements follow the order of the quarters. */
export function announcedOn(statements: readonly Statement[], date: number, from = 0): number {
  let at = Math.max(0, from)
  while (at < statements.length && statements[at]!.announced <= date) at++
  return at - 1
}

/** 滚动十二个月: the sum of a quarterly figure over the four quarters up to `at`; NaN with fewer. */
export function trailing(statements: readonly Statement[], at: number, of: (statement: Statement) => number): number {
  if (at < 3) return NaN
  return of(statements[at]!) + of(statements[at - 1]!) + of(statements[at - 2]!) + of(statements[at - 3]!)
}

/** The index of the last annual report among the statements up to `at`; −1 when there is none. */
export function lastAnnual(statements: readonly Statement[], at: number): number {
  let annual = at
  while (annual >= 0 && statements[annual]!.period % 10_000 !== 1231) annual--
  return annual
}

/** What the next quarter depends on beside the statements before it. */
interface Book {
  readonly margin: number
  readonly lossProne: boolean
  readonly revenue: number
  readonly grossMargin: number
  readonly leverage: number
  companyGrowth: number
  sectorGrowth: number
  equity: number
  cash: number
}

function opening(stream: Stream, stock: Stock): Book {
  const marketValue = (stock.initialPrice / 1000) * stock.totalShares
  const profit = marketValue / (28 * exp(0.5 * stream.normal()))
  const returnOnEquity = 0.08 * exp(0.4 * stream.normal())
  const margin = 0.09 * exp(0.5 * stream.normal())
  const lossProne = stream.next() < 0.1
  return {
    margin,
    lossProne,
    revenue: profit / margin,
    grossMargin: Math.min(0.85, margin + 0.1 + 0.25 * stream.next()),
    leverage: 0.25 + 0.9 * stream.next(),
    companyGrowth: 0,
    sectorGrowth: 0,
    equity: profit / returnOnEquity,
    cash: (0.3 * profit) / returnOnEquity,
  }
}

function nextQuarter(book: Book, before: readonly Statement[], period: TradeDate, own: Stream, sector: Stream): Statement {
  const quarter = (Math.floor(period / 100) % 100) / 3 - 1
  book.sectorGrowth = 0.7 * book.sectorGrowth + 0.03 * sector.normal()
  const surprise = own.normal()
  book.companyGrowth = 0.6 * book.companyGrowth + 0.06 * surprise
  const growth = 0.06 + book.sectorGrowth + book.companyGrowth
  const revenue = Math.round((before.at(-4)?.revenue ?? book.revenue * SEASON[quarter]!) * (1 + Math.max(-0.6, growth)))
  const isLoss = own.next() < 0.55 && book.lossProne
  const margin = isLoss ? -book.margin * (0.5 + own.next()) : book.margin * exp(0.12 * surprise + 0.1 * own.normal())
  const profit = Math.round(revenue * Math.min(0.6, margin))
  const [pays, ratio] = [own.next() < 0.6, 0.2 + 0.3 * own.next()]
  const yearToDate = profit + before.slice(before.length - quarter).reduce((sum, statement) => sum + statement.profit, 0)
  const declared = quarter === 3 && pays ? Math.round(ratio * Math.max(0, yearToDate)) : 0
  const dividends = quarter === 1 ? (before.at(-2)?.declared ?? 0) : 0
  const operatingCash = Math.round(profit * (0.7 + 0.8 * own.next()) + 0.03 * revenue)
  const investingCash = -Math.round(0.05 * revenue * (0.5 + own.next()))
  const wanted = Math.round(0.02 * revenue * own.normal()) - dividends
  const held = Math.round(book.cash) + operatingCash + investingCash
  // Whoever runs out of cash borrows it.
  const financingCash = Math.max(wanted, Math.round(0.02 * revenue) - held)
  const equity = Math.round(book.equity) + profit - dividends
  const liabilities = Math.round(Math.abs(book.equity) * book.leverage * (1 + 0.03 * own.normal()))
  const announced = announcementOf(period, before.at(-1)?.announced, own)
  const isRestated = own.next() < 0.03
  const correction = Math.round(Math.abs(yearToDate) * 0.15 * own.next())
  const later = own.integer(20, 120)
  book.equity = equity
  book.cash = held + financingCash
  return {
    period,
    announced,
    restated: isRestated ? dateOfDayNumber(dayNumber(announced) + later) : undefined,
    restatedProfit: isRestated ? yearToDate - correction : yearToDate,
    revenue,
    grossProfit: Math.round(revenue * Math.max(book.grossMargin, margin + 0.05)),
    profit,
    operatingCash,
    investingCash,
    financingCash,
    cash: book.cash,
    assets: liabilities + equity,
    liabilities,
    equity,
    declared,
    dividends,
    surprise,
  }
}

/** A day between the quarter's end and its deadline, rather late than early, never before the announcement of the quarter before. */
function announcementOf(period: TradeDate, previous: TradeDate | undefined, own: Stream): TradeDate {
  const end = (period % 10_000) as keyof typeof DEADLINES
  const year = Math.floor(period / 10_000) + (end === 1231 ? 1 : 0)
  const [first, last] = [dayNumber(period) + 10, dayNumber(tradeDate(year * 10_000 + DEADLINES[end]))]
  const share = Math.max(own.next(), own.next())
  const drawn = Math.floor(first + (last - first + 1) * share)
  return dateOfDayNumber(Math.max(Math.min(drawn, last), previous === undefined ? 0 : dayNumber(previous)))
}
