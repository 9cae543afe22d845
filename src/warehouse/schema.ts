import { engineTypeOf } from './column.ts'
import { ddlOf } from './ddl.ts'
import { DATABASE, type Engine } from './engine/engine.ts'
import type { Table } from './table.ts'

/** Make every table that does not exist yet. A table whose columns changed is not altered here: see `differences`. */
export async function createTables(engine: Engine, tables: readonly Table[]): Promise<void> {
  for (const table of tables) for (const statement of ddlOf(table)) await engine.exec(statement)
}

/** One way in which a table on disk is not what its definition says. */
export interface Difference {
  readonly table: string
  readonly column: string
  readonly found: string | undefined
  readonly expected: string | undefined
}

/** Compare the tables on disk with their definitions, column by column. Empty = they agree. */
export async function differences(engine: Engine, tables: readonly Table[]): Promise<readonly Difference[]> {
  const rows = await engine.rows<{ table: string; name: string; type: string; default_kind: string }>(
    `select table, name, type, default_kind from system.columns where database = '${DATABASE}'`,
  )
  const found = new Map<string, Map<string, string>>()
  for (const row of rows) {
    if (row.default_kind === 'ALIAS' || row.name === 'ver' || row.name === 'is_deleted') continue
    const columns = found.get(row.table) ?? new Map<string, string>()
    columns.set(row.name, row.type)
    found.set(row.table, columns)
  }
  return tables.flatMap((table) => {
    const onDisk = found.get(table.name)
    if (onDisk === undefined) return []
    const expected = new Map(Object.entries(table.columns).map(([name, column]) => [name, engineTypeOf(column)]))
    return [...new Set([...onDisk.keys(), ...expected.keys()])]
      .filter((column) => onDisk.get(column) !== expected.get(column))
      .map((column) => ({ table: table.name, column, found: onDisk.get(column), expected: expected.get(column) }))
  })
}

/** Drop a table and make it by its definition of today: for tables that can be built again. */
export async function recreate(engine: Engine, table: Table): Promise<void> {
  await engine.exec(`drop table if exists ${DATABASE}.${table.name}`)
  await createTables(engine, [table])
}
