import type { Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { runAudits, type AuditResult } from './audit.ts'
import { DATABASE, type Engine, type QueryOptions } from './engine/engine.ts'
import { ANY_PARTITIONS, createStaging, dropStaging, INSERT_SETTINGS, publish, type Published, type Scope } from './publish.ts'
import { sqlOf } from './table-sql.ts'
import type { Table } from './table.ts'

export interface BuildRequest {
  /** Trade dates to build: ascending, all open days, contiguous in the calendar. */
  readonly dates: readonly TradeDate[]
  readonly codes?: readonly string[]
  readonly scope: 'pool' | 'all'
  readonly version: number
  readonly signal?: AbortSignal
  readonly progress: (done: number, total: number, unit: string) => void
}

/** How a build ended: published, or held back because an audit found rows that break a rule. */
export type BuildResult =
  | { readonly type: 'published'; readonly published: Published; readonly audits: readonly AuditResult[] }
  | { readonly type: 'audit-failed'; readonly audits: readonly AuditResult[] }

/**
 * Build some days of a table: rows go to staging, are audited there, and only then replace the days as one publication.
 * Building the same days again from the same inputs changes nothing.
 */
export async function buildTable(engine: Engine, table: Table, request: BuildRequest): Promise<BuildResult> {
  const [from, to] = [request.dates[0], request.dates.at(-1)]
  if (from === undefined || to === undefined) throw new RangeError(`Cannot build ${table.name}: at least one trade date is needed, found none`)
  const staging = await createStaging(engine, table, request.version)
  try {
    await fill(engine, table, staging, request, from, to)
    const audits = await runAudits(engine, table, staging)
    if (audits.some((audit) => audit.severity === 'error' && audit.offending > 0)) return { type: 'audit-failed', audits }
    const scope: Scope | undefined =
      'trade_date' in table.columns ? { from, to, ...(request.codes === undefined ? {} : { codes: request.codes }) } : { from, to }
    return { type: 'published', published: await publish(engine, table, staging, request.version, scope, { isUnique: hasUniqueKeys(table) }), audits }
  } finally {
    await dropStaging(engine, staging)
  }
}

/** Whether the audits that just passed say that no key repeats. */
function hasUniqueKeys({ audits, grain }: Table): boolean {
  return audits.some(
    ({ name, severity }) => severity === 'error' && grain.every((column) => name.startsWith('unique(') && name.slice(7, -1).split(', ').includes(column)),
  )
}

async function fill(engine: Engine, table: Table, staging: string, request: BuildRequest, from: TradeDate, to: TradeDate): Promise<void> {
  const { build } = table
  const columns = Object.keys(table.columns).join(', ')
  const options = request.signal === undefined ? {} : { signal: request.signal }
  switch (build.by) {
    case 'sql': {
      const only = request.codes === undefined || !('ts_code' in table.columns) ? '' : ' where ts_code in {codes:Array(String)}'
      await engine.exec(`insert into ${DATABASE}.${staging} (${columns}) select ${columns} from (\n${sqlOf(table)}\n)${only}`, {
        ...options,
        settings: INSERT_SETTINGS,
        params: { from, to, ...(only === '' ? {} : { codes: request.codes! }) },
      })
      return
    }
    case 'rules':
      await engine.insert(staging, build.rows(), { ...options, settings: ANY_PARTITIONS })
      return
    case 'compute': {
      const frames = build.compute({
        table,
        engine,
        dates: request.dates,
        scope: request.scope,
        progress: request.progress,
        ...options,
        ...(request.codes === undefined ? {} : { codes: request.codes }),
      })
      await insertAll(engine, staging, frames, options)
      return
    }
    case 'fetch':
      throw new RangeError(`Cannot build ${table.name}: it is filled by a source or an import, not built`)
    default:
      build satisfies never
  }
}

/** Blocks on their way into the engine while the next one is computed: one is written while the other is encoded. */
const IN_FLIGHT = 2

/** Insert blocks as they come; their order in staging does not matter, no key comes twice. */
async function insertAll(engine: Engine, staging: string, frames: AsyncIterable<Frame>, options: Pick<QueryOptions, 'signal'>): Promise<void> {
  const inserting: Promise<void>[] = []
  try {
    for await (const frame of frames) {
      if (frame.length === 0) continue
      if (inserting.length === IN_FLIGHT) await inserting.shift()
      const insert = engine.insert(staging, frame, { ...options, settings: ANY_PARTITIONS })
      // A failure is met when its turn comes, which may be blocks later.
      insert.catch(() => {})
      inserting.push(insert)
    }
    await Promise.all(inserting)
  } finally {
    // Nothing may be written any more when the staging table is dropped.
    await Promise.allSettled(inserting)
  }
}
