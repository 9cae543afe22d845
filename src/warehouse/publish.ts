import { numbers } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { partitionExpression, stagingDdl } from './ddl.ts'
import { DATABASE, type Engine, type QueryOptions } from './engine/engine.ts'
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

/** A staged block may touch any number of partitions: it becomes one part in each. */
export const ANY_PARTITIONS = { max_partitions_per_insert_block: 0 } as const

/** What INSERT … SELECT runs with: few large parts. */
export const INSERT_SETTINGS = {
  ...ANY_PARTITIONS,
  max_insert_block_size: 1_048_576,
  min_insert_block_size_rows: 1_048_576,
  min_insert_block_size_bytes: 0,
} as const

/** A job waits for these statements, not a person. */
const PATIENT = { max_execution_time: 1800 } as const

/** From this many rows on a partition that was built is attached instead of copied; it is then in many pieces, for `compact` to merge. */
const ATTACH_FROM = 250_000

/** New rows of several small partitions go in with one statement, up to about this many. */
const INSERT_UP_TO = 1_000_000

/**
 * Move a complete staging table into its table, partition by partition. Idempotent: rows equal to what is there are left alone, so a
 * publication that died half-way is simply done again, and an unchanged rebuild gives no row a new version.
 * Rows within `scope` that are absent from staging get a tombstone. A large partition that meets none of its rows in the table is attached as it is,
 * without a row being read. `isUnique`: it is known that no key repeats.
 */
export async function publish(
  engine: Engine,
  table: Table,
  staging: string,
  version: number,
  scope?: Scope,
  { isUnique = false }: { readonly isUnique?: boolean } = {},
): Promise<Published> {
  const move: Move = { engine, table, staging, version, scope, ...conditionOf(table, staging, scope) }
  const incoming = await stagedRows(move, isUnique)
  const present = await presentRows(move, incoming)
  const fresh = [...incoming.keys()].filter((part) => !present.has(part) && isClean(incoming.get(part))).toSorted((a, b) => a - b)
  const large = fresh.filter((part) => isUnique && incoming.get(part)!.staged >= ATTACH_FROM)
  for (const part of large)
    await engine.exec(`alter table ${DATABASE}.${table.name} attach partition id '${partitionId(table, part)}' from ${DATABASE}.${staging}`)
  for (const parts of inGroups(
    fresh.filter((part) => !large.includes(part)),
    incoming,
  ))
    await insertPartitions(move, parts)
  const others = [...new Set([...incoming.keys(), ...present])].filter((part) => !fresh.includes(part)).toSorted((a, b) => a - b)
  for (const part of others) await mergePartition(move, part, { isNew: !present.has(part), isClean: isClean(incoming.get(part)) })
  const [staged, distinct] = [sumOf(incoming.values(), 'staged'), sumOf(incoming.values(), 'distinct')]
  const changes = await changesOf(move, others)
  const written =
    sumOf(
      fresh.map((part) => incoming.get(part)!),
      'staged',
    ) + changes.written
  const changed = [...new Set([...changes.dates, ...(await stagedDates(move, fresh))])].toSorted((a, b) => a - b)
  return { staged, written, unchanged: distinct - written, deleted: changes.deleted, duplicates: staged - distinct, changed }
}

/** No key comes twice. Nothing at all is not clean: it brings no rows. */
function isClean(rows: StagedRows | undefined): boolean {
  return rows !== undefined && rows.staged === rows.distinct
}

function* inGroups(parts: readonly number[], incoming: ReadonlyMap<number, StagedRows>): Iterable<readonly number[]> {
  let group: number[] = []
  let rows = 0
  for (const part of parts) {
    group.push(part)
    rows += incoming.get(part)!.staged
    if (rows < INSERT_UP_TO) continue
    yield group
    group = []
    rows = 0
  }
  if (group.length > 0) yield group
}

/** Rows of partitions in which the table has none of them. */
async function insertPartitions({ engine, table, staging, version }: Move, parts: readonly number[]): Promise<void> {
  const columns = Object.keys(table.columns).join(', ')
  const expression = partitionExpression(table)
  const where = expression === undefined ? '1' : `${expression} in (${parts.join(', ')})`
  await engine.exec(
    `insert into ${DATABASE}.${table.name} (${columns}, ver, is_deleted) select ${columns}, ${version}, 0 from ${DATABASE}.${staging} where ${where}`,
    { settings: INSERT_SETTINGS },
  )
}

