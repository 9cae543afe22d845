import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'

/** 评分历史: the scores of many days, asked for what was known before one of them. Values come sorted, unknown ones left out. */
export class ScoreHistory {
  readonly #frame: Frame
  readonly #date: ArrayLike<number>
  readonly #byDate: ReadonlyMap<number, readonly number[]>
  readonly #byCode: ReadonlyMap<string, readonly number[]>

  /** A frame with trade_date, ts_code and one column per kind of score. */
  constructor(frame: Frame) {
    this.#frame = frame
    this.#date = numbers(frame, 'trade_date')
    const code = labels(frame, 'ts_code')
    const rows = Array.from({ length: frame.length }, (_, row) => row)
    this.#byDate = Map.groupBy(rows, (row) => this.#date[row]!)
    this.#byCode = Map.groupBy(rows, (row) => labelAt(code, row)!)
  }

  rowsOn(date: TradeDate): readonly number[] {
    return this.#byDate.get(date) ?? []
  }

  /** A stock's own values on days in [since, before). */
  own(kind: string, code: string, since: TradeDate, before: TradeDate): Float64Array {
    const column = numbers(this.#frame, kind)
    return sorted((this.#byCode.get(code) ?? []).filter((row) => this.#date[row]! >= since && this.#date[row]! < before).map((row) => column[row]!))
  }

  /** The values of some stocks on days in [since, before); an empty set of stocks means all of them. */
  cross(kind: string, codes: ReadonlySet<string>, since: TradeDate, before: TradeDate): Float64Array {
    const column = numbers(this.#frame, kind)
    const code = labels(this.#frame, 'ts_code')
    const values: number[] = []
    for (const [date, rows] of this.#byDate) {
      if (date < since || date >= before) continue
      for (const row of rows) if (codes.size === 0 || codes.has(labelAt(code, row)!)) values.push(column[row]!)
    }
    return sorted(values)
  }
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values.filter((value) => !Number.isNaN(value))).toSorted()
}
