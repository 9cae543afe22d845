import type { TickDay } from '#core/tick.ts'

/** The ticks of a day at the given rows, in that order: a new day, the old one untouched. */
export function selectTicks(day: TickDay, rows: Uint32Array): TickDay {
  const length = rows.length
  const pick = <Column extends Float64Array | Int32Array | Uint8Array>(from: Column, to: Column): Column => {
    for (let i = 0; i < length; i++) to[i] = from[rows[i]!]!
    return to
  }
  return {
    code: day.code,
    date: day.date,
    grain: day.grain,
    length,
    at: pick(day.at, new Float64Array(length)),
    price: pick(day.price, new Int32Array(length)),
    volume: pick(day.volume, new Float64Array(length)),
    amount: pick(day.amount, new Float64Array(length)),
    amountEstimated: pick(day.amountEstimated, new Uint8Array(length)),
    vendorSide: pick(day.vendorSide, new Float64Array(length)),
    tradeCount: pick(day.tradeCount, new Float64Array(length)),
    bid1: pick(day.bid1, new Float64Array(length)),
    ask1: pick(day.ask1, new Float64Array(length)),
  }
}

/** The first `length` ticks of a day: views of the same columns, nothing is copied. */
export function firstTicks(day: TickDay, length: number): TickDay {
  return ticksBetween(day, 0, length)
}

/** The ticks [from, to) of a day: views of the same columns, nothing is copied. */
export function ticksBetween(day: TickDay, from: number, to: number): TickDay {
  return {
    ...day,
    length: to - from,
    at: day.at.subarray(from, to),
    price: day.price.subarray(from, to),
    volume: day.volume.subarray(from, to),
    amount: day.amount.subarray(from, to),
    amountEstimated: day.amountEstimated.subarray(from, to),
    vendorSide: day.vendorSide.subarray(from, to),
    tradeCount: day.tradeCount.subarray(from, to),
    bid1: day.bid1.subarray(from, to),
    ask1: day.ask1.subarray(from, to),
  }
}