/** A publication under way. `within` restricts the table to rows it may touch; `params` are its values. */
interface Move {
  readonly engine: Engine
  readonly table: Table
  readonly staging: string
  readonly version: number
  readonly scope: Scope | undefined
  readonly within: string
  readonly params: NonNullable<QueryOptions['params']>
}

/** A build may touch the rows it answers for; a load those of the stocks, days and bars it brings. */
function conditionOf(table: Table, staging: string, scope: Scope | undefined): Pick<Move, 'within' | 'params'> {
  if (scope === undefined) {
    const shared = ['ts_code', 'trade_date', 'time'].filter((column) => table.grain.includes(column))
    return { within: shared.map((column) => `${column} in (select distinct ${column} from ${DATABASE}.${staging})`).join(' and ') || '1', params: {} }
  }
  const byDate = 'trade_date' in table.columns ? 'trade_date between {scope_from:UInt32} and {scope_to:UInt32}' : '1'
  const byCode = scope.codes === undefined || !('ts_code' in table.columns) ? '' : ' and ts_code in {scope_codes:Array(String)}'
  return { within: byDate + byCode, params: { scope_from: scope.from, scope_to: scope.to, ...(byCode === '' ? {} : { scope_codes: scope.codes! }) } }
}

/** A table kept in one piece has one partition, 0. */
function partOf(table: Table): string {
  return `toUInt32(${partitionExpression(table) ?? 0})`
}

/** How the engine names a partition: by the value of its expression, `all` without one. */
function partitionId(table: Table, part: number): string {
  return partitionExpression(table) === undefined ? 'all' : String(part)
}

function here(table: Table, part: number): string {
  const expression = partitionExpression(table)
  return expression === undefined ? '1' : `${expression} = ${part}`
}

interface StagedRows {
  readonly staged: number
  readonly distinct: number
}

async function stagedRows({ engine, table, staging }: Move, isUnique: boolean): Promise<ReadonlyMap<number, StagedRows>> {
  const distinct = isUnique ? 'count()' : `uniqExact(cityHash64(${table.grain.join(', ')}))`
  const frame = await engine.frame(
    `select ${partOf(table)} as part, toFloat64(count()) as staged, toFloat64(${distinct}) as distinct_keys from ${DATABASE}.${staging} group by part`,
    { settings: PATIENT },
  )
  const [part, staged, keys] = [numbers(frame, 'part'), numbers(frame, 'staged'), numbers(frame, 'distinct_keys')]
  return new Map(Array.from(part, (value, row) => [value, { staged: staged[row]!, distinct: keys[row]! }]))
}

/** The partitions in which the table already has rows that the publication may touch. */
async function presentRows({ engine, table, scope, within, params }: Move, incoming: ReadonlyMap<number, unknown>): Promise<ReadonlySet<number>> {
  if (incoming.size === 0 && scope === undefined) return new Set()
  const expression = partitionExpression(table)
  const pruned = scope !== undefined || expression === undefined ? '1' : `${expression} in (${[...incoming.keys()].join(', ')})`
  const frame = await engine.frame(`select distinct ${partOf(table)} as part from ${DATABASE}.${table.name} where ${pruned} and ${within}`, {
    params,
    settings: PATIENT,
  })
  return new Set(numbers(frame, 'part'))
}

/** One insert: rows that are new or different, and tombstones for what was not built (or sent) again. */
async function mergePartition(
  { engine, table, staging, version, scope, within, params }: Move,
  part: number,
  { isNew, isClean }: { readonly isNew: boolean; readonly isClean: boolean },
): Promise<void> {
  const names = Object.keys(table.columns)
  const columns = names.join(', ')
  const target = `${DATABASE}.${table.name}`
  const rest = names.filter((column) => !table.grain.includes(column))
  const where = here(table, part)
  const staged = `(select ${columns} from ${DATABASE}.${staging} where ${where}${isClean ? '' : ` order by ${table.grain.join(', ')}, ${ARRIVAL} limit 1 by ${table.grain.join(', ')}`})`
  const existing = `(select ${columns} from ${target} where ${where} and ${within})`
  const sameKey = (a: string, b: string) => table.grain.map((key) => `${a}.${key} = ${b}.${key}`).join(' and ')
  const of = (alias: string) => names.map((column) => `${alias}.${column} as ${column}`).join(', ')
  const fresh = isNew
    ? `select ${columns}, toUInt64(${version}) as ver, toUInt8(0) as is_deleted from ${staged}`
    : `select ${of('n')}, toUInt64(${version}) as ver, toUInt8(0) as is_deleted from ${staged} as n
       left anti join (select ${table.grain.join(', ')}, ${digestOf('', rest)} as digest from ${existing}) as o on ${sameKey('n', 'o')} and ${digestOf('n.', rest)} = o.digest`
  const units = table.unit?.join(', ')
  const replaced =
    scope !== undefined
      ? existing
      : units === undefined
        ? undefined
        : `(select ${columns} from ${target} where ${where} and (${units}) in (select distinct ${units} from ${DATABASE}.${staging}))`
  const gone =
    isNew || replaced === undefined
      ? ''
      : `\nunion all select ${of('o')}, toUInt64(${version}) as ver, toUInt8(1) as is_deleted from ${replaced} as o left anti join ${staged} as n on ${sameKey('o', 'n')}`
  await engine.exec(`insert into ${target} (${columns}, ver, is_deleted) ${fresh}${gone}`, { params, settings: INSERT_SETTINGS })
}

