import type { Labels } from '#core/frame.ts'

/** The order in which rows are stored, and the ordinal of each within its stock and day. */
export interface TimeOrder {
  /** Rows of the source in stored order. */
  readonly rows: Uint32Array
  /** From 0 within each stock and day; one per entry of `rows`. */
  readonly seq: Uint32Array
}

/**
 * Rows by day, code and time. Rows of one instant keep their order in the file; in a file that runs from the newest to the oldest row, the reverse.
 * `among` are the usable rows in file order.
 */
export function byStockAndTime(among: Uint32Array, date: Uint32Array, code: Labels, at: Float64Array): TimeOrder {
  const inFile = isNewestFirst(among, date, code, at) ? among.toReversed() : among
  const rank = new Uint32Array(inFile.length).map((_, i) => i)
  const compare = (a: number, b: number) => {
    const [x, y] = [inFile[a]!, inFile[b]!]
    return date[x]! - date[y]! || code.index[x]! - code.index[y]! || at[x]! - at[y]! || a - b
  }
  const rows = (isSorted(rank, compare) ? rank : rank.toSorted(compare)).map((place) => inFile[place]!)
  const seq = new Uint32Array(rows.length)
  for (let i = 1; i < rows.length; i++) {
    const [here, before] = [rows[i]!, rows[i - 1]!]
    seq[i] = date[here] === date[before] && code.index[here] === code.index[before] ? seq[i - 1]! + 1 : 0
  }
  return { rows, seq }
}

function isNewestFirst(rows: Uint32Array, date: Uint32Array, code: Labels, at: Float64Array): boolean {
  let [falls, rises] = [0, 0]
  for (let i = 1; i < rows.length; i++) {
    const [here, before] = [rows[i]!, rows[i - 1]!]
    if (code.index[here] !== code.index[before] || date[here] !== date[before]) continue
    if (at[here]! < at[before]!) falls++
    else if (at[here]! > at[before]!) rises++
  }
  return falls > rises
}

function isSorted(order: Uint32Array, compare: (a: number, b: number) => number): boolean {
  for (let i = 1; i < order.length; i++) if (compare(order[i - 1]!, order[i]!) > 0) return false
  return true
}
