import { isLabels, type Column } from '#core/frame.ts'
import type { FileContext, RawTable } from '#core/import-kind.ts'
import { cellsOf } from './header.ts'
import { codeFrom, instrumentOf, isIndex, type Instrument } from './instrument.ts'
import { amountField, optionalNumber, pastDate, priceField } from './vendor-table.ts'
import type { Sieve } from './sieve.ts'

// TuShare gives stocks (raw, forward-, back-adjusted), funds and indices under one header: the name of the file and its rows tell them apart.

/** The columns of TuShare `daily`, `pro_bar`, `fund_daily` beside the code. */
export const dailyFields = {
  trade_date: pastDate('trade_date'),
  open: priceField('open'),
  high: priceField('high'),
  low: priceField('low'),
  close: priceField('close'),
  pre_close: optionalNumber('pre_close'),
  change: optionalNumber('change'),
  pct_chg: optionalNumber('pct_chg', 'pct_change'),
  vol: amountField('vol'),
  amount: amountField('amount'),
}

export type Adjustment = 'raw' | 'qfq' | 'hfq'

const ADJUSTMENT_NAMES: readonly (readonly [Adjustment, RegExp])[] = [
  ['qfq', /(?<![a-z])qfq|前复权/i],
  ['hfq', /(?<![a-z])hfq|后复权/i],
  ['raw', /(?<![a-z])(?:bfq|raw)(?![a-z])|不复权/i],
]

/** Which adjustment the name of a file, or of its folder, announces; nothing when it announces none or two. */
export function adjustmentNamed(context: Pick<FileContext, 'path' | 'fileName'>): Adjustment | undefined {
  for (const part of [context.fileName, context.path.split(/[\\/]/).at(-2) ?? '']) {
    const found = ADJUSTMENT_NAMES.flatMap(([adjustment, name]) => (name.test(part) ? [adjustment] : []))
    if (found.length === 1) return found[0]
  }
  return undefined
}

/** Whether all codes of a sample denote this kind of instrument. False for an empty sample. */
export function allAre(instrument: Instrument, sample: RawTable): boolean {
  const cells = cellsOf(sample, 'ts_code', 'code') ?? []
  return (
    cells.length > 0 &&
    [...new Set(cells)].every((cell) => {
      const code = codeFrom(cell)
      return code !== undefined && (instrument === 'index' ? isIndex(code) : instrumentOf(code) === instrument)
    })
  )
}

/** Whether every A-share price of a sample lies on the grid of 0.01: what unadjusted prices do and adjusted ones, over many rows, do not. */
export function isOnGrid(sample: RawTable): boolean {
  return ['open', 'high', 'low', 'close'].every((name) => (cellsOf(sample, name) ?? []).every((cell) => Number.isNaN(+cell) || isWholeCents(+cell)))
}

/** Unadjusted A-share prices off the 0.01 grid show that the file is an adjusted one, or damaged: those rows are rejected. B shares have three decimals. */
export function rejectOffGrid(columns: Readonly<Record<string, Column>>, sieve: Sieve, table: RawTable): void {
  const codes = columns['ts_code']
  for (const name of ['open', 'high', 'low', 'close']) {
    const column = columns[name]
    if (column === undefined || isLabels(column) || codes === undefined || !isLabels(codes)) continue
    for (let row = 0; row < column.length; row++) {
      if (isWholeCents(column[row]!) || /^(?:900|20)/.test(codes.values[codes.index[row]!] ?? '')) continue
      sieve.reject(row, 'BAD_PRICE', `${name} ${cellsOf(table, name)![row]} of unadjusted prices is not on the 0.01 grid`)
    }
  }
}

function isWholeCents(price: number): boolean {
  const cents = price * 100
  return Math.abs(cents - Math.round(cents)) < 1e-4
}
