/** Compounded simple return of one calendar month or year. */
export interface PeriodReturn {
  readonly year: number
  /** 1 to 12; absent for a year. */
  readonly month?: number
  readonly value: number
  readonly days: number
}

/** Π(1 + r) − 1 by calendar month, in time order. `dates` are YYYYMMDD ascending; NaN days are left out, a month of nothing but NaN is NaN. */
export function monthlyReturns(dates: Uint32Array, returns: Float64Array): PeriodReturn[] {
  return grouped(dates, returns, 100).map(({ key, ...rest }) => ({ year: Math.floor(key / 100), month: key % 100, ...rest }))
}

/** The same by calendar year. */
export function yearlyReturns(dates: Uint32Array, returns: Float64Array): PeriodReturn[] {
  return grouped(dates, returns, 10_000).map(({ key, ...rest }) => ({ year: key, ...rest }))
}

/** Places of the last date of each month. */
export function monthEnds(dates: Uint32Array): number[] {
  return [...dates.keys()].filter((day) => day === dates.length - 1 || Math.floor(dates[day]! / 100) !== Math.floor(dates[day + 1]! / 100))
}

function grouped(dates: Uint32Array, returns: Float64Array, unit: number): { key: number; value: number; days: number }[] {
  if (dates.length !== returns.length) throw new RangeError(`Cannot group returns: one per date, found ${returns.length} for ${dates.length} dates`)
  const periods: { key: number; value: number; days: number }[] = []
  for (let day = 0; day < dates.length; day++) {
    const key = Math.floor(dates[day]! / unit)
    if (periods.at(-1)?.key !== key) periods.push({ key, value: NaN, days: 0 })
    const period = periods.at(-1)!
    if (Number.isNaN(returns[day]!)) continue
    period.value = (1 + (period.days === 0 ? 0 : period.value)) * (1 + returns[day]!) - 1
    period.days++
  }
  return periods
}
