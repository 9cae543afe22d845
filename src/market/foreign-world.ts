import { marketCalendar } from '#core/market-day.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { foldBars, type Bars } from '#numeric/fold-bars.ts'
import { ForeignFactor } from './foreign-factor.ts'
import { foreignSymbols, type ForeignMarket, type ForeignSymbol } from './foreign-symbols.ts'
import { ForeignWalk, type ForeignCheckpoint, type ForeignDay } from './foreign-walk.ts'

/** What decides the foreign markets of a world. */
export interface ForeignSettings {
  readonly seed: number
  /** From this calendar day on; another first day is another market. */
  readonly firstDate: TradeDate
  /** Last market day by market: a later one leaves the days before as they are. */
  readonly lastDate: Readonly<Record<ForeignMarket, TradeDate>>
  readonly profiles: readonly ForeignMarket[]
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
    const dates = this.dates(symbol.market)
    const { walk, before } = this.#walks.getOrInsertComputed(symbol.code, () => {
      const made = new ForeignWalk(this.#seed, symbol, this.#factorOf(symbol.market))
      return { walk: made, before: [made.begin()] }
    })
    for (let day = before.length - 1; day < at; day++) before.push(walk.day(before[day]!, day, dates[day]!).after)
    const { day, after } = walk.day(before[at]!, at, dates[at]!)
    if (before.length === at + 1) before.push(after)
    return day
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
