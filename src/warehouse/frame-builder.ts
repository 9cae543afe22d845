import { toLabels, type Column, type Frame } from '#core/frame.ts'
import { engineTypeOf } from './column.ts'
import type { Columns, Table } from './table.ts'

/** Values of one row in column order: text for text columns, NaN or undefined for what is not known. */
export type Cells = readonly (number | string | undefined)[]

/** Collects computed rows into columns of a table's own types. For rows by the thousand (one per stock and day), not for ticks. */
export class FrameBuilder<C extends Columns> {
  readonly #table: Table<C>
  readonly #names: readonly string[]
  readonly #cells: (number | string | undefined)[][]

  constructor(table: Table<C>) {
    this.#table = table
    this.#names = Object.keys(table.columns)
    this.#cells = this.#names.map(() => [])
  }

  get length(): number {
    return this.#cells[0]!.length
  }

  /** Append a row. Every column must be named; NaN and undefined mean missing. */
  push(row: { readonly [Name in keyof C]: number | string | undefined }): void {
    for (let i = 0; i < this.#names.length; i++) this.#cells[i]!.push(row[this.#names[i]!])
  }

  /** The rows so far as a frame; the builder starts anew. */
  take(): Frame {
    const length = this.length
    const columns = Object.fromEntries(this.#names.map((name, i) => [name, this.#column(name, this.#cells[i]!.splice(0))]))
    return { length, columns }
  }

  #column(name: string, cells: readonly (number | string | undefined)[]): Column {
    const column = this.#table.columns[name]!
    const type = engineTypeOf(column)
    if (type.includes('String')) return toLabels(cells as readonly (string | undefined)[])
    const values = Float64Array.from(cells as readonly (number | undefined)[], (value) => value ?? NaN)
    if (column.nullable || type === 'Float64' || type === 'Int64') return values
    const missing = values.findIndex(Number.isNaN)
    if (missing >= 0) throw new TypeError(`Cannot build ${this.#table.name}: column "${name}" is never missing, but row ${missing} has no value`)
    return type === 'UInt8' ? Uint8Array.from(values) : type === 'Int32' ? Int32Array.from(values) : Uint32Array.from(values)
  }
}
