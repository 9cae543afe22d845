import { engineTypeOf } from './column.ts'
import { DATABASE } from './engine/engine.ts'
import { readyAfter } from './ready-at.ts'
import type { Table } from './table.ts'

/** One server or the embedded engine, or a cluster with `{cluster}`, `{shard}` and `{replica}` macros. */
export type DdlFlavour = 'single' | 'cluster'

/**
 * The statements that make a table, in order. The machine adds `ver` (run sequence; the newest wins), `is_deleted` (a key that disappeared) and
 * `known_at`, the first instant at which a row of that date could be known; who wrote a version is in the ledger. Both flavours come from the same definition
 * (spec engine §11, "Same code on a cluster").
 */
export function ddlOf(table: Table, flavour: DdlFlavour = 'single'): readonly string[] {
  const order = orderOf(table).join(', ')
  const partition = partitionExpression(table)
  const tail = `${partition === undefined ? '' : `partition by ${partition} `}order by (${order})`
  if (flavour === 'single') {
    return [`create table if not exists ${DATABASE}.${table.name} (\n${columnLines(table)}\n) engine = ReplacingMergeTree(ver, is_deleted) ${tail}`]
  }
  const shardKey = 'ts_code' in table.columns ? 'cityHash64(ts_code)' : 'rand()'
  return [
    `create table if not exists ${DATABASE}.${table.name}_local on cluster '{cluster}' (\n${columnLines(table)}\n) engine = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/${DATABASE}/${table.name}', '{replica}', ver, is_deleted) ${tail}`,
    `create table if not exists ${DATABASE}.${table.name} on cluster '{cluster}' as ${DATABASE}.${table.name}_local engine = Distributed('{cluster}', '${DATABASE}', '${table.name}_local', ${shardKey})`,
  ]
}

/**
 * A staging table: columns, partitions and order of the table itself, so that a whole partition of it can be attached to the table. Every row has the
 * version of its publication; repeated keys are kept in the order they came. Nothing reads it until it is complete, and it is never merged.
 */
export function stagingDdl(table: Table, name: string, version: number): string {
  const partition = partitionExpression(table)
  return `create table ${DATABASE}.${name} (\n${columnLines(table, { ver: ` default ${version}`, is_deleted: ' default 0' })}\n) engine = MergeTree ${
    partition === undefined ? '' : `partition by ${partition} `
  }order by (${orderOf(table).join(', ')}) settings max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1`
}

/** What rows are sorted by on disk: by stock first where there is one, because histories are read per stock. */
export function orderOf(table: Table): readonly string[] {
  if (table.order !== undefined) return table.order
  const leading = ['ts_code', 'trade_date'].filter((column) => table.grain.includes(column))
  return [...leading, ...table.grain.filter((column) => !leading.includes(column))]
}

/** The partition of a row as SQL; absent for tables kept in one piece. */
export function partitionExpression(table: Table): string | undefined {
  if (table.partition === 'none') return undefined
  return table.partition === 'day' ? 'trade_date' : table.partition === 'month' ? 'intDiv(trade_date, 100)' : 'intDiv(trade_date, 10000)'
}

function columnLines(table: Table, defaults: { readonly ver: string; readonly is_deleted: string } = { ver: '', is_deleted: '' }): string {
  const own = Object.entries(table.columns).map(
    ([name, column]) => `  ${name} ${engineTypeOf(column)}${column.kind === 'date' || engineTypeOf(column).includes('String') ? '' : ' codec(ZSTD(1))'}`,
  )
  const known = 'trade_date' in table.columns ? [`  known_at Int64 alias ${knownAtExpression(table.readyAt)}`] : []
  return [...own, `  ver UInt64${defaults.ver} codec(ZSTD(1))`, `  is_deleted UInt8${defaults.is_deleted} codec(ZSTD(1))`, ...known].join(',\n')
}

/** Epoch ms of `readyAt` (Shanghai, `HH:MM` or `+N HH:MM` days later) on the row's trade date. */
function knownAtExpression(readyAt: string): string {
  return `toInt64(toUInt32(YYYYMMDDToDate32(trade_date))) * 86400000 + ${readyAfter(readyAt) - 480 * 60_000}`
}
