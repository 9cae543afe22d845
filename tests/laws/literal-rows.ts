import { toLabels, type Column, type Frame } from '#core/frame.ts'
import { engineTypeOf } from '#warehouse/column.ts'
import type { Table } from '#warehouse/table.ts'

/** A row written by hand: what it does not say is missing. */
export type LiteralRow = Readonly<Record<string, number | string | null>>

/** Rows written by hand as a frame of the table. Columns that are never missing and not said are 0 or ''. */
export function literalRows(table: Table, rows: readonly LiteralRow[]): Frame {
  const unknown = rows.flatMap((row) => Object.keys(row)).find((name) => !(name in table.columns))
  if (unknown !== undefined) throw new RangeError(`Cannot write rows of ${table.name}: it has no column "${unknown}"`)
  const columns = Object.entries(table.columns).map(([name, column]): [string, Column] => {
    const type = engineTypeOf(column)
    if (type.includes('String')) return [name, toLabels(rows.map((row) => textOf(row[name]) ?? (column.nullable ? undefined : '')))]
    const values = rows.map((row) => row[name] ?? (column.nullable ? NaN : 0)) as number[]
    if (column.nullable || type === 'Float64' || type === 'Int64') return [name, Float64Array.from(values)]
    return [name, type === 'UInt8' ? Uint8Array.from(values) : type === 'Int32' ? Int32Array.from(values) : Uint32Array.from(values)]
  })
  return { length: rows.length, columns: Object.fromEntries(columns) }
}

function textOf(value: number | string | null | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}
