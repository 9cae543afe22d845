import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engineTypeOf } from './column.ts'
import { ddlOf } from './ddl.ts'
import type { Engine } from './engine/engine.ts'
import { openEngine } from './engine/open-engine.ts'
import { tablesReadBy } from './lineage.ts'
import { createTables, differences } from './schema.ts'
import { sqlOf } from './table-sql.ts'
import { tables } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-proofs-'))
let engine: Engine

beforeAll(async () => {
  engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: 16 })
  await createTables(engine, tables)
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const bySql = tables.filter((table) => table.build.by === 'sql')

test('the registry holds tables of every layer, upstream first', () => {
  expect(tables.length).toBeGreaterThan(30)
  const order = ['dim', 'ods', 'dwd', 'dws', 'ads']
  for (const table of tables) {
    for (const { table: input, orElse } of table.inputs) {
      for (const each of [input, ...orElse]) {
        expect(order.indexOf(each.layer), `${table.name} reads ${each.name}`).toBeLessThanOrEqual(order.indexOf(table.layer))
        expect(tables.indexOf(each), `${each.name} is registered before ${table.name}`).toBeLessThan(tables.indexOf(table))
      }
    }
  }
})

test('every table on disk is what its definition says', async () => {
  expect(await differences(engine, tables)).toEqual([])
})

test.each(tables.map((table) => [table.name, table] as const))('%s has DDL for a cluster that the engine parses', async (_name, table) => {
  for (const statement of ddlOf(table, 'cluster')) await engine.rows(`explain ast ${statement}`)
})

test.each(bySql.map((table) => [table.name, table] as const))('%s.sql binds and gives exactly the columns of the table', async (_name, table) => {
  const found = await engine.describe(sqlOf(table), { params: { from: 20200102, to: 20200103 } })
  const plain = (type: string) => type.replace(/LowCardinality\((.*)\)/, '$1')
  expect(found.map(({ name, type }) => `${name} ${plain(type)}`)).toEqual(
    Object.entries(table.columns).map(([name, column]) => `${name} ${plain(engineTypeOf(column))}`),
  )
})

test.each(bySql.map((table) => [table.name, table] as const))('%s.sql reads the tables it declares as inputs, and no others', async (_name, table) => {
  const declared = table.inputs.flatMap((input) => [input.table.name, ...input.orElse.map(({ name }) => name)])
  expect(await tablesReadBy(engine, table)).toEqual([...new Set(declared)].toSorted())
})
