import { addFlow, flowSums, removeFlow, type Flow } from './flow-sums.ts'

/** What a measure's number is: money in CNY, shares, CNY per share, a fraction, or a count. */
type MeasureUnit = 'cny' | 'share' | 'cny_per_share' | 'ratio' | 'count'

/**
 * 微结构度量: a named quantity over classified ticks, defined once for the nightly table and the live page.
 * All measures share one row of sums, so a tick is added or removed once for all of them; a measure is its reading of that row.
 */
export interface Measure<Name extends string = string> {
  /** The column of `stock_microstructure_daily`, and the live feature's name before its window (`big_net_value` → `…_5m`). */
  readonly name: Name
  readonly label: { readonly zh: string; readonly en: string }
  readonly unit: MeasureUnit
  /** A row of sums over no ticks. */
  create(): Float64Array
  add(sums: Float64Array, at: number, flow: Flow): void
  remove(sums: Float64Array, at: number, flow: Flow): void
  /** The number for the row of sums that starts at `at`; NaN where the denominator is 0. */
  value(sums: Float64Array, at: number): number
}

/** A measure over the shared sums: the four functions of a record, three of which all of them have in common. */
export function defineMeasure<const Name extends string>(measure: Pick<Measure<Name>, 'name' | 'label' | 'unit' | 'value'>): Measure<Name> {
  return { ...measure, create: flowSums, add: addFlow, remove: removeFlow }
}

/** CNY of a sum of whole 厘. */
export function cny(milli: number): number {
  return milli / 1000
}

/** A quotient that is NaN when nothing is below the line. */
export function share(part: number, whole: number): number {
  return whole === 0 ? NaN : part / whole
}
