import { createHash } from 'node:crypto'
import { ddlOf } from './ddl.ts'
import { sqlText } from './table-sql.ts'
import type { Table } from './table.ts'

/** 定义指纹: hash of everything that decides what a table's rows are: columns, SQL text, kernel version, lookbacks. A change makes every day stale. */
export function definitionOf(table: Table): string {
  const parts = [
    ...ddlOf(table),
    table.build.by,
    'version' in table.build ? table.build.version : '',
    sqlText(table) ?? '',
    ...table.inputs.map((input) => `${input.table.name}:${input.lookback}`),
  ]
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}
