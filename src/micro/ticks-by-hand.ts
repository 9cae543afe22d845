import { readCode } from '#core/code.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Grain, TickDay } from '#core/tick.ts'
import { tradeDate } from '#core/trade-date.ts'

/** One record as a person writes it: clock time, price in CNY, shares; amount in CNY is price × volume (estimated) unless given. */
export interface WrittenTick {
  readonly time: string
  readonly price: number
  readonly volume?: number
  readonly amount?: number
  readonly flag?: 'B' | 'S' | 'M'
  readonly trades?: number
  readonly bid1?: number
  readonly ask1?: number
}

const FLAGS = { B: 1, S: -1, M: 0 } as const

/** A day of ticks written by hand, for tests and examples: 600000.SH on 2026-01-05. Absent fields are what a feed without them gives. */
export function ticksByHand(grain: Grain, ticks: readonly WrittenTick[]): TickDay {
  const date = tradeDate(20260105)
  const column = (read: (tick: WrittenTick) => number): Float64Array => Float64Array.from(ticks, read)
  const milli = (value: number | undefined): number => (value === undefined ? NaN : Math.round(value * 1000))
  return {
    code: readCode('600000.SH'),
    date,
    grain,
    length: ticks.length,
    at: column((tick) => instantOf(date, clockTime(tick.time))),
    price: Int32Array.from(ticks, (tick) => Math.round(tick.price * 1000)),
    volume: column((tick) => tick.volume ?? 100),
    amount: column((tick) => Math.round((tick.amount ?? tick.price * (tick.volume ?? 100)) * 1000)),
    amountEstimated: Uint8Array.from(ticks, (tick) => (tick.amount === undefined ? 1 : 0)),
    vendorSide: column((tick) => (tick.flag === undefined ? NaN : FLAGS[tick.flag])),
    tradeCount: column((tick) => tick.trades ?? NaN),
    bid1: column((tick) => milli(tick.bid1)),
    ask1: column((tick) => milli(tick.ask1)),
  }
}
