/**
 * Columns of equal length: how data move between the engine, the kernels and the sources. No row objects.
 * A nullable number is a Float64Array where NaN means missing; whole-number columns are never missing.
 */
export interface Frame {
  readonly length: number
  readonly columns: Readonly<Record<string, Column>>
}

export type Column = Float64Array | Int32Array | Uint32Array | Uint8Array | Labels

/** Dictionary-encoded text: `values[index[row]]`. `MISSING` marks an absent value. */
export interface Labels {
  readonly index: Uint32Array
  readonly values: readonly string[]
}

export const MISSING = 0xffff_ffff

export function isLabels(column: Column): column is Labels {
  return 'values' in column && 'index' in column
}

/** The numbers of a column. Throws TypeError when the column is absent or text: a wiring mistake. */
export function numbers(frame: Frame, name: string): Exclude<Column, Labels> {
  const column = frame.columns[name]
  if (column === undefined || isLabels(column)) throw new TypeError(`Cannot read numbers from column "${name}": the frame has ${describe(frame)}`)
  return column
}

/** The text column of that name. Throws TypeError when it is absent or numeric. */
export function labels(frame: Frame, name: string): Labels {
  const column = frame.columns[name]
  if (column === undefined || !isLabels(column)) throw new TypeError(`Cannot read text from column "${name}": the frame has ${describe(frame)}`)
  return column
}

/** One cell of a text column, `undefined` when missing. */
export function labelAt(column: Labels, row: number): string | undefined {
  return column.values[column.index[row]!]
}

/** Encode texts as a dictionary, values in order of first appearance. */
export function toLabels(texts: readonly (string | undefined)[]): Labels {
  const index = new Uint32Array(texts.length)
  const values: string[] = []
  const seen = new Map<string, number>()
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row]
    if (text === undefined) {
      index[row] = MISSING
      continue
    }
    let at = seen.get(text)
    if (at === undefined) {
      at = values.push(text) - 1
      seen.set(text, at)
    }
    index[row] = at
  }
  return { index, values }
}

/** A frame from columns; throws RangeError when their lengths differ. */
export function frameOf(columns: Readonly<Record<string, Column>>): Frame {
  const lengths = Object.entries(columns).map(([name, column]) => [name, isLabels(column) ? column.index.length : column.length] as const)
  const length = lengths[0]?.[1] ?? 0
  const odd = lengths.find(([, own]) => own !== length)
  if (odd !== undefined)
    throw new RangeError(`Cannot build a frame: columns must be equally long, "${odd[0]}" has ${odd[1]} rows, "${lengths[0]![0]}" has ${length}`)
  return { length, columns }
}

/** The given rows of a column, in the given order; a row may be taken more than once. */
export function takeRows<T extends Column>(column: T, rows: Uint32Array): T {
  if (isLabels(column)) return { index: takeRows(column.index, rows), values: column.values } as T
  const taken = new (column.constructor as { new (length: number): Float64Array })(rows.length)
  for (let i = 0; i < rows.length; i++) taken[i] = column[rows[i]!]!
  return taken as unknown as T
}

/** The given rows of a frame, in the given order. */
export function frameRows(frame: Frame, rows: Uint32Array): Frame {
  return { length: rows.length, columns: Object.fromEntries(Object.entries(frame.columns).map(([name, column]) => [name, takeRows(column, rows)])) }
}

function describe(frame: Frame): string {
  return Object.entries(frame.columns)
    .map(([name, column]) => `${name} (${isLabels(column) ? 'text' : column.constructor.name})`)
    .join(', ')
}
