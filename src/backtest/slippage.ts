import type { StockColumns } from './stock-columns.ts'

/**
 * 滑点 models (spec backtest §3). It is charged in cash beside the traded price, so that every fill keeps a price that was really traded.
 * Limit orders have none.
 */
export type Slippage =
  | { readonly model: 'none' }
  /** Ticks on stop orders; auctions `auctionTicks` (0). */
  | { readonly model: 'fixed_ticks'; readonly ticks: number; readonly auctionTicks?: number }
  /** Hundredths of a percent of the amount. */
  | { readonly model: 'bps'; readonly bps: number }
  /** 0.5 × spread + Y × σ × √(shares ÷ ADV), Almgren et al. 2005; σ and ADV over the last 20 days before the fill; spread in ticks. */
  | { readonly model: 'sqrt_impact'; readonly y?: number; readonly spreadTicks?: number }

export const DEFAULT_SLIPPAGE: Slippage = { model: 'bps', bps: 5 }

const IMPACT_DAYS = 20

/** Slippage of a fill in whole 厘, rounded half up to a 分. `at` is the place of the day within the stock's columns, `price` in 厘. */
export function slippageOf(model: Slippage, stock: StockColumns, at: number, price: number, shares: number, isAuction: boolean): number {
  const amount = price * shares
  if (model.model === 'none') return 0
  if (model.model === 'bps') return toCent((amount * model.bps) / 10_000)
  if (model.model === 'fixed_ticks') return toCent((isAuction ? (model.auctionTicks ?? 0) : model.ticks) * stock.tick * shares)
  return toCent(0.5 * (model.spreadTicks ?? 1) * stock.tick * shares + amount * impactOf(model.y ?? 0.7, stock, at, shares))
}

/** Y × σ × √(shares ÷ ADV) from the days before `at`; 0 while there are fewer than two of them or nothing was traded. */
function impactOf(y: number, stock: StockColumns, at: number, shares: number): number {
  const from = Math.max(1, at - IMPACT_DAYS)
  const n = at - from
  if (n < 2) return 0
  let volume = 0
  let sum = 0
  let squares = 0
  for (let i = from; i < at; i++) {
    const change = stock.close[i]! / stock.preClose[i]! - 1
    volume += stock.volume[i]!
    sum += change
    squares += change * change
  }
  const variance = Math.max(0, (squares - (sum * sum) / n) / (n - 1))
  return volume > 0 ? y * Math.sqrt(variance) * Math.sqrt((shares * n) / volume) : 0
}

function toCent(milli: number): number {
  return Math.floor((milli + 5) / 10) * 10
}
