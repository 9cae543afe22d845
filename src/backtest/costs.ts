import { feesOf, type Fees } from '#core/fees.ts'
import type { OrderSide } from '#core/order.ts'
import type { Commission } from '#core/rules/commission.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { slippageOf, type Slippage } from './slippage.ts'
import type { StockColumns } from './stock-columns.ts'

/** How trades are charged. */
export interface CostTerms {
  readonly slippage: Slippage
  readonly commission: Commission | undefined
  readonly costFactor: number
}

/** One execution to be charged: price in whole 厘. */
export interface CostQuestion {
  readonly side: OrderSide
  readonly stock: StockColumns
  /** Place of the day in the stock's columns. */
  readonly at: number
  readonly date: TradeDate
  readonly price: number
  readonly shares: number
  readonly kind: 'auction' | 'stop' | 'limit'
}

/** Fees by the dated rules and slippage, whole 厘, each a whole number of 分 after multiplication by the cost factor. */
export function costsOf(
  { side, stock, at, date, price, shares, kind }: CostQuestion,
  { slippage, commission, costFactor }: CostTerms,
): { fees: Fees; slippage: number } {
  const fees = feesOf({ side, price, shares, date, exchange: stock.exchange, isFund: stock.isFund, ...(commission === undefined ? {} : { terms: commission }) })
  const slipped = kind === 'limit' ? 0 : slippageOf(slippage, stock, at, price, shares, kind === 'auction')
  if (costFactor === 1) return { fees, slippage: slipped }
  const times = (milli: number) => Math.round((milli * costFactor) / 10) * 10
  const scaled = { commission: times(fees.commission), stampDuty: times(fees.stampDuty), transferFee: times(fees.transferFee) }
  return { fees: { ...scaled, total: scaled.commission + scaled.stampDuty + scaled.transferFee }, slippage: times(slipped) }
}
