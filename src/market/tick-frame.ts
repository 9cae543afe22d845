import { frameOf, toLabels, type Frame, type Labels } from '#core/frame.ts'
import type { TickDay } from '#core/tick.ts'

/** Tick days as rows of `ods_tick`: one stock-day after the other, `seq` from 0 in each. */
export function tickFrame(days: readonly TickDay[], source: string): Frame {
  const length = days.reduce((sum, day) => sum + day.length, 0)
  const starts = days.map((_, k) => days.slice(0, k).reduce((sum, day) => sum + day.length, 0))
  const repeated = (of: (day: TickDay) => string): Labels => {
    const { index, values } = toLabels(days.map(of))
    const rows = new Uint32Array(length)
    for (const [k, day] of days.entries()) rows.fill(index[k]!, starts[k], starts[k]! + day.length)
    return { index: rows, values }
  }
  const columns = <Out extends Float64Array | Int32Array | Uint32Array | Uint8Array>(out: Out, of: (day: TickDay) => ArrayLike<number>): Out => {
    for (const [k, day] of days.entries()) out.set(of(day), starts[k])
    return out
  }
  const side = columns(new Float64Array(length), (day) => day.vendorSide)
  return frameOf({
    trade_date: columns(new Uint32Array(length), (day) => new Uint32Array(day.length).fill(day.date)),
    ts_code: repeated((day) => day.code),
    grain: repeated((day) => day.grain),
    source: repeated(() => source),
    at: columns(new Float64Array(length), (day) => day.at),
    seq: columns(new Uint32Array(length), (day) => Uint32Array.from({ length: day.length }, (_, seq) => seq)),
    price: columns(new Int32Array(length), (day) => day.price),
    volume: columns(new Float64Array(length), (day) => day.volume),
    amount: columns(new Float64Array(length), (day) => day.amount),
    amount_est: columns(new Uint8Array(length), (day) => day.amountEstimated),
    vendor_side: { index: Uint32Array.from(side, (flag) => 1 - flag), values: ['B', 'M', 'S'] },
    trade_count: columns(new Float64Array(length), (day) => day.tradeCount),
    bid1: columns(new Float64Array(length), (day) => day.bid1),
    ask1: columns(new Float64Array(length), (day) => day.ask1),
  })
}
