import type { DailyField, PointColumn } from '#core/strategy.ts'
import { lookahead, type Moment } from './moment.ts'

/** Whether a field is known before the opening auction of its day. */
export function isKnownEarly(field: DailyField): boolean {
  return field === 'preClose' || field === 'upLimit' || field === 'downLimit' || field === 'adjFactor'
}

/** A daily field of a stock: known at the close of its day, or before its opening auction. */
export class DailyColumn implements PointColumn {
  readonly #values: Float64Array
  readonly #first: number
  readonly #moment: Moment
  readonly #early: boolean
  readonly #name: DailyField

  constructor(values: Float64Array, first: number, moment: Moment, name: DailyField) {
    this.#values = values
    this.#first = first
    this.#moment = moment
    this.#early = isKnownEarly(name)
    this.#name = name
  }

  at(day: number): number {
    if (day > (this.#early ? this.#moment.day : this.#moment.barDay)) throw lookahead(this.#name, day, this.#moment)
    const i = day - this.#first
    return i >= 0 && i < this.#values.length ? this.#values[i]! : NaN
  }
}

/** A feature: known at a time of its day, or at an instant of its own; read `lag` market days late for controls. */
export class FeatureColumn implements PointColumn {
  readonly #values: Float64Array
  readonly #knownAt: number | Float64Array
  readonly #first: number
  readonly #moment: Moment
  readonly #lag: number
  readonly #name: string

  constructor(values: Float64Array, knownAt: number | Float64Array, first: number, moment: Moment, lag: number, name: string) {
    this.#values = values
    this.#knownAt = knownAt
    this.#first = first
    this.#moment = moment
    this.#lag = lag
    this.#name = name
  }

  at(asked: number): number {
    const day = asked - this.#lag
    const i = day - this.#first
    if (asked > this.#moment.day) throw lookahead(this.#name, asked, this.#moment)
    if (!(i >= 0 && i < this.#values.length)) return NaN
    const known = typeof this.#knownAt === 'number' ? this.#moment.market.midnights[day]! + this.#knownAt : this.#knownAt[i]!
    const value = this.#values[i]!
    if (!(known <= this.#moment.now) && !(Number.isNaN(known) && Number.isNaN(value))) throw lookahead(this.#name, asked, this.#moment)
    return value
  }
}
