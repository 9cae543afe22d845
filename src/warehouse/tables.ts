import { adsTables } from './ads/index.ts'
import { dimTables } from './dim/index.ts'
import { dwdTables } from './dwd/index.ts'
import { dwsTables } from './dws/index.ts'
import { odsTables } from './ods/index.ts'
import type { Table } from './table.ts'

/** Every table of the warehouse, upstream first. */
export const tables: readonly Table[] = [...dimTables, ...odsTables, ...dwdTables, ...dwsTables, ...adsTables]

/** The table of that name, if there is one. */
export function findTable(name: string): Table | undefined {
  return tables.find((table) => table.name === name)
}
