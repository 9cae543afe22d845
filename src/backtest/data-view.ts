import type { CandidateRow, LevelFlowRow } from '#core/candidate.ts'
import type { Code } from '#core/code.ts'
import { clockTime } from '#core/shanghai-time.ts'
import type { DailyField, DataView, DerivedColumn, PointColumn } from '#core/strategy.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { byDayAndRank, candidateKnownAt, flowKnownAt, type Market } from './market.ts'
import { lookahead, type Moment } from './moment.ts'
import { DailyColumn, FeatureColumn, isKnownEarly } from './point-columns.ts'
import { DELISTING, RISK_WARNING, SUSPENDED } from './stock-columns.ts'

const CLOSE = clockTime('15:00')

const NO_VALUES = new Float64Array(0)

/** What a view leaves out or delays, for controls. */
export interface ViewOptions {
  /** Features and level flows are read this many market days late. */
  readonly featureLag: number
  readonly candidates: readonly CandidateRow[]
}

/** `known_at ≤ now`, enforced here: every read of a strategy passes a check of this view or of the columns it hands out (point-columns.ts). */
export class PointInTimeView implements DataView {
  readonly #market: Market
  readonly #moment: Moment
  readonly #lag: number
  readonly #candidatesOf = new Map<number, CandidateRow[]>()

  constructor(market: Market, moment: Moment, { featureLag, candidates }: ViewOptions) {
    this.#market = market
    this.#moment = moment
    this.#lag = featureLag
    for (const row of candidates.toSorted(byDayAndRank)) {
      const place = market.place(row.validFor)
      if (place === undefined) continue
      const own = this.#candidatesOf.get(place)
      if (own === undefined) this.#candidatesOf.set(place, [row])
      else own.push(row)
    }
  }

  get stocks(): number {
    return this.#market.stocks.length
  }

  get day(): number {
    return this.#moment.day
  }

  get date(): TradeDate {
    return this.#market.days[this.#moment.day]!
  }

  code(stock: number): Code {
    return this.#market.stocks[stock]!.code
  }

  stock(code: Code): number | undefined {
    return this.#market.stock(code)
  }

  field(stock: number, field: DailyField): PointColumn {
    return new DailyColumn(this.#market.field(stock, field), this.#market.stocks[stock]!.first, this.#moment, field)
  }

  derived(stock: number, column: DerivedColumn): PointColumn {
    return new DailyColumn(
      this.#market.derived(stock, column),
      this.#market.stocks[stock]!.first,
      this.#moment,
      isKnownEarly(column.from) ? 'close' : column.from,
    )
  }

  feature(stock: number, name: string): PointColumn {
    const { first, features } = this.#market.stocks[stock]!
    const found = features.get(name)
    if (found === undefined && !this.#market.hasFeature(name))
      throw new RangeError(`Cannot read feature ${name}: some stock of the market must have it, found none. Load it with the stocks`)
    return new FeatureColumn(found?.values ?? NO_VALUES, found?.knownAt ?? CLOSE, first, this.#moment, this.#lag, name)
  }

  history(stock: number, field: DailyField, n: number, adjust: 'none' | 'pit'): Float64Array {
    const values = this.#market.field(stock, field)
    const { first, adjFactor } = this.#market.stocks[stock]!
    const last = Math.min(isKnownEarly(field) ? this.#moment.day : this.#moment.barDay, first + values.length - 1) - first
    const out = values.slice(Math.max(0, last - n + 1), Math.max(0, last + 1))
    if (adjust === 'pit' && field !== 'adjFactor' && field !== 'closeAdjusted' && field !== 'amount')
      for (let k = 0; k < out.length; k++) {
        const ratio = adjFactor[last - out.length + 1 + k]! / adjFactor[last]!
        out[k] = field === 'volume' ? out[k]! / ratio : out[k]! * ratio
      }
    return out
  }

  isListed(stock: number): boolean {
    const { first, length } = this.#market.stocks[stock]!
    return this.#moment.day >= first && this.#moment.day < first + length
  }

  isSuspended(stock: number): boolean {
    return (this.#flags(stock) & SUSPENDED) !== 0
  }

  isRiskWarning(stock: number): boolean {
    return (this.#flags(stock) & RISK_WARNING) !== 0
  }

  isDelisting(stock: number): boolean {
    const { first, length, isDelisted } = this.#market.stocks[stock]!
    return (this.#flags(stock) & DELISTING) !== 0 || (isDelisted && this.#moment.day === first + length - 1)
  }

  candidates(): readonly CandidateRow[] {
    const rows = this.#candidatesOf.get(this.#moment.day) ?? []
    return rows.filter((row) => candidateKnownAt(row) <= this.#moment.now)
  }

  levelFlow(stock: number, levelId: string, day: number): LevelFlowRow | undefined {
    if (day > this.#moment.day) throw lookahead(`the flow at level ${levelId}`, day, this.#moment)
    const date = this.#market.days[day - this.#lag]
    const row = date === undefined ? undefined : this.#market.flow(this.code(stock), date, levelId)
    return row !== undefined && flowKnownAt(row) <= this.#moment.now ? row : undefined
  }

  #flags(stock: number): number {
    const { first, flags } = this.#market.stocks[stock]!
    return flags[this.#moment.day - first] ?? 0
  }
}
