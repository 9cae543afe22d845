import type { CandidateRow } from '#core/candidate.ts'
import type { Execution } from '#backtest/capacity.ts'
import type { Market } from '#backtest/market.ts'
import type { RunResult } from '#backtest/result.ts'
import { mean } from '#numeric/mean.ts'
import { standardDeviation } from '#numeric/standard-deviation.ts'

/** Days before an execution over which its stock's usual amount and volatility are taken. */
const USUAL_DAYS = 20

/** Market days in which a support has to hold, and the rise above it that counts as a bounce (spec backtest §8). */
const BOUNCE_DAYS = 5
const BOUNCE = 0.02

/** What only the market can say of a run. */
export interface RunFacts {
  readonly executions: readonly Execution[]
  /** Candidates whose support was touched on the day they were for, and those of them that bounced before they broke. */
  readonly touched: number
  readonly bounced: number
}

export function runFacts(market: Market, run: RunResult, candidates: readonly CandidateRow[]): RunFacts {
  return { executions: executionsOf(market, run), ...supportsOf(market, candidates) }
}

/** Every execution with the mean amount and the daily volatility of the 20 days before; NaN where the stock has fewer. */
function executionsOf(market: Market, { orders }: RunResult): readonly Execution[] {
  return orders.flatMap((order) => {
    const stock = market.stock(order.code)
    const place = market.place(order.endedOn)
    if (order.filledShares === 0 || order.fillPrice === undefined || stock === undefined || place === undefined) return []
    const { first, amount, close, preClose } = market.stocks[stock]!
    const i = place - first
    const from = Math.max(0, i - USUAL_DAYS)
    const returns = Float64Array.from({ length: Math.max(0, i - from) }, (_, k) => close[from + k]! / preClose[from + k]! - 1)
    return [{ amount: order.filledShares * order.fillPrice, averageDailyAmount: mean(amount.slice(from, i)), volatility: standardDeviation(returns) }]
  })
}

/** A support is touched when the day's low comes within half a percent of it; it held when a close 2 % above it came before one at the stop below it. */
function supportsOf(market: Market, candidates: readonly CandidateRow[]): { readonly touched: number; readonly bounced: number } {
  let [touched, bounced] = [0, 0]
  for (const { code, validFor, supportPrice, stopPct } of candidates) {
    const stock = market.stock(code)
    const place = market.place(validFor)
    if (stock === undefined || place === undefined) continue
    const { first, length, low, close, adjFactor } = market.stocks[stock]!
    const i = place - first
    if (i < 0 || i >= length || low[i]! > supportPrice * 1005) continue
    touched++
    for (let k = i; k < Math.min(length, i + BOUNCE_DAYS); k++) {
      const inBasis = ((close[k]! / 1000) * adjFactor[k]!) / adjFactor[i]!
      if (inBasis <= supportPrice * (1 - stopPct)) break
      if (inBasis < supportPrice * (1 + BOUNCE)) continue
      bounced++
      break
    }
  }
  return { touched, bounced }
}
