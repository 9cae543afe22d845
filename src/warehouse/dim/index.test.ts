import { expect, test } from 'vitest'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { engineTypeOf } from '../column.ts'
import type { Table } from '../table.ts'
import { dimPriceLimitRule } from './dim_price_limit_rule.ts'
import { dimTradingSession } from './dim_trading_session.ts'
import { dimTables } from './index.ts'

function rowsOf(table: Table): Frame {
  if (table.build.by !== 'rules') throw new TypeError(`${table.name} is not built by rules`)
  return table.build.rows()
}

test.each((dimTables as readonly Table[]).filter((table) => table.build.by === 'rules').map((table) => [table.name, table] as const))(
  '%s gives rows with exactly its columns and no key twice',
  (_name, table) => {
    const frame = rowsOf(table)
    expect(Object.keys(frame.columns)).toEqual(Object.keys(table.columns))
    const cell = (name: string, row: number) =>
      engineTypeOf(table.columns[name]!).includes('String') ? labelAt(labels(frame, name), row) : numbers(frame, name)[row]
    const keys = Array.from({ length: frame.length }, (_, row) => table.grain.map((name) => cell(name, row)).join('|'))
    expect(new Set(keys).size).toBe(frame.length)
  },
)

test('dim_price_limit_rule says 5 % for main-board ST until 2026-07-05 and 10 % from then on', () => {
  const frame = rowsOf(dimPriceLimitRule)
  const found = [...labels(frame, 'limit_class').index.keys()]
    .filter((row) => labelAt(labels(frame, 'limit_class'), row) === 'main_st')
    .map((row) => ['valid_from', 'valid_to', 'limit_pct'].map((name) => numbers(frame, name)[row]))
  expect(found).toEqual([
    [19961216, 19980421, 0.1],
    [19980422, 20260705, 0.05],
    [20260706, NaN, 0.1],
  ])
})

test('dim_trading_session gives Shanghai’s main board a closing call from 2018-08-20 on', () => {
  const frame = rowsOf(dimTradingSession)
  const text = (name: string, row: number) => labelAt(labels(frame, name), row)
  const found = Array.from({ length: frame.length }, (_, row) => row)
    .filter((row) => text('exchange', row) === 'SH' && text('board', row) === 'main' && text('segment', row) === 'CLOSE_CALL')
    .map((row) => [numbers(frame, 'valid_from')[row], text('start_time', row), text('end_time', row)])
  expect(found).toEqual([
    [20180820, '14:57:06', '15:00:00'],
    [20260706, '14:57:06', '15:00:00'],
  ])
})
