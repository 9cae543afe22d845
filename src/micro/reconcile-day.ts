/** How complete a day of ticks must be. Fractions of the exchange's daily amount. Spec microstructure §2.5. */
export interface ReconcileParams {
  readonly okFrom: number
  readonly partialFrom: number
  readonly badAbove: number
}

/** The defaults of spec microstructure §2.5. */
export const RECONCILE_PARAMS: ReconcileParams = Object.freeze({ okFrom: 0.98, partialFrom: 0.9, badAbove: 1.02 })

/** UNCHECKED: there was no daily amount to compare with (the day is not over, or the daily file has not come). */
export type DayQuality = 'OK' | 'PARTIAL' | 'BAD' | 'UNCHECKED'

export interface Reconciliation {
  /** Tick amount ÷ daily amount; NaN when unchecked. */
  readonly coverage: number
  readonly quality: DayQuality
}

/**
 * 成交核对: compare the ticks of a day with the daily bar, all in CNY (spec microstructure §2.5). Vendors differ on whether the daily amount
 * contains the after-hours session, so it is tried without and with, and the ratio closer to 1 counts. A BAD day gets no summary row.
 */
export function reconcileDay(tickValue: number, afterHoursValue: number, dailyAmount: number, params: ReconcileParams = RECONCILE_PARAMS): Reconciliation {
  if (!(dailyAmount > 0)) return { coverage: NaN, quality: 'UNCHECKED' }
  const without = tickValue / dailyAmount
  const within = (tickValue + afterHoursValue) / dailyAmount
  const coverage = Math.abs(within - 1) < Math.abs(without - 1) ? within : without
  if (coverage < params.partialFrom || coverage > params.badAbove) return { coverage, quality: 'BAD' }
  return { coverage, quality: coverage >= params.okFrom ? 'OK' : 'PARTIAL' }
}
