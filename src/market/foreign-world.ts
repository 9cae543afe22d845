import { marketCalendar, minutesOn } from '#core/market-day.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { foldBars, type Bars } from '#numeric/fold-bars.ts'
import { ForeignFactor } from './foreign-factor.ts'
import { foreignSymbols, type ForeignMarket, type ForeignSymbol } from './foreign-symbols.ts'
import { ForeignWalk, type ForeignCheckpoint, type ForeignDay, type WalkedDay } from './foreign-walk.ts'
import { Stream } from './keyed-stream.ts'
import { regimeMinutes, type RegimeMinutes } from './regime.ts'

/** What decides the foreign markets of a world. */
export interface ForeignSettings {
  readonly seed: number
  /** From this calendar day on; another first day is another market. */
  readonly firstDate: TradeDate
  /** Last market day by market: a later one leaves the days before as they are. */
  readonly lastDate: Readonly<Record<ForeignMarket, TradeDate>>
  readonly profiles: readonly ForeignMarket[]
}

/** What a live market shows of a symbol's day. */
export interface ForeignSession {
  readonly day: ForeignDay
  /** Own volatility per year at a regime multiplier of 1. */
  readonly volatility: number
  readonly regime: RegimeMinutes
  /** NaN on the first day of the market. */
  readonly previousClose: number
}

/** A day's bar, folded from its minutes. */
export interface ForeignDaily extends Bars {
  readonly date: Int32Array
}

/** 境外模拟市场: the symbols outside China and their bars, drawn when asked for. A symbol's bars do not depend on which others there are. */
export class ForeignWorld {
  readonly symbols: readonly ForeignSymbol[]
  readonly #seed: number
  readonly #dates: ReadonlyMap<ForeignMarket, readonly TradeDate[]>
  readonly #factors = new Map<ForeignMarket, ForeignFactor>()
  readonly #walks = new Map<string, { readonly walk: ForeignWalk; readonly before: ForeignCheckpoint[] }>()

  constructor({ seed, firstDate, lastDate, profiles }: ForeignSettings) {
    this.symbols = foreignSymbols(profiles)
    this.#seed = seed
    const markets = new Set(this.symbols.map(({ market }) => market))
    this.#dates = new Map([...markets].map((market) => [market, lastDate[market] < firstDate ? [] : marketCalendar(market).dates(firstDate, lastDate[market])]))
  }

  /** The market days of a market, ascending. */
  dates(market: ForeignMarket): readonly TradeDate[] {
    return this.#dates.get(market) ?? []
  }

  /** The minutes of a symbol on the day of an index; days before it are walked once and their checkpoints kept. */
  day(symbol: ForeignSymbol, at: number): ForeignDay {
    return this.#walked(symbol, at).day
  }

  /** The day of an index as a live market shows it. */
  session(symbol: ForeignSymbol, at: number): ForeignSession {
    const { day, volatility } = this.#walked(symbol, at)
    const before = this.#walkOf(symbol).before[at]!
    const chance = new Stream(this.#seed, 'regime', symbol.code).at(day.date)
    return {
      day,
      volatility,
      regime: regimeMinutes(before.regime, chance, minutesOn(symbol.market, day.date)),
      previousClose: at === 0 ? NaN : this.day(symbol, at - 1).close.at(-1)!,
    }
  }

  /** Walk a market up to the day of an index, a day of all its symbols at a time: who has other work does it in between. */
  *walkTo(market: ForeignMarket, at: number): Generator<undefined, void> {
    const symbols = this.symbols.filter((symbol) => symbol.market === market)
    const reached = Math.min(...symbols.map((symbol) => this.#walkOf(symbol).before.length - 1))
    for (let day = reached; day < at; day++) {
      for (const symbol of symbols) this.#walked(symbol, day)
      yield
    }
  }

  #walked(symbol: ForeignSymbol, at: number): WalkedDay {
    const dates = this.dates(symbol.market)
    const { walk, before } = this.#walkOf(symbol)
    for (let day = before.length - 1; day < at; day++) before.push(walk.day(before[day]!, day, dates[day]!).after)
    const walked = walk.day(before[at]!, at, dates[at]!)
    if (before.length === at + 1) before.push(walked.after)
    return walked
  }

  #walkOf(symbol: ForeignSymbol) {
    return this.#walks.getOrInsertComputed(symbol.code, () => {
      const walk = new ForeignWalk(this.#seed, symbol, this.#factorOf(symbol.market))
      return { walk, before: [walk.begin()] }
    })
  }

  #factorOf(market: ForeignMarket): ForeignFactor {
    return this.#factors.getOrInsertComputed(market, () => new ForeignFactor(this.#seed, market, this.dates(market)))
  }
}

/** Daily bars of days of minutes. */
export function dailyOf(days: readonly ForeignDay[]): ForeignDaily {
  const folded = days.map((day) => foldBars(day, [0, day.slot.length]))
  const column = (name: keyof Bars) => Float64Array.from(folded, (bar) => bar[name][0]!)
  return {
    date: Int32Array.from(days, ({ date }) => date),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    amount: column('amount'),
    trades: column('trades'),
  }
}
