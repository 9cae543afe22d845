import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLabels, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { buildTable } from '#warehouse/build.ts'
import { engineTypeOf } from '#warehouse/column.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { openEngine } from '#warehouse/engine/open-engine.ts'
import { Load } from '#warehouse/load.ts'
import type { Published } from '#warehouse/publish.ts'
import { createTables } from '#warehouse/schema.ts'
import { tables } from '#warehouse/tables.ts'
import type { Table } from '#warehouse/table.ts'
import { firstDay, lastDay, marketDays, tickDates } from './tiny-market.ts'
import type { RawMarket } from './raw-market.ts'

/** Tables that Fupan makes itself, upstream first: what the laws speak about. */
export const builtTables: readonly Table[] = tables.filter((table) => table.build.by !== 'fetch')

/** Built tables with days. */
export const datedTables: readonly Table[] = builtTables.filter((table) => 'trade_date' in table.columns)

/** The days a table of the tiny market can have rows on: one that needs ticks begins where they do. */
export function daysOf(table: Table): readonly TradeDate[] {
  return needsTicks(table) ? tickDates : marketDays
}

function needsTicks(table: Table): boolean {
  return table.name === 'ods_tick' || table.inputs.some((input) => input.strength === 'hard' && needsTicks(input.table))
}

/** The rows of every built table, each in key order. */
export type Built = ReadonlyMap<string, Frame>

export interface BuildOptions {
  readonly codes?: readonly string[]
  /** By default every stock with ticks is worked on. */
  readonly scope?: 'pool' | 'all'
}

/** A warehouse in a folder of its own, to be filled, built and emptied over and over. */
export class WarehouseRig {
  readonly engine: Engine
  readonly #folder: string
  readonly #filled = new Set<Table>()
  #version = 0

  private constructor(engine: Engine, folder: string) {
    this.engine = engine
    this.#folder = folder
  }

  static async open(threads?: number): Promise<WarehouseRig> {
    const folder = mkdtempSync(join(tmpdir(), 'fupan-laws-'))
    const engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: 16, ...(threads === undefined ? {} : { threads }) })
    await createTables(engine, tables)
    const rig = new WarehouseRig(engine, folder)
    for (const table of builtTables) if (table.build.by === 'rules') await rig.build(table, marketDays)
    return rig
  }

  async close(): Promise<void> {
    await this.engine.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  nextVersion(): number {
    return ++this.#version
  }

  /** Forget all rows but those of the tables of rules, which no market changes. */
  async empty(): Promise<void> {
    for (const table of this.#filled) await this.engine.exec(`truncate table fupan.${table.name}`)
    this.#filled.clear()
  }

  /** Raw rows through the same door as any vendor's. Audits are not asked: some laws need rows no vendor would send. */
  async load(raw: RawMarket): Promise<void> {
    for (const [table, frame] of raw) {
      if (frame.length === 0) continue
      this.#filled.add(table)
      const load = new Load(this.engine, this.nextVersion())
      await load.add(table, frame)
      await load.publish()
      await load.discard()
    }
  }

  /** Build days of one table. Throws when an audit stops it: the tiny market breaks no rule. */
  async build(table: Table, dates: readonly TradeDate[], { codes, scope = 'all' }: BuildOptions = {}): Promise<Published> {
    const result = await buildTable(this.engine, table, { dates, scope, version: this.nextVersion(), progress() {}, ...(codes === undefined ? {} : { codes }) })
    if (result.type === 'audit-failed') {
      const broken = result.audits
        .filter(({ offending }) => offending > 0)
        .map(({ rule, offending, sample }) => `${offending} rows break "${rule}", the first: ${JSON.stringify(sample[0])}`)
      throw new Error(`Cannot build ${table.name} ${dates[0]}..${dates.at(-1)}: ${broken.join('; ')}`)
    }
    if (table.build.by !== 'rules') this.#filled.add(table)
    return result.published
  }

  /** Build every table with days over a range, each as a whole. */
  async buildAll(from: TradeDate = firstDay, to: TradeDate = lastDay, options?: BuildOptions): Promise<void> {
    for (const table of datedTables) {
      const dates = daysOf(table).filter((date) => date >= from && date <= to)
      if (dates.length > 0) await this.build(table, dates, options)
    }
  }

  /** A world from nothing: empty, load, build to `to`, and what came of it. */
  async world(raw: RawMarket, to: TradeDate = lastDay): Promise<Built> {
    await this.empty()
    await this.load(raw)
    await this.buildAll(firstDay, to)
    return this.built()
  }

  /** The rows of every built table up to a date. */
  async built(to: TradeDate = lastDay): Promise<Built> {
    const frames = new Map<string, Frame>()
    for (const table of builtTables) frames.set(table.name, await this.rows(table, to))
    return frames
  }

  rows(table: Table, to: TradeDate = lastDay): Promise<Frame> {
    const until = 'trade_date' in table.columns ? `where trade_date <= ${to}` : ''
    return this.engine.frame(`select ${Object.keys(table.columns).join(', ')} from fupan.${table.name} ${until} order by ${table.grain.join(', ')}`)
  }

  /** Staging tables left behind. */
  async leftovers(): Promise<readonly string[]> {
    return (await this.engine.rows<{ name: string }>("select name from system.tables where database = 'fupan' and startsWith(name, 'staging_')")).map(
      ({ name }) => name,
    )
  }
}

/** How far two numbers may lie apart: 0 = the same bits. */
export function toleranceOf(table: Table, column: string): number {
  // Sums in SQL follow the order in which threads finish (LAYOUT §6); whole numbers and everything computed in TypeScript do not.
  return table.build.by === 'sql' && engineTypeOf(table.columns[column]!).includes('Float64') ? 1e-9 : 0
}

/** Where two builds of a table differ, in words; empty = they agree. At most five differences are told. */
export function differencesOf(
  table: Table,
  found: Frame,
  expected: Frame,
  columns: readonly string[] = Object.keys(table.columns),
  tolerance: (table: Table, column: string) => number = toleranceOf,
): readonly string[] {
  const told: string[] = []
  if (found.length !== expected.length) told.push(`${table.name}: ${found.length} rows, expected ${expected.length}`)
  const key = (frame: Frame, row: number) => table.grain.map((name) => cellOf(frame, name, row)).join(' ')
  for (let row = 0; row < Math.min(found.length, expected.length) && told.length < 5; row++) {
    for (const name of columns) {
      const [a, b] = [cellOf(found, name, row), cellOf(expected, name, row)]
      if (!isClose(a, b, tolerance(table, name))) told.push(`${table.name}.${name} of ${key(expected, row)}: ${a}, expected ${b}`)
    }
  }
  return told
}

/** Differences over all tables that are in `expected`. */
export function allDifferences(found: Built, expected: Built, tolerance?: (table: Table, column: string) => number): readonly string[] {
  return builtTables.flatMap((table) => differencesOf(table, found.get(table.name)!, expected.get(table.name)!, undefined, tolerance))
}

export function cellOf(frame: Frame, name: string, row: number): number | string | undefined {
  const column = frame.columns[name]!
  return isLabels(column) ? column.values[column.index[row]!] : column[row]
}

function isClose(a: number | string | undefined, b: number | string | undefined, tolerance: number): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'number' || typeof b !== 'number' || tolerance === 0) return false
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))
}
