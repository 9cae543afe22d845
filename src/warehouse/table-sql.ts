import { existsSync, readFileSync } from 'node:fs'
import type { Table } from './table.ts'

/** The text of the `.sql` beside a table. Throws when the file is missing: a table built by SQL is a pair. */
export function sqlOf(table: Pick<Table, 'layer' | 'name'>): string {
  return readFileSync(fileOf(table), 'utf8')
}

/** The same, or nothing for a table without SQL. A computed table may keep its read there. */
export function sqlText(table: Pick<Table, 'layer' | 'name'>): string | undefined {
  return existsSync(fileOf(table)) ? sqlOf(table) : undefined
}

function fileOf({ layer, name }: Pick<Table, 'layer' | 'name'>): URL {
  return new URL(`./${layer}/${name}.sql`, import.meta.url)
}
