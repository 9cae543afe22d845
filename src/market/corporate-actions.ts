import type { Rng } from '#core/rng.ts'
import { dayNumber, tradeDate, type TradeDate } from '#core/trade-date.ts'
import type { Earnings } from './earnings.ts'
import type { Stock } from './stock.ts'

/** 除权除息: cash and bonus shares of one ex-date. */
export interface CorporateAction {
  /** Index of the ex-date among the world's open dates. */
  readonly day: number
  /** Cash per share in whole 厘. */
  readonly cash: number
  /** Bonus shares per ten held: 送转. */
  readonly bonusPerTen: number
}

/** The ex-dates of one stock: yearly, on the first open date at or after a day drawn from May to July; 8 % of the years add a bonus of 1…5 per ten. */
export function corporateActions(world: Rng, stock: Stock, earnings: Earnings, dates: readonly TradeDate[]): readonly CorporateAction[] {
  const actions: CorporateAction[] = []
  let shares = stock.totalShares
  const [firstYear, lastYear] = [Math.floor(dates[0]! / 10_000), Math.floor(dates.at(-1)! / 10_000)]
  for (let year = firstYear; year <= lastYear; year++) {
    const rng = world.fork(`action/${stock.code}/${year}`)
    const target = dayNumber(tradeDate(year * 10_000 + 501)) + rng.integer(0, 91)
    const bonusPerTen = rng.next() < 0.08 ? rng.integer(1, 5) : 0
    const payout = earnings.payoutOf(year - 1)
    const perShare = (payout * earnings.profitOf(year - 1)) / shares
    const cash = Math.floor(perShare * 1000)
    const day = dates.findIndex((date) => dayNumber(date) >= target)
    // A date long past the target means that the world begins after it; -1 that the world ends before it.
    const inside = day >= 0 && dayNumber(dates[day]!) - target <= 15
    if (!inside || day <= Math.max(5, stock.listDay + 60) || (cash === 0 && bonusPerTen === 0)) continue
    actions.push({ day, cash, bonusPerTen })
    shares *= 1 + bonusPerTen / 10
  }
  return actions
}

/**
 * 除权除息参考价 in whole 厘: (close − cash) / (1 + bonus), rounded half up to the 0.01 tick in integers, at least one tick
 * (spec simulator §9.4; the adjustment factor grows by close / reference).
 */
export function exRightReference(close: number, action: Pick<CorporateAction, 'cash' | 'bonusPerTen'>): number {
  const parts = 10 + action.bonusPerTen
  // 10 (close − cash) / parts is the price in 厘; a tenth of it is in ticks.
  return 10 * Math.max(1, Math.floor((2 * (close - action.cash) + parts) / (2 * parts)))
}
