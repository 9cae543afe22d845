import { slotEnd } from '#core/kline-interval.ts'
import { sessionOn } from '#core/market-day.ts'
import { PROFILES, type Market } from '#core/market-profile.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { zoneInstant } from '#core/zone-time.ts'
import { wholeBar } from '#numeric/fold-bars.ts'
import type { TradedMinutes } from '#numeric/minute-bars.ts'
import type { LiveDay } from './forming-bars.ts'
import type { Minute } from './live-minutes.ts'

/** A symbol's whole day, made beforehand: every minute from its first one on, in the market's currency. */
export interface MadeDay {
  readonly bars: TradedMinutes
  /** NaN = not known. */
  readonly previousClose: number
}

/** 场内分钟: the session of one market, made beforehand by symbol and shown up to the minute that is over. A day costs what its bars do: what is shown are views of them. */
export class MarketMinutes {
  readonly market: Market
  readonly date: TradeDate
  /** The last minute slot that is over, −1 before the first. */
  passed = -1
  readonly #days: ReadonlyMap<string, MadeDay>

  constructor(market: Market, date: TradeDate, days: ReadonlyMap<string, MadeDay>) {
    this.market = market
    this.date = date
    this.#days = days
  }

  /** The day of a symbol up to the minute that is over; nothing before its first one. */
  of(code: string): LiveDay | undefined {
    return this.at(code, this.passed)
  }

  /** The day of a symbol up to minute `slot`. */
  at(code: string, slot: number): LiveDay | undefined {
    const day = this.#days.get(code)
    if (day === undefined || !(day.bars.slot[0]! <= slot)) return undefined
    const { bars, previousClose } = day
    const length = Math.min(bars.slot.length, slot - bars.slot[0]! + 1)
    return {
      date: this.date,
      passed: slot,
      bars: {
        slot: bars.slot.subarray(0, length),
        open: bars.open.subarray(0, length),
        high: bars.high.subarray(0, length),
        low: bars.low.subarray(0, length),
        close: bars.close.subarray(0, length),
        volume: bars.volume.subarray(0, length),
        amount: bars.amount.subarray(0, length),
        trades: bars.trades.subarray(0, length),
      },
      at: zoneInstant(PROFILES[this.market].zone, this.date, slotEnd(sessionOn(this.market, this.date), slot)),
      bid1: NaN,
      ask1: NaN,
      previousClose,
    }
  }
}

/** A day so far as one bar. */
export function barSoFar({ bars }: LiveDay): Minute {
  return wholeBar(bars)
}
