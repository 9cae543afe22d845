import type { Exchange } from './code.ts'
import { ruleOn } from './dated.ts'
import { commission, type Commission } from './rules/commission.ts'
import { stampDuty } from './rules/stamp-duty.ts'
import { transferFee } from './rules/transfer-fee.ts'
import type { TradeDate } from './trade-date.ts'

/** One executed order. Price in whole 厘, shares in 股. */
export interface FeeQuestion {
  readonly side: 'buy' | 'sell'
  readonly price: number
  readonly shares: number
  readonly date: TradeDate
  readonly exchange: Exchange
  /** Exchange-traded funds pay commission only. */
  readonly isFund?: boolean
  /** The broker's terms; absent = the default of core/rules/commission.ts. */
  readonly terms?: Commission
}

/** 交易费用 in whole 厘, each a whole number of 分. */
export interface Fees {
  readonly commission: number
  readonly stampDuty: number
  readonly transferFee: number
  readonly total: number
}

/**
 * 佣金, 印花税 and 过户费 of one order, each rounded half up to 0.01 CNY (spec microstructure §11.1). No shares cost nothing.
 * Throws RangeError on a negative or fractional value and on days the rules do not cover.
 */
export function feesOf({ side, price, shares, date, exchange, isFund = false, terms }: FeeQuestion): Fees {
  const amount = price * shares
  if (!Number.isSafeInteger(amount) || amount < 0)
    throw new RangeError(`Cannot compute fees: price (厘) times shares must be a whole number below 2^53, found ${price} times ${shares}`)
  if (amount === 0) return { commission: 0, stampDuty: 0, transferFee: 0, total: 0 }
  const { rate, minimum } = terms ?? ruleOn(commission, 'default', date)
  const duty = ruleOn(stampDuty, 'stock', date)
  const fees = {
    commission: Math.max(shareOf(amount, rate), Math.round(minimum * 100) * 10),
    stampDuty: isFund ? 0 : shareOf(amount, side === 'buy' ? duty.buyer : duty.seller),
    transferFee: isFund ? 0 : shareOf(amount, ruleOn(transferFee, exchange, date)),
  }
  return { ...fees, total: fees.commission + fees.stampDuty + fees.transferFee }
}

/** A share of an amount in 厘, rounded half up to a whole 分, exact: the rate is a whole number of hundred-millionths, the amount is split. */
function shareOf(amount: number, rate: number): number {
  const parts = Math.round(rate * 1e8)
  const whole = Math.floor(amount / 1e9)
  const rest = amount - whole * 1e9
  return (whole * parts + Math.floor((rest * parts + 5e8) / 1e9)) * 10
}
