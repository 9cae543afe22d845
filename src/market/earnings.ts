import type { Rng } from '#core/rng.ts'
import type { Stock } from './stock.ts'

/** 财务: a company's yearly figures, in CNY of the whole company. Drawn per calendar year by name, so that any year can be asked alone. */
export interface Earnings {
  /** Net profit of a calendar year; negative in a loss year. */
  profitOf(year: number): number
  revenueOf(year: number): number
  /** Shareholders' equity at the end of a calendar year. */
  equityOf(year: number): number
  /** Share of the profit paid as cash in the following May…July, 0 when the company pays none. */
  payoutOf(year: number): number
}

/** Years are counted from here; any year works. */
const BASE_YEAR = 2023

/** The books of one company. One in ten is loss-prone; 60 % of the others' profitable years pay 20…50 % out (spec simulator §9.4). */
export function earningsOf(world: Rng, stock: Stock): Earnings {
  const rng = world.fork(`fin/${stock.code}`)
  const marketCap = (stock.initialPrice / 1000) * stock.totalShares
  const priceEarnings = 28 * Math.exp(0.5 * rng.normal())
  const returnOnEquity = 0.08 * Math.exp(0.4 * rng.normal())
  const netMargin = 0.09 * Math.exp(0.5 * rng.normal())
  const lossProne = rng.next() < 0.1
  const profit = marketCap / priceEarnings
  const drawn = new Map<number, number>()
  const surprise = (year: number): number => {
    const z = drawn.get(year) ?? rng.fork(String(year)).normal()
    drawn.set(year, z)
    return z
  }
  const profitOf = (year: number): number => {
    const z = surprise(year)
    return profit * (lossProne && z < 0.4 ? -0.6 - 0.4 * Math.abs(z) : 1.06 ** (year - BASE_YEAR) * Math.exp(0.25 * z))
  }
  return {
    profitOf,
    revenueOf: (year) => (profit / netMargin) * 1.07 ** (year - BASE_YEAR) * Math.exp(0.08 * surprise(year)),
    equityOf: (year) => (profit / returnOnEquity) * 1.05 ** (year - BASE_YEAR),
    payoutOf(year) {
      const policy = rng.fork(`payout/${year}`)
      return profitOf(year) > 0 && policy.next() < 0.6 ? 0.2 + 0.3 * policy.next() : 0
    },
  }
}

/** Profit of the last announced full year on a date: the annual report of year Y counts as known from 1 May of Y + 1. */
export function annualYear(date: number): number {
  const year = Math.floor(date / 10_000)
  return date % 10_000 >= 501 ? year - 1 : year - 2
}

/** 滚动十二个月: the sum over the last four announced quarters (known 1 May, 1 September, 1 November), quarters taken as equal parts of their year. */
export function trailing(of: (year: number) => number, date: number): number {
  const year = Math.floor(date / 10_000)
  const day = date % 10_000
  const quarters = day >= 1101 ? 3 : day >= 901 ? 2 : day >= 501 ? 1 : 3
  const current = day >= 501 ? year : year - 1
  return (quarters * of(current) + (4 - quarters) * of(current - 1)) / 4
}