/** Later rows first: parts are numbered in the order they were inserted, and rows with equal keys keep their order within one. */
const ARRIVAL = `toUInt64(splitByChar('_', _part)[2]) desc, _part_offset desc`

function digestOf(prefix: string, columns: readonly string[]): string {
  return columns.length === 0 ? '1' : `cityHash64(tuple(${columns.map((column) => prefix + column).join(', ')}))`
}

/** What the rows of this version in some partitions say: an earlier attempt that died counts with this one. */
async function changesOf(
  { engine, table, version }: Move,
  parts: readonly number[],
): Promise<{ readonly written: number; readonly deleted: number; readonly dates: readonly TradeDate[] }> {
  if (parts.length === 0) return { written: 0, deleted: 0, dates: [] }
  const expression = partitionExpression(table)
  const date = 'trade_date' in table.columns ? 'trade_date' : 'toUInt32(0)'
  const frame = await engine.frame(
    `select ${date} as day, toFloat64(countIf(is_deleted = 0)) as written, toFloat64(countIf(is_deleted = 1)) as deleted from ${DATABASE}.${table.name}
     where ver = ${version}${expression === undefined ? '' : ` and ${expression} in (${parts.join(', ')})`} group by day`,
    { settings: { ...PATIENT, final: 0 } },
  )
  const total = (column: string) => [...numbers(frame, column)].reduce((sum, rows) => sum + rows, 0)
  return { written: total('written'), deleted: total('deleted'), dates: date === 'trade_date' ? ([...numbers(frame, 'day')] as TradeDate[]) : [] }
}

async function stagedDates({ engine, table, staging }: Move, parts: readonly number[]): Promise<readonly TradeDate[]> {
  if (parts.length === 0 || !('trade_date' in table.columns)) return []
  if (table.partition === 'day') return parts as readonly TradeDate[]
  const expression = partitionExpression(table)
  const frame = await engine.frame(
    `select distinct trade_date from ${DATABASE}.${staging}${expression === undefined ? '' : ` where ${expression} in (${parts.join(', ')})`}`,
    { settings: PATIENT },
  )
  return [...numbers(frame, 'trade_date')] as TradeDate[]
}

function sumOf(rows: Iterable<StagedRows>, field: keyof StagedRows): number {
  let sum = 0
  for (const row of rows) sum += row[field]
  return sum
}

/** A new, empty staging table. A version is used once, so the name is free. */
export async function createStaging(engine: Engine, table: Table, version: number): Promise<string> {
  const name = stagingName(table, version)
  await engine.exec(stagingDdl(table, name, version))
  return name
}

export async function dropStaging(engine: Engine, name: string): Promise<void> {
  await engine.exec(`drop table if exists ${DATABASE}.${name}`)
}

export function stagingName(table: Table, version: number): string {
  return `staging_${table.name}_${version}`
}

/** Days published together from which on their partitions lie in many pieces. */
export const COMPACT_FROM = 20

/** After a backfill: merge the partitions of these dates that were not yet, so that FINAL has little left to do. */
export async function compact(engine: Engine, table: Table, dates: readonly TradeDate[]): Promise<void> {
  const width = table.partition === 'day' ? 1 : table.partition === 'month' ? 100 : 10_000
  const touched = new Set(table.partition === 'none' ? ['all'] : dates.map((date) => String(Math.floor(date / width))))
  const pieces = await engine.rows<{ id: string }>(
    `select partition_id as id from system.parts where database = '${DATABASE}' and table = {table:String} and active group by partition_id having count() > 1 or min(level) = 0 order by partition_id`,
    { params: { table: table.name } },
  )
  for (const { id } of pieces) if (touched.has(id)) await engine.exec(`optimize table ${DATABASE}.${table.name} partition id '${id}' final`)
}
