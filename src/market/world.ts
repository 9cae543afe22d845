import type { TradeDate } from '#core/trade-date.ts'
import { sha256 } from '#numeric/sha256.ts'
import { SECTORS } from './invented-name.ts'
import { Stream } from './keyed-stream.ts'
import { marketFactors, type MarketFactors, type StreamOf } from './market-factors.ts'
import { drawStock, type Stock } from './stock.ts'

/** What decides a simulated market, completely. */
export interface WorldSettings {
  readonly seed: number
  /** How many stocks are drawn; those that list after the last date are left out. */
  readonly size: number
  /** The open dates, ascending. A later end leaves earlier days unchanged; another first date is another world. */
  readonly dates: readonly TradeDate[]
  /** 牛熊周期: the slow cycle of months (spec simulator §4.2); on unless told otherwise. */
  readonly slowCycle?: boolean
  /** Mean daily rank correlation of the planted signal with the next day's return (spec simulator §7.2); 0.03 unless told otherwise. */
  readonly signalIc?: number
  /** Correlation of a day's informed flow with the next day's return (spec simulator §9.6); 0.02 unless told otherwise. */
  readonly flowIc?: number
}

const FLOW_IC = 0.02

/** Counts every change of the generator that changes a number: part of the digest. */
const ENGINE_VERSION = 3

/**
 * 世界指纹: 64 hexadecimal digits over what decides a world (spec simulator §2.1): two worlds with the same digest have the same bytes on the days both
 * have. The last date is no part of it, because a later end leaves earlier days unchanged.
 */
export function worldDigest({ seed, size, dates, slowCycle = true, signalIc = 0.03, flowIc = FLOW_IC }: WorldSettings): string {
  const text = JSON.stringify(['fupan-sim', ENGINE_VERSION, seed, size, dates[0] ?? 0, slowCycle, signalIc, ...(flowIc === FLOW_IC ? [] : [flowIc])])
  return [...sha256(text)].map((word) => word.toString(16).padStart(8, '0')).join('')
}

/** 模拟市场: the stocks and what they share. Bars and ticks are computed from it, stock by stock. */
export interface World {
  readonly seed: number
  readonly dates: readonly TradeDate[]
  /** Index of each open date. */
  readonly dayOf: ReadonlyMap<TradeDate, number>
  /** Sorted by code. */
  readonly stocks: readonly Stock[]
  readonly factors: MarketFactors
  readonly signalIc: number
  readonly flowIc: number
  /** A stream of chance of this world, by purpose, entity and epoch. */
  readonly stream: StreamOf
}

/**
 * A market from a seed. Streams are keyed by purpose, code or sector, and date, so a larger world contains the smaller one unchanged.
 * Throws RangeError when the dates are empty or not ascending, or the size is outside 1…8000.
 */
export function createWorld({ seed, size, dates, slowCycle = true, signalIc = 0.03, flowIc = FLOW_IC }: WorldSettings): World {
  if (!(Number.isInteger(size) && size >= 1 && size <= 8000))
    throw new RangeError(`Cannot create a simulated market: its size is a whole number from 1 to 8000, found ${size}`)
  if (dates.length === 0) throw new RangeError('Cannot create a simulated market: it needs at least one open date, found none')
  const disorder = dates.findIndex((date, day) => day > 0 && date <= dates[day - 1]!)
  if (disorder >= 0) throw new RangeError(`Cannot create a simulated market: open dates ascend, found ${dates[disorder]} after ${dates[disorder - 1]}`)
  const stream: StreamOf = (domain, entity = '', epoch = 0) => new Stream(seed, domain, entity, epoch)
  const drawn = Array.from({ length: size }, (_, ordinal) => drawStock(seed, ordinal, dates)).filter((stock) => stock !== undefined)
  return {
    seed,
    dates,
    dayOf: new Map(dates.map((date, day) => [date, day])),
    stocks: drawn.toSorted((a, b) => (a.code < b.code ? -1 : 1)),
    factors: marketFactors(
      stream,
      dates,
      SECTORS.map(({ name }) => name),
      slowCycle,
    ),
    signalIc,
    flowIc,
    stream,
  }
}
