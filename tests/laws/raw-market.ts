import { isLabels, numbers, toLabels, type Column, type Frame } from '#core/frame.ts'
import { seededRng, type Rng } from '#core/rng.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Table } from '#warehouse/table.ts'

/** Everything a warehouse is built from: the rows of each raw table, in one frame per table. */
export type RawMarket = ReadonlyMap<Table, Frame>

/** Only the rows of these numbers, in this order. */
export function rowsAt(frame: Frame, rows: ArrayLike<number>): Frame {
  const pick = <Numbers extends Exclude<Column, { values: readonly string[] }>>(from: Numbers): Numbers => {
    const out = new (from.constructor as new (length: number) => Numbers)(rows.length)
    for (let i = 0; i < rows.length; i++) out[i] = from[rows[i]!]!
    return out
  }
  const columns = Object.entries(frame.columns).map(([name, column]) => [
    name,
    isLabels(column) ? { index: pick(column.index), values: column.values } : pick(column),
  ])
  return { length: rows.length, columns: Object.fromEntries(columns) as Frame['columns'] }
}

/** The rows for which a condition holds. */
export function rowsWhere(frame: Frame, holds: (row: number) => boolean): Frame {
  const rows: number[] = []
  for (let row = 0; row < frame.length; row++) if (holds(row)) rows.push(row)
  return rowsAt(frame, rows)
}

/** The texts of a column, row by row. */
export function textsOf(frame: Frame, name: string): readonly (string | undefined)[] {
  const column = frame.columns[name]!
  return isLabels(column) ? Array.from(column.index, (at) => column.values[at]) : Array.from(column, String)
}

/** Frames of the same columns behind one another. */
export function stacked(frames: readonly Frame[]): Frame {
  const length = frames.reduce((sum, frame) => sum + frame.length, 0)
  const columns: Record<string, Column> = {}
  for (const [name, first] of Object.entries(frames[0]!.columns)) {
    if (isLabels(first)) {
      columns[name] = toLabels(frames.flatMap((frame) => textsOf(frame, name)))
      continue
    }
    const out = new (first.constructor as new (length: number) => Float64Array)(length)
    let at = 0
    for (const frame of frames) {
      out.set(numbers(frame, name), at)
      at += frame.length
    }
    columns[name] = out
  }
  return { length, columns }
}

/** Each frame through a function; tables left with no rows keep their empty frame. */
export function eachFrame(raw: RawMarket, change: (frame: Frame, table: Table) => Frame): RawMarket {
  return new Map([...raw].map(([table, frame]) => [table, change(frame, table)]))
}

/** What was known when `date` ended. Lists without days (stocks) have no later rows. */
export function knownOn(raw: RawMarket, date: TradeDate): RawMarket {
  return eachFrame(raw, (frame) => ('trade_date' in frame.columns ? rowsWhere(frame, (row) => numbers(frame, 'trade_date')[row]! <= date) : frame))
}

/** The raw rows of some days alone. */
export function rawOf(raw: RawMarket, from: TradeDate, to: TradeDate): RawMarket {
  const days = [...raw].filter(([, frame]) => 'trade_date' in frame.columns)
  return new Map(
    days.map(([table, frame]) => {
      const date = numbers(frame, 'trade_date')
      return [table, rowsWhere(frame, (row) => date[row]! >= from && date[row]! <= to)]
    }),
  )
}

/** Every number after `date` through a function; keys, times and grids stay. */
export function changedAfter(raw: RawMarket, date: TradeDate, change: (value: number, column: string, table: Table) => number): RawMarket {
  return eachFrame(raw, (frame, table) => {
    if (!('trade_date' in frame.columns)) return frame
    const day = numbers(frame, 'trade_date')
    const columns = Object.entries(frame.columns).map(([name, column]) => {
      if (isLabels(column) || table.grain.includes(name) || name === 'at') return [name, column] as const
      const out = column.slice()
      for (let row = 0; row < out.length; row++) if (day[row]! > date) out[row] = change(out[row]!, name, table)
      return [name, out] as const
    })
    return { length: frame.length, columns: Object.fromEntries(columns) }
  })
}

/** The same rows in another order. */
export function shuffled(raw: RawMarket, seed: number): RawMarket {
  const rng = seededRng(seed)
  return eachFrame(raw, (frame, table) => rowsAt(frame, permutation(frame.length, rng.fork(table.name))))
}

/** 0 … length − 1 in an order drawn by Fisher and Yates. */
export function permutation(length: number, rng: Rng): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}
