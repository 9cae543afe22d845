import type { Code } from '#core/code.ts'
import { toMilli } from '#core/milli.ts'
import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { firstAtLeast } from '#numeric/first-place.ts'

/** 除权除息 of one stock, per share held at the close before the ex-day. */
export interface CorporateAction {
  readonly exDate: TradeDate
  /** 现金红利 before tax, CNY. Paid on the ex-day. */
  readonly cash?: number
  /** 送股 and 转增: new shares per share. */
  readonly bonus?: number
  /** 配股: shares that may be bought per share, and their price, CNY. */
  readonly rights?: number
  readonly rightsPrice?: number
}

/**
 * What happens to a holding on an ex-day. `ratio` divides old prices into the new basis. With `fromFactor` only the jump of the adjustment factor is
 * known: it is booked as `ratio` − 1 bonus shares per share, so that equity runs on without a step; a cash dividend then appears as shares and pays no tax.
 */
export interface ExAction {
  readonly stock: number
  readonly day: number
  readonly ratio: number
  readonly cash: number
  readonly bonus: number
  readonly rights: number
  /** Whole 厘. */
  readonly rightsPrice: number
  readonly fromFactor: boolean
}

/** What is known about one day of a stock: the close before it (厘) and by what its adjustment factor was multiplied. */
export interface ExQuestion {
  readonly stock: number
  readonly code: Code
  readonly day: number
  readonly before: number
  readonly jump: number
  readonly action: CorporateAction | undefined
  /** Whether the stock's actions are known: then a jump of the factor alone means nothing. */
  readonly isKnown: boolean
}

/**
 * The ex-day of a stock, undefined when the day is none. The ratio is the jump of the factor; without one it follows from the ex-rights reference price.
 * Throws RangeError when the action has negative numbers or takes more than the price.
 */
export function exActionOf({ stock, code, day, before, jump, action, isKnown }: ExQuestion): ExAction | undefined {
  const isJump = Math.abs(jump - 1) > FACTOR_NOISE
  if (action === undefined)
    return isKnown || !isJump ? undefined : { stock, day, ratio: jump, cash: 0, bonus: jump - 1, rights: 0, rightsPrice: 0, fromFactor: true }
  const { cash = 0, bonus = 0, rights = 0, rightsPrice = 0 } = action
  const ratio = isJump ? jump : before / exReference(before, action)
  if (!(cash >= 0 && bonus >= 0 && rights >= 0 && rightsPrice >= 0 && ratio > 0 && ratio < Infinity))
    throw new RangeError(
      `Cannot take the corporate action of ${code} on ${formatDate(action.exDate)}: its numbers are not negative and leave a positive price, found ${JSON.stringify(action)}. Correct or leave it out`,
    )
  return { stock, day, ratio, cash, bonus, rights, rightsPrice: toMilli(rightsPrice), fromFactor: false }
}

/** Actions by the place of their ex-day (the next market day where it is none); several of one day become one. */
export function actionsByDay(actions: readonly CorporateAction[], days: readonly TradeDate[]): ReadonlyMap<number, CorporateAction> {
  const byDay = new Map<number, CorporateAction>()
  for (const action of actions) {
    const day = firstAtLeast(days, action.exDate)
    const other = byDay.get(day)
    byDay.set(day, other === undefined ? action : merged(other, action))
  }
  return byDay
}

function merged(a: CorporateAction, b: CorporateAction): CorporateAction {
  const [p, q] = [a.rights ?? 0, b.rights ?? 0]
  const rights = p + q > 0 ? { rights: p + q, rightsPrice: ((a.rightsPrice ?? 0) * p + (b.rightsPrice ?? 0) * q) / (p + q) } : {}
  return { exDate: b.exDate, cash: (a.cash ?? 0) + (b.cash ?? 0), bonus: (a.bonus ?? 0) + (b.bonus ?? 0), ...rights }
}

/**
 * 除权参考价 as a real number of 厘: (previous close − cash + rights price × rights) ÷ (1 + bonus + rights) (spec backtest §3). Prices in 厘, cash in CNY.
 */
function exReference(prevClose: number, { cash = 0, bonus = 0, rights = 0, rightsPrice = 0 }: CorporateAction): number {
  return (prevClose - cash * 1000 + rightsPrice * 1000 * rights) / (1 + bonus + rights)
}

/** A factor moves by less than this between ex-days: the last digits of a vendor's rounding. */
export const FACTOR_NOISE = 1e-6
