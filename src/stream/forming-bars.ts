import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { LAST_SLOT, MINUTE_SLOTS, minuteSlot, SEGMENT, segmentAt, sessionRulesOn, type SessionRules } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { fillMinutes, tradedMinutes, type TradedMinutes } from '#numeric/minute-bars.ts'
import { TradeRing, type TapeTrade } from './trade-ring.ts'

/** A stock's day so far, as its trades came in. */
export interface LiveDay {
  readonly date: TradeDate
  /** The last minute slot that is over: 0 before 09:31, 240 after the close. */
  readonly passed: number
  /** Every minute up to the one that forms, CNY; slot 0 the opening auction. */
  readonly bars: TradedMinutes
  /** Event time of the last trade. */
  readonly at: EpochMs
  /** CNY; NaN = not known, 0 = that side is empty. Those in force before the last trade. */
  readonly bid1: number
  readonly ask1: number
  /** Reference price of the day, CNY; NaN = not known. */
  readonly previousClose: number
}

/** Minutes close this long after their end, so that the last trades of them have come (spec intraday §7.1). */
const LATENESS_MS = 3000

interface Day {
  readonly rules: SessionRules
  readonly open: Int32Array
  readonly high: Int32Array
  readonly low: Int32Array
  readonly close: Int32Array
  readonly volume: Float64Array
  readonly amount: Float64Array
  readonly trades: Float64Array
  readonly tape: TradeRing
  slot: number
  seq: number
  hasOpened: boolean
  last: Tick
}

/**
 * 形成中的分钟线: one session's trades folded into minutes, per stock, with the clamping of spec simulator §17.2. The same trades give the bars of
 * `market_klines`. Event time alone moves it; a record that came twice (by its ordinal) counts once.
 */
export class FormingBars {
  readonly date: TradeDate
  readonly #midnight: number
  readonly #previousCloseOf: (code: Code) => number
  readonly #days = new Map<Code, Day>()
  #marketAt = -Infinity
  #isOver = false

  /** `previousCloseOf` in CNY, NaN where it is not known. */
  constructor(date: TradeDate, previousCloseOf: (code: Code) => number) {
    this.date = date
    this.#midnight = instantOf(date, 0)
    this.#previousCloseOf = previousCloseOf
  }

  /** Take a trade in. True when it changed a bar. */
  push(tick: Tick): boolean {
    if (tick.at > this.#marketAt) this.#marketAt = tick.at
    if (!(tick.price > 0 && tick.volume > 0 && tick.amount > 0)) return false
    let day = this.#days.get(tick.code)
    if (day !== undefined && tick.seq <= day.seq) return false
    const rules = day?.rules ?? sessionRulesOn(this.date, exchangeOf(tick.code), boardOf(tick.code))
    const slot = this.#slotOf(tick, rules, day?.hasOpened ?? false)
    if (Number.isNaN(slot)) return false
    if (day === undefined) {
      day = newDay(rules, tick)
      this.#days.set(tick.code, day)
    }
    day.tape.push(tick)
    day.seq = tick.seq
    day.last = tick
    if (slot === 0) day.hasOpened = true
    if (day.volume[slot] === 0) day.open[slot] = day.high[slot] = day.low[slot] = tick.price
    if (tick.price > day.high[slot]!) day.high[slot] = tick.price
    if (tick.price < day.low[slot]!) day.low[slot] = tick.price
    day.close[slot] = tick.price
    day.volume[slot]! += tick.volume
    day.amount[slot]! += tick.amount
    day.trades[slot]! += tick.tradeCount
    if (slot > day.slot) day.slot = slot
    return true
  }

  /** No trade will come any more: every minute is over. */
  endSession(): void {
    this.#isOver = true
  }

  /** The last minute slot that is over for the market as a whole. */
  get passed(): number {
    if (this.#isOver) return LAST_SLOT
    const time = this.#marketAt - LATENESS_MS - this.#midnight
    return time < AM_END ? clamped((time - AM_START) / MINUTE, 0, 120) : clamped(120 + (time - PM_START) / MINUTE, 120, LAST_SLOT)
  }

  /** The newest trades of a stock that are in its bars, newest first, those numbered below `before`. */
  tape(code: string, before: number, limit: number): readonly TapeTrade[] {
    return this.#days.get(code as Code)?.tape.read(before, limit) ?? []
  }

  of(code: string): LiveDay | undefined {
    const day = this.#days.get(code as Code)
    if (day === undefined) return undefined
    const { last } = day
    const previousClose = this.#previousCloseOf(last.code)
    const passed = this.passed
    return {
      date: this.date,
      passed,
      bars: fillMinutes(tradedMinutes(day), previousClose, Math.max(day.slot, passed, 1)),
      at: last.at,
      bid1: last.bid1 / 1000,
      ask1: last.ask1 / 1000,
      previousClose,
    }
  }

  /** As `micro/admit-ticks.ts` and the nightly table place a trade; NaN = in no bar. */
  #slotOf({ at, grain, tradeCount }: Tick, rules: SessionRules, hasOpened: boolean): number {
    const time = at - this.#midnight
    const segment = segmentAt(time, rules)
    if (time >= OPEN_STARTS && time < OPEN_STARTS + MINUTE) return tradeCount !== 0 && (grain === 'TBT' || !hasOpened) ? 0 : NaN
    if (grain === 'BAR1M' && time === AM_START) return 0
    if (grain === 'SNAPDIFF' && segment === SEGMENT.LUNCH) return 120
    if (grain === 'SNAPDIFF' && segment === SEGMENT.CLOSE_CALL) return minuteSlot(rules.pmEnd, rules)
    return segment === SEGMENT.AM || segment === SEGMENT.PM || segment === SEGMENT.CLOSE_PRINT ? minuteSlot(time, rules) : NaN
  }
}

const MINUTE = 60_000
const OPEN_STARTS = (9 * 60 + 25) * MINUTE
const AM_START = (9 * 60 + 30) * MINUTE
const AM_END = (11 * 60 + 30) * MINUTE
const PM_START = 13 * 60 * MINUTE

function clamped(minutes: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Math.floor(minutes)))
}

function newDay(rules: SessionRules, last: Tick): Day {
  const prices = () => new Int32Array(MINUTE_SLOTS)
  const sums = () => new Float64Array(MINUTE_SLOTS)
  return {
    rules,
    open: prices(),
    high: prices(),
    low: prices(),
    close: prices(),
    volume: sums(),
    amount: sums(),
    trades: sums(),
    tape: new TradeRing(),
    slot: 0,
    seq: -1,
    hasOpened: false,
    last,
  }
}
