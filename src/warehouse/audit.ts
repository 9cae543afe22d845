import { DATABASE, type Engine } from './engine/engine.ts'
import type { Table } from './table.ts'

/** What one audit found in the rows just staged. */
export interface AuditResult {
  readonly table: string
  readonly audit: string
  readonly severity: 'error' | 'warning'
  readonly rule: string
  readonly offending: number
  /** At most 20 offending rows. */
  readonly sample: readonly object[]
  /** The query that shows all of them once the rows are published, for the person who looks into it. */
  readonly reproduce: string
}

/** A job waits for these, not a person. */
const PATIENT = { max_execution_time: 1800 }

/** Ask every audit of the table about the rows in staging: all of them in one statement, and again in full those that found something. */
export async function runAudits(engine: Engine, table: Table, staging: string): Promise<readonly AuditResult[]> {
  if (table.audits.length === 0) return []
  const rows = `${DATABASE}.${staging}`
  const asked = table.audits.map((audit) => audit.sql.replaceAll('{table}', rows))
  const counts = table.audits.map(({ screen }, i) =>
    screen === undefined
      ? `select ${i} as nth, toFloat64(count()) as found from (${asked[i]})`
      : `select ${i} as nth, toFloat64(${screen}) as found from ${rows}`,
  )
  const found = await engine.rows<{ nth: number; found: number }>(counts.join('\nunion all '), { settings: PATIENT })
  const results: AuditResult[] = []
  for (const [i, { name, severity, rule, sql }] of table.audits.entries()) {
    const isClean = found.find(({ nth }) => nth === i)!.found === 0
    const [counted] = isClean ? [] : await engine.rows<{ offending: number }>(`select toUInt32(count()) as offending from (${asked[i]})`, { settings: PATIENT })
    const offending = counted?.offending ?? 0
    const sample = offending === 0 ? [] : await engine.rows<object>(`select * from (${asked[i]}) limit 20`, { settings: PATIENT })
    results.push({ table: table.name, audit: name, severity, rule, offending, sample, reproduce: sql.replaceAll('{table}', `${DATABASE}.${table.name}`) })
  }
  return results
}
