import type { CandidateRow, LevelFlowRow } from '#core/candidate.ts'
import type { Code } from '#core/code.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { DailyField, DerivedColumn } from '#core/strategy.ts'
import { tradeDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import type { ExAction } from './corporate-action.ts'
import { NO_LIMIT, stockColumns, type StockColumns } from './stock-columns.ts'
import type { StockInput } from './stock-input.ts'

/** What a market is made of. */
export interface MarketInput {
  /** Market days ascending, complete. */
  readonly dates: ArrayLike<number>
  readonly stocks: readonly StockInput[]
  readonly candidates?: readonly CandidateRow[]
  readonly levelFlows?: readonly LevelFlowRow[]
}

const EVENING = clockTime('20:00')
const CLOSE = clockTime('15:00')

/**
 * The data of a run in columns: raw prices, corporate actions, features and point-in-time rows of every stock that was ever listed in the span, delisted ones
 * included. Stocks are numbered in code order. It never changes; columns derived from it are calculated once and kept for the next run.
 */
export class Market {
  readonly days: readonly TradeDate[]
  readonly stocks: readonly StockColumns[]
  readonly candidates: readonly CandidateRow[]
  /** Instant of midnight (Shanghai) of each day. */
  readonly midnights: Float64Array
  readonly #placeOf = new Map<number, number>()
  readonly #stockOf = new Map<string, number>()
  readonly #flows = new Map<string, LevelFlowRow>()
  readonly #exActions: readonly (readonly ExAction[] | undefined)[]
  readonly #delisted: readonly (readonly number[] | undefined)[]
  readonly #fields: Map<string, Float64Array>[]

  constructor({ dates, stocks, candidates = [], levelFlows = [] }: MarketInput) {
    this.days = Array.from(dates, (date) => tradeDate(date))
    this.days.forEach((date, place) => {
      if (place > 0 && date <= this.days[place - 1]!) throw new RangeError(`Cannot make a market: its days must ascend, found ${date} at place ${place}`)
      this.#placeOf.set(date, place)
    })
    this.midnights = Float64Array.from(this.days, (date) => instantOf(date, 0))
    const sorted = stocks.toSorted((a, b) => (a.code < b.code ? -1 : 1))
    this.stocks = sorted.map((input, stock) => stockColumns(input, stock, this.days, this.#placeOf))
    this.stocks.forEach(({ code }, stock) => {
      if (this.#stockOf.has(code)) throw new RangeError(`Cannot make a market: a code comes once, found ${code} twice`)
      this.#stockOf.set(code, stock)
    })
    const exActions: (ExAction[] | undefined)[] = this.days.map(() => undefined)
    const delisted: (number[] | undefined)[] = this.days.map(() => undefined)
    this.stocks.forEach(({ exActions: own, isDelisted, first, length }, stock) => {
      for (const action of own) (exActions[action.day] ??= []).push(action)
      if (isDelisted) (delisted[first + length] ??= []).push(stock)
    })
    this.#exActions = exActions
    this.#delisted = delisted
    this.#fields = this.stocks.map(() => new Map())
    this.candidates = candidates.toSorted(byDayAndRank)
    for (const flow of levelFlows) this.#flows.set(`${flow.code} ${flow.date} ${flow.levelId}`, flow)
  }

  /** Place of a market day; undefined on any other day. */
  place(date: number): number | undefined {
    return this.#placeOf.get(date)
  }

  stock(code: Code): number | undefined {
    return this.#stockOf.get(code)
  }

  /** Whether any stock has a feature column of this name. */
  hasFeature(name: string): boolean {
    return this.stocks.some(({ features }) => features.has(name))
  }

  /** Ex-days of a market day; undefined on most. */
  exActionsOf(day: number): readonly ExAction[] | undefined {
    return this.#exActions[day]
  }

  /** Stocks that can no longer be traded from this day on; undefined on most days. */
  delistedOn(day: number): readonly number[] | undefined {
    return this.#delisted[day]
  }

  flow(code: Code, date: TradeDate, levelId: string): LevelFlowRow | undefined {
    return this.#flows.get(`${code} ${date} ${levelId}`)
  }

  /** A daily field of a stock in CNY (volume: shares), place 0 = its first day; kept after the first question. The caller must not change it. */
  field(stock: number, field: DailyField): Float64Array {
    return this.#kept(stock, field, () => fieldValues(this.stocks[stock]!, field))
  }

  /** A derived column of a stock, calculated on its whole history and kept under its name. */
  derived(stock: number, column: DerivedColumn): Float64Array {
    return this.#kept(stock, `=${column.name}`, () => {
      const source = this.field(stock, column.from)
      const values = column.compute(source)
      if (values.length !== source.length)
        throw new RangeError(`Cannot derive ${column.name}: it must have one value per day (${source.length}), found ${values.length}`)
      return values
    })
  }

  #kept(stock: number, name: string, make: () => Float64Array): Float64Array {
    const own = this.#fields[stock]!
    const found = own.get(name)
    if (found !== undefined) return found
    const made = make()
    own.set(name, made)
    return made
  }
}

/** When a candidate was first known: 20:00 of its day unless it says otherwise. */
export function candidateKnownAt(row: CandidateRow): EpochMs {
  return row.knownAt ?? instantOf(row.date, EVENING)
}

/** When the flow at a level was first known: 15:00 of its day unless it says otherwise. */
export function flowKnownAt(row: LevelFlowRow): EpochMs {
  return row.knownAt ?? instantOf(row.date, CLOSE)
}

/** By the day they are valid for, then rank score (best first), then code. */
export function byDayAndRank(a: CandidateRow, b: CandidateRow): number {
  return a.validFor - b.validFor || b.rankScore - a.rankScore || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
}

function fieldValues(stock: StockColumns, field: DailyField): Float64Array {
  if (field === 'amount' && stock.amount.length === 0) return new Float64Array(stock.length).fill(NaN)
  if (field === 'volume' || field === 'amount' || field === 'adjFactor') return stock[field]
  const prices = field === 'closeAdjusted' ? stock.close : stock[field]
  const isLimit = field === 'upLimit' || field === 'downLimit'
  const values = new Float64Array(prices.length)
  for (let i = 0; i < values.length; i++) {
    const cny = prices[i]! / 1000
    values[i] = isLimit && stock.flags[i]! & NO_LIMIT ? NaN : field === 'closeAdjusted' ? cny * stock.adjFactor[i]! : cny
  }
  return values
}
