import { isLabels, MISSING, type Frame } from '#core/frame.ts'
import { runAudits, type AuditResult } from './audit.ts'
import { DATABASE, type Engine } from './engine/engine.ts'
import { ANY_PARTITIONS, createStaging, dropStaging, publish, type Published } from './publish.ts'
import type { Table } from './table.ts'

/**
 * 入库: rows from a source or a file on their way into one or more ODS tables. Nothing is visible until `publish`: an interruption before
 * it leaves nothing, an interruption during it is finished at the next start by `publishAgain`.
 */
export class Load {
  readonly #engine: Engine
  readonly #version: number
  readonly #staging = new Map<Table, { readonly name: string; rows: number }>()

  constructor(engine: Engine, version: number) {
    this.#engine = engine
    this.#version = version
  }

  /** Rows per table so far. */
  get rows(): ReadonlyMap<string, number> {
    return new Map([...this.#staging].map(([table, { rows }]) => [table.name, rows]))
  }

  /** The staging tables of this load, for the ledger: what a later start needs to finish it. */
  get stagingTables(): readonly { readonly table: string; readonly staging: string }[] {
    return [...this.#staging].map(([table, { name }]) => ({ table: table.name, staging: name }))
  }

  /** Append rows. Columns the frame lacks must be nullable ones (they become NULL); a column the table lacks is a mistake of the caller. */
  async add(table: Table, frame: Frame): Promise<void> {
    checkFrame(table, frame)
    let staging = this.#staging.get(table)
    if (staging === undefined) {
      staging = { name: await createStaging(this.#engine, table, this.#version), rows: 0 }
      this.#staging.set(table, staging)
    }
    await this.#engine.insert(staging.name, frame, { settings: ANY_PARTITIONS })
    staging.rows += frame.length
  }

  /** Ask the audits of every table about the staged rows. Any finding of severity 'error' means: do not publish. */
  async audit(): Promise<readonly AuditResult[]> {
    const results: AuditResult[] = []
    for (const [table, { name }] of this.#staging) {
      // A key that comes twice is not an error of a file: the last row counts and the report says how many there were.
      const audits = table.audits.filter((audit) => !audit.name.startsWith('unique('))
      results.push(...(await runAudits(this.#engine, { ...table, audits }, name)))
    }
    return results
  }

  /** Make the rows visible. What was staged stays until `discard`: whoever is killed before writing down what changed finds it again. */
  async publish(): Promise<ReadonlyMap<Table, Published>> {
    const published = new Map<Table, Published>()
    for (const [table, { name }] of this.#staging) published.set(table, await publish(this.#engine, table, name, this.#version))
    return published
  }

  /** Throw the staged rows away. Safe to call after publish. */
  async discard(): Promise<void> {
    for (const { name } of this.#staging.values()) await dropStaging(this.#engine, name)
    this.#staging.clear()
  }
}

/**
 * Finish a publication that a kill interrupted: publishing is idempotent, so it is simply done again and says the same. The staging table stays until
 * `dropOrphans`. Missing staging = there was nothing to publish.
 */
export async function publishAgain(engine: Engine, table: Table, staging: string, version: number): Promise<Published | undefined> {
  const [found] = await engine.rows<{ present: number }>(
    `select toUInt32(count()) as present from system.tables where database = '${DATABASE}' and name = {staging:String}`,
    { params: { staging } },
  )
  if (found!.present === 0) return undefined
  return publish(engine, table, staging, version)
}

/** Drop staging tables nobody will finish: what an interrupted build or load left behind. */
export async function dropOrphans(engine: Engine, keep: ReadonlySet<string>): Promise<readonly string[]> {
  const rows = await engine.rows<{ name: string }>(`select name from system.tables where database = '${DATABASE}' and startsWith(name, 'staging_')`)
  const orphans = rows.map(({ name }) => name).filter((name) => !keep.has(name))
  for (const name of orphans) await dropStaging(engine, name)
  return orphans
}

function checkFrame(table: Table, frame: Frame): void {
  for (const name of Object.keys(frame.columns)) {
    if (!(name in table.columns)) throw new TypeError(`Cannot load into ${table.name}: it has no column "${name}"`)
  }
  for (const [name, column] of Object.entries(table.columns)) {
    const given = frame.columns[name]
    if (given === undefined) {
      if (!column.nullable) throw new TypeError(`Cannot load into ${table.name}: column "${name}" is never missing, but the rows do not have it`)
      continue
    }
    if (column.nullable) continue
    const missing = isLabels(given) ? given.index.indexOf(MISSING) : given instanceof Float64Array ? given.findIndex(Number.isNaN) : -1
    if (missing >= 0) throw new TypeError(`Cannot load into ${table.name}: column "${name}" is never missing, but row ${missing} has no value`)
  }
}
