import { takeRows, type Column } from '#core/frame.ts'
import type { RawTable, Rejection } from '#core/import-kind.ts'

/** Which rows of a raw table are usable: columns are decoded whole, bad rows are marked on the way and left out of every column at the end. */
export class Sieve {
  readonly length: number
  readonly #line: readonly number[]
  readonly #rejected = new Map<number, Rejection>()

  constructor(table: RawTable) {
    this.length = table.line.length
    this.#line = table.line
  }

  /** Mark a row as unusable. The first reason counts. */
  reject(row: number, reason: Rejection['reason'], found: string): void {
    if (!this.#rejected.has(row)) this.#rejected.set(row, { line: this.#line[row]!, reason, found: found.slice(0, 200) })
  }

  has(row: number): boolean {
    return !this.#rejected.has(row)
  }

  /** The usable rows in file order. */
  rows(): Uint32Array {
    const rows = new Uint32Array(this.length - this.#rejected.size)
    let kept = 0
    for (let row = 0; row < this.length; row++) if (!this.#rejected.has(row)) rows[kept++] = row
    return rows
  }

  /** The usable rows of a column; the very column when nothing was rejected. */
  keep<T extends Column>(column: T): T {
    return this.#rejected.size === 0 ? column : takeRows(column, this.rows())
  }

  /** The rejections in file order. */
  rejections(): Rejection[] {
    return [...this.#rejected.values()].toSorted((a, b) => a.line - b.line)
  }
}
