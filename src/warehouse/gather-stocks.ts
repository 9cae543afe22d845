import type { Code } from '#core/code.ts'
import { isLabels, labels, numbers, type Column, type Frame } from '#core/frame.ts'

/** How a piece is read while the piece before it is computed: more threads of the engine would only wait for each other. */
export const ONE_THREAD = { max_threads: 1 } as const

/** The rows of one stock in time order. Number columns only, the code itself left out. */
export interface StockRows {
  readonly code: Code
  readonly frame: Frame
}

/**
 * Gather blocks that come in any order into one frame per stock, stocks in code order, rows by the number column `order`, in which no stock has a value twice.
 * Reading a table as it lies on disk and putting the pieces together here costs a third of having the engine sort.
 */
export async function gatherStocks(blocks: AsyncIterable<Frame>, order = 'trade_date'): Promise<readonly StockRows[]> {
  const runs = new Map<string, Run[]>()
  for await (const block of blocks) {
    const code = labels(block, 'ts_code')
    const place = numbers(block, order)
    for (let start = 0; start < block.length;) {
      let end = start + 1
      while (end < block.length && code.index[end] === code.index[start] && place[end]! > place[end - 1]!) end++
      const name = code.values[code.index[start]!]!
      runs.getOrInsertComputed(name, () => []).push({ block, start, end, from: place[start]!, to: place[end - 1]! })
      start = end
    }
  }
  return [...runs].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([code, pieces]) => ({ code: code as Code, frame: joined(pieces, order) }))
}

/** Rows of one stock that lie together in a block, in order. */
interface Run {
  readonly block: Frame
  readonly start: number
  readonly end: number
  readonly from: number
  readonly to: number
}

function joined(unordered: readonly Run[], order: string): Frame {
  const runs = unordered.toSorted((a, b) => a.from - b.from)
  const length = runs.reduce((sum, { start, end }) => sum + end - start, 0)
  const columns: Record<string, Column> = {}
  for (const [name, column] of Object.entries(runs[0]!.block.columns)) {
    if (name === 'ts_code') continue
    if (isLabels(column)) throw new TypeError(`Cannot gather column "${name}": only number columns are, found text`)
    const out = new (column.constructor as new (length: number) => Float64Array)(length)
    let at = 0
    for (const { block, start, end } of runs) {
      out.set((block.columns[name] as Float64Array).subarray(start, end), at)
      at += end - start
    }
    columns[name] = out
  }
  const frame = { length, columns }
  // Parts of a partition that overlap are merged by the engine, so runs do not; if ever they do, the rows are put in order one by one.
  return runs.every((run, i) => i === 0 || run.from > runs[i - 1]!.to) ? frame : sortedBy(order, frame)
}

function sortedBy(order: string, frame: Frame): Frame {
  const place = numbers(frame, order)
  const rows = Uint32Array.from(place, (_, row) => row).toSorted((a, b) => place[a]! - place[b]!)
  const pick = (column: Float64Array) => column.map((_, row) => column[rows[row]!]!)
  return { length: frame.length, columns: Object.fromEntries(Object.entries(frame.columns).map(([name, column]) => [name, pick(column as Float64Array)])) }
}
