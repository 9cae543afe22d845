import { DATABASE, type Engine } from './engine/engine.ts'
import { sqlOf } from './table-sql.ts'
import type { Table } from './table.ts'

/** The warehouse tables a table's SQL reads, as the engine sees them: proof that `inputs` is true. Sorted. */
export async function tablesReadBy(engine: Engine, table: Table): Promise<readonly string[]> {
  const rows = await engine.rows<{ explain: string }>(`explain query tree run_passes = 0 ${sqlOf(table)}`, { params: { from: 20200101, to: 20200102 } })
  const names = new Set<string>()
  for (const { explain } of rows) {
    for (const match of explain.matchAll(new RegExp(`(?:identifier|table_name): ${DATABASE}\\.(\\w+)`, 'g'))) names.add(match[1]!)
  }
  return [...names].toSorted()
}

/** Everything a table depends on, nearest first, without itself. */
export function upstreamOf(table: Table): readonly Table[] {
  const found = new Set<Table>()
  const visit = (current: Table) => {
    for (const input of current.inputs.flatMap(({ table: first, orElse }) => [first, ...orElse])) {
      if (found.has(input)) continue
      found.add(input)
      visit(input)
    }
  }
  visit(table)
  return [...found]
}
