/**
 * r_t = E_t / E_{t−1} − 1, fraction, simple and including cash; the day before the first has `start`. NaN where either level is NaN or the
 * earlier one is not positive. A level series without a known start (a benchmark) passes NaN: its first day has no return.
 */
export function dailyReturns(levels: Float64Array, start: number): Float64Array {
  const returns = new Float64Array(levels.length)
  let before = start
  for (let day = 0; day < levels.length; day++) {
    const level = levels[day]!
    returns[day] = before > 0 ? level / before - 1 : NaN
    before = level
  }
  return returns
}

/** Growth of 1: Π(1 + r) up to and including each day; a NaN return moves nothing. */
export function growthOf(returns: Float64Array): Float64Array {
  const growth = new Float64Array(returns.length)
  let level = 1
  for (let day = 0; day < returns.length; day++) {
    const value = returns[day]!
    if (!Number.isNaN(value)) level *= 1 + value
    growth[day] = level
  }
  return growth
}

/** Daily rate of an annual one: (1 + rf)^(1/P) − 1. */
export function dailyRate(annual: number, periodsPerYear: number): number {
  return (1 + annual) ** (1 / periodsPerYear) - 1
}
