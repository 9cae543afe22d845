import { expect, test } from 'vitest'
import { orderOf, partitionExpression } from '../ddl.ts'
import { dimTables } from '../dim/index.ts'
import type { Table } from '../table.ts'
import { odsTables } from './index.ts'

const tables: readonly Table[] = [...odsTables, ...dimTables]

test.each(tables.map((table) => [table.name, table] as const))(
  '%s is defined completely: labels in both languages, a grain that is always known, an order that begins a run',
  (_name, table) => {
    expect(table.name.startsWith(`${table.layer}_`)).toBe(true)
    expect(table.inputs).toEqual([])
    const columns = Object.entries(table.columns)
    for (const [name, column] of columns) {
      expect(column.label.zh, `${name} in Chinese`).not.toBe('')
      expect(column.label.en, `${name} in English`).toMatch(/^[\x20-\x7e]+$/)
    }
    for (const side of ['zh', 'en'] as const)
      expect(new Set(columns.map(([, column]) => column.label[side])).size, `labels in ${side} differ`).toBe(columns.length)
    for (const key of table.grain) expect(table.columns[key]?.nullable, key).toBe(false)
    // Rows replace each other by the sort key: it must be the grain, in whatever order.
    expect([...orderOf(table)].toSorted()).toEqual([...table.grain].toSorted())
    if (partitionExpression(table) !== undefined) expect(table.grain).toContain('trade_date')
    for (const audit of table.audits) expect(audit.sql, audit.name).toContain('{table}')
    expect(table.readyAt).toMatch(/^(?:\+\d )?\d\d:\d\d$/)
  },
)

test('odsTables keep the machine columns out of the definitions', () => {
  for (const table of tables)
    for (const name of ['ver', 'is_deleted', 'batch_id', 'fetched_at', 'known_at']) expect(table.columns[name], `${table.name}.${name}`).toBeUndefined()
})

test('odsTables name the vendor’s units where they are not the plain ones', () => {
  const unit = (table: string, column: string) => tables.find(({ name }) => name === table)!.columns[column]!.unit
  expect(unit('ods_daily', 'vol')).toBe('lots')
  expect(unit('ods_daily', 'amount')).toBe('thousand CNY')
  expect(unit('ods_daily_basic', 'total_mv')).toBe('10,000 CNY')
  expect(unit('ods_daily_basic', 'turnover_rate')).toBe('%')
  expect(unit('ods_margin_detail', 'rzye')).toBe('CNY')
  expect(unit('ods_tick', 'amount')).toBe('0.001 CNY')
  expect(unit('ods_tick', 'volume')).toBe('shares')
})
