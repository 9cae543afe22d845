import type { Code } from '#core/code.ts'
import { isLabels, labels, type Column, type Frame } from '#core/frame.ts'

/**
 * Cut a stream of blocks ordered by `ts_code` into one frame per stock, in code order. Memory holds one stock and one block.
 * The `ts_code` column itself is left out of the frames.
 */
export async function* stocksOf(blocks: AsyncIterable<Frame>): AsyncIterable<{ readonly code: Code; readonly frame: Frame }> {
  let open: { code: string; pieces: Frame[] } | undefined
  for await (const block of blocks) {
    const code = labels(block, 'ts_code')
    for (let start = 0; start < block.length;) {
      let end = start + 1
      while (end < block.length && code.index[end] === code.index[start]) end++
      const name = code.values[code.index[start]!]!
      if (open !== undefined && open.code !== name) {
        yield { code: open.code as Code, frame: joined(open.pieces) }
        open = undefined
      }
      open ??= { code: name, pieces: [] }
      open.pieces.push(rowsOf(block, start, end))
      start = end
    }
  }
  if (open !== undefined) yield { code: open.code as Code, frame: joined(open.pieces) }
}

function rowsOf(block: Frame, start: number, end: number): Frame {
  const columns: Record<string, Column> = {}
  for (const [name, column] of Object.entries(block.columns)) {
    if (name === 'ts_code') continue
    columns[name] = isLabels(column) ? { index: column.index.subarray(start, end), values: column.values } : column.subarray(start, end)
  }
  return { length: end - start, columns }
}

/** Pieces of one stock behind one another; a single piece as it is. Text columns are not joined across blocks: no history query has any. */
function joined(pieces: readonly Frame[]): Frame {
  const [first] = pieces
  if (pieces.length === 1) return first!
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const columns: Record<string, Column> = {}
  for (const [name, column] of Object.entries(first!.columns)) {
    if (isLabels(column)) throw new TypeError(`Cannot join column "${name}" across blocks: only number columns are, found text`)
    const out = new (column.constructor as new (length: number) => Float64Array)(length)
    let at = 0
    for (const piece of pieces) {
      out.set(piece.columns[name] as Float64Array, at)
      at += piece.length
    }
    columns[name] = out
  }
  return { length, columns }
}
