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

/** Ask every audit of the table about the rows in staging. */
export async function runAudits(engine: Engine, table: Table, staging: string): Promise<readonly AuditResult[]> {
  const results: AuditResult[] = []
  for (const audit of table.audits) {
    const sql = audit.sql.replaceAll('{table}', `${DATABASE}.${staging}`)
    const [counted] = await engine.rows<{ offending: number }>(`select toUInt32(count()) as offending from (${sql})`)
    const offending = Number(counted!.offending)
    const sample = offending === 0 ? [] : await engine.rows<object>(`select * from (${sql}) limit 20`)
    results.push({ table: table.name, audit: audit.name, severity: audit.severity, rule: audit.rule, offending, sample, reproduce: audit.sql.replaceAll('{table}', `${DATABASE}.${table.name}`) })
  }
  return results
}
