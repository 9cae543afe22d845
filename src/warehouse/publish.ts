import { numbers } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { partitionExpression, stagingDdl } from './ddl.ts'
import { DATABASE, type Engine } from './engine/engine.ts'
import type { Table } from './table.ts'

/** What a publication changed. `changed` are the dates whose rows are new, different or gone; their version is `version`. */
export interface Published {
  readonly staged: number
  readonly written: number
  readonly unchanged: number
  readonly deleted: number
  /** Rows that repeated a key within the staging table; the last one counted. */
  readonly duplicates: number
  readonly changed: readonly TradeDate[]
}

/** The days (and stocks) a build answers for: rows of the table in this scope that were not built again have disappeared. */
export interface Scope {
  readonly from: TradeDate
  readonly to: TradeDate
  readonly codes?: readonly string[]
}

/**
 * Move a complete staging table into its table, one partition at a time. Idempotent: rows equal to what is there are left alone, so a
 * publication that died half-way is simply done again, and an unchanged rebuild gives no row a new version.
 * Rows within `scope` that are absent from staging get a tombstone.
 */
export async function publish(engine: Engine, table: Table, staging: string, version: number, scope?: Scope): Promise<Published> {
  const columns = Object.keys(table.columns)
  const keys = table.grain.join(', ')
  const rest = columns.filter((column) => !table.grain.includes(column))
  const target = `${DATABASE}.${table.name}`
  const partition = partitionExpression(table)
  const latest = `(select ${columns.join(', ')} from ${DATABASE}.${staging} order by ${table.grain.join(', ')}, row_number desc limit 1 by ${keys})`
  const digest = rest.length === 0 ? '1' : `cityHash64(tuple(${rest.join(', ')}))`
  const [counts] = await engine.rows<{ staged: number; keys_: number }>(`select toUInt32(count()) as staged, toUInt32(uniqExact(cityHash64(${keys}))) as keys_ from ${DATABASE}.${staging}`)
  const staged = Number(counts!.staged)
  const distinct = Number(counts!.keys_)
  const partitions = await affectedPartitions(engine, table, staging, scope)
  let written = 0
  let deleted = 0
  for (const part of partitions) {
    const here = part === undefined ? '1' : `${partition} = ${part}`
    const scoped = scope === undefined ? undefined : scopeCondition(table, scope)
    const existing = `(select ${columns.join(', ')} from ${target} where ${here}${scoped === undefined ? '' : ` and ${scoped.sql}`})`
    const [already] = await engine.rows<{ present: number }>(`select toUInt32(count()) as present from ${existing}`, { params: scoped?.params ?? {} })
    const incoming = distinct === staged ? `(select ${columns.join(', ')} from ${DATABASE}.${staging} where ${here})` : `(select * from ${latest} where ${here})`
    const isNew = Number(already!.present) === 0
    const fresh = isNew
      ? `select ${columns.join(', ')}, toUInt64(${version}), toUInt8(0) from ${incoming}`
      : `select ${columns.map((column) => `n.${column}`).join(', ')}, toUInt64(${version}), toUInt8(0)
         from ${incoming} as n left anti join (select ${keys}, ${digest} as digest from ${existing}) as o
         on ${table.grain.map((key) => `n.${key} = o.${key}`).join(' and ')} and ${digestOf('n', rest)} = o.digest`
    // What was not built (or sent) again has disappeared: within the scope of a build, or within the units a load replaces.
    const units = table.unit?.join(', ')
    const replaced = scope !== undefined ? existing : units === undefined ? undefined : `(select ${columns.join(', ')} from ${target} where ${here} and (${units}) in (select distinct ${units} from ${DATABASE}.${staging}))`
    const gone =
      isNew || replaced === undefined
        ? undefined
        : `select ${columns.map((column) => `o.${column}`).join(', ')}, toUInt64(${version}), toUInt8(1)
           from ${replaced} as o left anti join ${incoming} as n on ${table.grain.map((key) => `n.${key} = o.${key}`).join(' and ')}`
    const settings = { max_insert_block_size: 1_048_576, min_insert_block_size_rows: 1_048_576, min_insert_block_size_bytes: 0, max_partitions_per_insert_block: 4 }
    await engine.exec(`insert into ${target} (${[...columns, 'ver', 'is_deleted'].join(', ')}) ${fresh}`, { params: scoped?.params ?? {}, settings })
    if (gone !== undefined) await engine.exec(`insert into ${target} (${[...columns, 'ver', 'is_deleted'].join(', ')}) ${gone}`, { params: scoped?.params ?? {}, settings })
    const [sums] = await engine.rows<{ written: number; deleted: number }>(
      `select toUInt32(countIf(is_deleted = 0)) as written, toUInt32(countIf(is_deleted = 1)) as deleted from ${target} where ver = ${version} and ${here}`,
      { settings: { final: 0 } },
    )
    written += Number(sums!.written)
    deleted += Number(sums!.deleted)
  }
  const changed = written + deleted > 0 && 'trade_date' in table.columns ? await changedDates(engine, target, version, partitions, partition) : []
  return { staged, written, unchanged: distinct - written, deleted, duplicates: staged - distinct, changed }
}

