/** One execution as the square-root law sees it: CNY traded, the stock's average daily amount (CNY) and daily volatility (fraction). */
export interface Execution {
  readonly amount: number
  readonly averageDailyAmount: number
  readonly volatility: number
}

export interface Capacity {
  /** 容量: equity in CNY at which the impact equals all other costs, so that the cost share doubles. NaN when there is no cost or no impact. */
  readonly equity: number
  /** Cost share (fraction of equity) at multiples of today's equity: `other + impact √multiple`. */
  readonly curve: readonly { readonly multiple: number; readonly equity: number; readonly costShare: number }[]
}

const multiples = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100]

/**
 * Capacity under the square-root impact `Y σ √(amount/ADV)` (Almgren et al. 2005; Y = 0.7 is the house default, spec backtest §3): the amounts
 * scale with equity, so impact cost over equity grows as √multiple while the other costs keep their share. `otherCosts` in CNY over the same
 * executions. Executions with an unknown ADV or volatility are left out of the impact.
 */
export function capacity(executions: readonly Execution[], equity: number, otherCosts: number, impactFactor = 0.7): Capacity {
  let impact = 0
  for (const { amount, averageDailyAmount, volatility } of executions) {
    const cost = amount * impactFactor * volatility * Math.sqrt(amount / averageDailyAmount)
    if (Number.isFinite(cost)) impact += cost
  }
  return {
    equity: impact > 0 && otherCosts > 0 ? equity * (otherCosts / impact) ** 2 : NaN,
    curve: multiples.map((multiple) => ({ multiple, equity: equity * multiple, costShare: (otherCosts + impact * Math.sqrt(multiple)) / equity })),
  }
}
