import type { ClosedTrade } from './result.ts'

/** What closed trades say (spec backtest §5). Money in CNY, returns as fractions of the entry amount; NaN where nothing can be divided. */
export interface TradeMetrics {
  readonly trades: number
  readonly winRate: number
  readonly profitFactor: number
  /** Average win over average loss, by net return. */
  readonly payoff: number
  /** p W − (1 − p) L: the mean net return of a trade. */
  readonly expectancy: number
  /** p − (1 − p)/payoff, a fraction of equity; an upper bound, not advice. */
  readonly kelly: number
  readonly netPnl: number
  readonly meanDaysHeld: number
  readonly bestReturn: number
  readonly worstReturn: number
}

/** A win is a trade with net P&L above 0; one at exactly 0 counts as closed and as no win. */
export function tradeMetrics(trades: readonly ClosedTrade[]): TradeMetrics {
  let wins = 0
  let losers = 0
  let winReturns = 0
  let lossReturns = 0
  let gains = 0
  let losses = 0
  let days = 0
  let best = -Infinity
  let worst = Infinity
  for (const { netPnl, netReturn, daysHeld } of trades) {
    if (netPnl > 0) {
      wins++
      winReturns += netReturn
      gains += netPnl
    } else if (netPnl < 0) {
      losers++
      lossReturns -= netReturn
      losses -= netPnl
    }
    days += daysHeld
    best = Math.max(best, netReturn)
    worst = Math.min(worst, netReturn)
  }
  const count = trades.length
  const winRate = wins / count
  const payoff = finite(winReturns / wins / (lossReturns / losers))
  return {
    trades: count,
    winRate,
    profitFactor: finite(gains / losses),
    payoff,
    expectancy: (winReturns - lossReturns) / count,
    kelly: finite(winRate - (1 - winRate) / payoff),
    netPnl: gains - losses,
    meanDaysHeld: days / count,
    bestReturn: count === 0 ? NaN : best,
    worstReturn: count === 0 ? NaN : worst,
  }
}

/** One line of an attribution: the trades that share a key. */
export interface TradeGroup extends TradeMetrics {
  readonly key: string
}

/** 按…拆分: metrics of the trades of each key, largest group first, equal ones by key. `undefined` as a key means the trade is left out. */
export function tradesBy(trades: readonly ClosedTrade[], keyOf: (trade: ClosedTrade) => string | undefined): TradeGroup[] {
  const groups = new Map<string, ClosedTrade[]>()
  for (const trade of trades) {
    const key = keyOf(trade)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [trade])
    else group.push(trade)
  }
  return [...groups].map(([key, group]) => ({ key, ...tradeMetrics(group) })).toSorted((a, b) => b.trades - a.trades || (a.key < b.key ? -1 : 1))
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN
}