/** A new, empty staging table; the name is unused. */
export async function createStaging(engine: Engine, table: Table, version: number): Promise<string> {
  const name = stagingName(table, version)
  await engine.exec(`drop table if exists ${DATABASE}.${name}`)
  await engine.exec(stagingDdl(table, name))
  return name
}

export async function dropStaging(engine: Engine, name: string): Promise<void> {
  await engine.exec(`drop table if exists ${DATABASE}.${name}`)
}

export function stagingName(table: Table, version: number): string {
  return `staging_${table.name}_${version}`
}

function digestOf(alias: string, columns: readonly string[]): string {
  return columns.length === 0 ? '1' : `cityHash64(tuple(${columns.map((column) => `${alias}.${column}`).join(', ')}))`
}

function scopeCondition(table: Table, scope: Scope): { readonly sql: string; readonly params: Record<string, number | readonly string[]> } {
  const byDate = 'trade_date' in table.columns ? 'trade_date between {scope_from:UInt32} and {scope_to:UInt32}' : '1'
  const byCode = scope.codes === undefined || !('ts_code' in table.columns) ? '' : ' and ts_code in {scope_codes:Array(String)}'
  return { sql: byDate + byCode, params: { scope_from: scope.from, scope_to: scope.to, ...(byCode === '' ? {} : { scope_codes: scope.codes! }) } }
}

async function affectedPartitions(engine: Engine, table: Table, staging: string, scope: Scope | undefined): Promise<readonly (number | undefined)[]> {
  const expression = partitionExpression(table)
  if (expression === undefined) return [undefined]
  const incoming = await engine.frame(`select distinct toUInt32(${expression}) as part from ${DATABASE}.${staging}`)
  const parts = new Set(numbers(incoming, 'part'))
  if (scope !== undefined) {
    const present = await engine.frame(`select distinct toUInt32(${expression}) as part from ${DATABASE}.${table.name} where trade_date between {from:UInt32} and {to:UInt32}`, {
      params: { from: scope.from, to: scope.to },
    })
    for (const part of numbers(present, 'part')) parts.add(part)
  }
  return [...parts].toSorted((a, b) => a - b)
}

async function changedDates(engine: Engine, target: string, version: number, parts: readonly (number | undefined)[], expression: string | undefined): Promise<readonly TradeDate[]> {
  const within = expression === undefined || parts.length === 0 ? '1' : `${expression} in (${parts.join(', ')})`
  const frame = await engine.frame(`select distinct trade_date from ${target} where ver = ${version} and ${within} order by trade_date`, { settings: { final: 0 } })
  return [...numbers(frame, 'trade_date')] as TradeDate[]
}

/** After a backfill: merge the partitions of these dates so that FINAL has nothing left to do. */
export async function compact(engine: Engine, table: Table, dates: readonly TradeDate[]): Promise<void> {
  if (table.partition === 'none') {
    await engine.exec(`optimize table ${DATABASE}.${table.name} final`)
    return
  }
  const width = table.partition === 'day' ? 1 : table.partition === 'month' ? 100 : 10_000
  for (const part of new Set(dates.map((date) => Math.floor(date / width)))) await engine.exec(`optimize table ${DATABASE}.${table.name} partition ${part} final`)
}

