import type { RawTable } from '#core/import-kind.ts'

// Some exports name columns by data set: market_flow_net_amount, indiv_adj_d_adj_factor. The part before the vendor's own field name goes.
const DATASET_PREFIX = /^(?:indiv|market|macro)_(?:adj_d|techin|fin|din|ind|chip|margin|flow|sh|d)_(?=.)/

/** Column names as kinds compare them: lower case, trimmed, without the prefix of a data set unless two columns would then have one name. */
export function plainHeader(header: readonly string[]): readonly string[] {
  const lower = header.map((name) => name.trim().toLowerCase())
  const plain = lower.map((name) => name.replace(DATASET_PREFIX, ''))
  return plain.map((name, i) => (plain.indexOf(name) === plain.lastIndexOf(name) ? name : lower[i]!))
}

/** The cells of a column by any of its names, in order of preference; nothing when the file has none of them. Names are compared without case. */
export function cellsOf(table: RawTable, ...names: readonly string[]): readonly string[] | undefined {
  const header = plainHeader(table.header)
  for (const name of names) {
    const at = header.indexOf(name.toLowerCase())
    if (at >= 0) return table.columns[at]
  }
  return undefined
}

/** Whether a header has a column under one of the names, for each of the columns asked for. */
export function hasAll(header: readonly string[], ...columns: readonly (readonly string[])[]): boolean {
  const plain = plainHeader(header)
  return columns.every((names) => names.some((name) => plain.includes(name.toLowerCase())))
}
