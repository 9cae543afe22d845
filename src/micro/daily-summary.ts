import type { Code } from '#core/code.ts'
import { SEGMENT } from '#core/session.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Grain } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { firstAtLeast } from '#numeric/first-place.ts'
import type { BigTradeThreshold } from './big-trade-threshold.ts'
import type { BulkFlow } from './bulk-volume.ts'
import { SIDE_METHODS } from './classify-side.ts'
import type { ClassifiedDay } from './classify-sides.ts'
import { bigFrom, FLOW, flowSums } from './flow-sums.ts'
import { foldFlows } from './fold-flows.ts'
import { cny } from './measure.ts'
import { measures, type MeasureName } from './measures/index.ts'
import { reconcileDay, RECONCILE_PARAMS, type DayQuality, type ReconcileParams } from './reconcile-day.ts'

/** The numeric columns of `stock_microstructure_daily`: the measures over the whole day, and what belongs to a day alone. */
export type SummaryField = MeasureName | 'big_net_open' | 'big_net_mid' | 'big_net_close' | 'ofi_bvc' | 'vpin' | 'ah_volume' | 'ah_value' | 'threshold' | 'cov'

/** 日度微结构摘要: one row of `stock_microstructure_daily` (spec microstructure §6). CNY, shares and fractions; NaN = not known. */
export interface DailySummary {
  readonly code: Code
  readonly date: TradeDate
  readonly grain: Grain
  readonly values: Readonly<Record<SummaryField, number>>
  readonly thresholdMethod: BigTradeThreshold['method']
  /** BAD: the ticks do not add up to the day; no row is written and the job warns. */
  readonly quality: DayQuality
  /** JSON, method name → share of the value of continuous trading, methods that decided nothing left out. */
  readonly sideMethods: string
}

export interface SummaryOptions {
  readonly threshold: BigTradeThreshold
  /** The exchange's amount of the day, CNY; NaN leaves the day UNCHECKED. */
  readonly dailyAmount: number
  /** Bulk-volume flow of the day's minute bars; absent when there is no history to scale it with. */
  readonly bulk?: BulkFlow
  readonly reconcile?: ReconcileParams
}

const OPEN_ENDS = clockTime('10:00')
const CLOSE_BEGINS = clockTime('14:00')

/**
 * 日度微结构摘要: fold a classified day into its row. The same sums and measures as the live windows, read once at 10:00, 14:00 and the end,
 * so that big_net_open + big_net_mid + big_net_close = big_net_value in whole 厘. Bars have no big trades and no sides: those columns are NaN.
 */
export function summarizeDay(classified: ClassifiedDay, options: SummaryOptions): DailySummary {
  const { day } = classified
  const morningEnd = firstAtLeast(day.at, instantOf(day.date, OPEN_ENDS), day.length)
  const closeStart = firstAtLeast(day.at, instantOf(day.date, CLOSE_BEGINS), day.length)
  const from = bigFrom(options.threshold.threshold)
  const sums = flowSums()
  const openNet = bigNet(foldFlows(sums, classified, { from: 0, to: morningEnd }, from))
  const midNet = bigNet(foldFlows(sums, classified, { from: morningEnd, to: closeStart }, from)) - openNet
  const closeNet = bigNet(foldFlows(sums, classified, { from: closeStart, to: day.length }, from)) - midNet - openNet
  const afterHours = sumAfterHours(classified)
  const { coverage, quality } = reconcileDay(cny(sums[FLOW.totalAmount]!), cny(afterHours.amount), options.dailyAmount, options.reconcile ?? RECONCILE_PARAMS)
  const values = Object.fromEntries(measures.map((measure) => [measure.name, measure.value(sums, 0)])) as Record<SummaryField, number>
  values.big_net_open = cny(openNet)
  values.big_net_mid = cny(midNet)
  values.big_net_close = cny(closeNet)
  values.ofi_bvc = options.bulk?.imbalance ?? NaN
  values.vpin = options.bulk?.vpin ?? NaN
  values.ah_volume = afterHours.volume
  values.ah_value = cny(afterHours.amount)
  values.threshold = options.threshold.threshold
  values.cov = coverage
  if (day.grain === 'BAR1M') forgetSides(values)
  return {
    code: day.code,
    date: day.date,
    grain: day.grain,
    values,
    thresholdMethod: options.threshold.method,
    quality,
    sideMethods: sideMethodShares(classified),
  }
}

function bigNet(sums: Float64Array): number {
  return sums[FLOW.bigBuyAmount]! - sums[FLOW.bigSellAmount]!
}

/** A bar has neither trades nor sides: what would be 0 was never seen. */
function forgetSides(values: Record<SummaryField, number>): void {
  for (const name of Object.keys(values) as SummaryField[]) if (name.startsWith('big_') || name === 'order_flow_imbalance') values[name] = NaN
}

function sumAfterHours({ day, segments }: ClassifiedDay): { readonly amount: number; readonly volume: number } {
  let amount = 0
  let volume = 0
  for (let i = day.length - 1; i >= 0 && segments[i] === SEGMENT.AH_FIXED; i--) {
    amount += day.amount[i]!
    volume += day.volume[i]!
  }
  return { amount, volume }
}

function sideMethodShares({ day, segments, sides }: ClassifiedDay): string {
  const amounts = new Float64Array(SIDE_METHODS.length)
  let total = 0
  for (let i = 0; i < day.length; i++) {
    const segment = segments[i]!
    if (segment !== SEGMENT.AM && segment !== SEGMENT.PM) continue
    amounts[sides.method[i]!]! += day.amount[i]!
    total += day.amount[i]!
  }
  return JSON.stringify(Object.fromEntries(SIDE_METHODS.flatMap((method, m) => (amounts[m]! > 0 ? [[method, amounts[m]! / total]] : []))))
}
