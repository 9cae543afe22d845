import { dayNumber, tradeDate } from '#core/trade-date.ts'
import type { Stock } from './stock.ts'
import type { Statement } from './statements.ts'
import type { World } from './world.ts'

/** 除权除息: what happens to a share on one ex-date. */
export interface CorporateAction {
  /** Index of the ex-date among the world's open dates. */
  readonly day: number
  /** Cash per share in whole 厘. */
  readonly cash: number
  /** Bonus shares per ten held: 送转. */
  readonly bonusPerTen: number
  /** 配股: shares per ten held that may be bought, and at which price in whole 厘. 0 when there are none. */
  readonly rightsPerTen: number
  readonly rightsPrice: number
}

/**
 * The ex-dates of one stock: yearly, on the first open date at or after a day drawn from May to July, when the annual report is out; 8 % of the
 * years add a bonus of 1…5 per ten, 1 % a rights issue of 2 or 3 per ten at 70 % of the first price (spec simulator §9.4).
 */
export function corporateActions(world: World, stock: Stock, statements: readonly Statement[]): readonly CorporateAction[] {
  const { dates } = world
  const actions: CorporateAction[] = []
  let shares = stock.totalShares
  const [firstYear, lastYear] = [Math.floor(dates[0]! / 10_000), Math.floor(dates.at(-1)! / 10_000)]
  const stream = world.stream('action', stock.code)
  for (let year = firstYear; year <= lastYear; year++) {
    stream.at(year)
    const target = dayNumber(tradeDate(year * 10_000 + 501)) + stream.integer(0, 91)
    const bonusPerTen = stream.next() < 0.08 ? stream.integer(1, 5) : 0
    const rightsPerTen = stream.next() < 0.01 ? stream.integer(2, 3) : 0
    const annual = statements.find(({ period }) => period === (year - 1) * 10_000 + 1231)
    const cash = Math.floor(((annual?.declared ?? 0) / shares) * 1000)
    const day = dates.findIndex((date) => dayNumber(date) >= target)
    // A date long past the target means that the world begins after it; -1 that the world ends before it.
    const inside = day >= 0 && dayNumber(dates[day]!) - target <= 15
    if (!inside || day <= Math.max(5, stock.listDay + 60) || (cash === 0 && bonusPerTen === 0 && rightsPerTen === 0)) continue
    const rightsPrice = rightsPerTen === 0 ? 0 : 10 * Math.floor(0.07 * stock.initialPrice)
    actions.push({ day, cash, bonusPerTen, rightsPerTen, rightsPrice })
    shares *= 1 + (bonusPerTen + rightsPerTen) / 10
  }
  return actions
}

/**
 * 除权除息参考价 in whole 厘: (close − cash + rights price × rights) / (1 + bonus + rights), rounded half up to the 0.01 tick in integers, at least one tick
 * (spec simulator §9.4; the adjustment factor grows by close / reference).
 */
export function exRightReference(close: number, action: Omit<CorporateAction, 'day'>): number {
  const parts = 10 + action.bonusPerTen + action.rightsPerTen
  // value ÷ parts is the price in 厘; a tenth of it is in ticks.
  const value = 10 * (close - action.cash) + action.rightsPerTen * action.rightsPrice
  return 10 * Math.max(1, Math.floor((2 * value + 10 * parts) / (20 * parts)))
}
