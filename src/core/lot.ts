import type { Board } from './code.ts'
import { ruleOn } from './dated.ts'
import { lots } from './rules/lots.ts'
import type { TradeDate } from './trade-date.ts'

/** The largest buy order within `shares`: a whole number of steps at or above the board's minimum, else 0. Throws RangeError on a day no rule covers. */
export function roundToLot(shares: number, board: Board | 'fund', date: TradeDate): number {
  const { minimum, step } = ruleOn(lots, board, date)
  const rounded = Math.floor(shares / step) * step
  return rounded >= minimum ? rounded : 0
}

/** 申报数量: whether a buy order of `shares` is admissible. */
export function isBuyQuantity(shares: number, board: Board | 'fund', date: TradeDate): boolean {
  return shares > 0 && roundToLot(shares, board, date) === shares
}

/**
 * 零股: whether a sell order of `shares` out of `sellable` is admissible. Where lots have steps of 100 the odd rest is sold whole, alone or with lots;
 * where the step is 1 a holding below the minimum is sold whole (spec microstructure §11.1).
 */
export function isSellQuantity(shares: number, sellable: number, board: Board | 'fund', date: TradeDate): boolean {
  if (!Number.isInteger(shares) || !(shares > 0 && shares <= sellable)) return false
  const { minimum, step } = ruleOn(lots, board, date)
  if (step === 1) return shares >= minimum || shares === sellable
  return shares % step === 0 || shares % step === sellable % step
}
