import { metricDefinitions } from './metric-definitions.ts'
import type { RunReport } from './run-report.ts'

/**
 * The report as JSON text, schema `fupan.backtest-report/1`: the fields of `RunReport` in its order plus `definitions` (metric name → label, unit,
 * definition, when it is missing). NaN and ±Infinity become null, typed arrays plain arrays, absent fields stay away. No clock, no chance:
 * the same report gives the same bytes.
 */
export function reportJson(report: RunReport, indent?: number): string {
  return `${JSON.stringify(plain({ ...report, definitions: metricDefinitions }), undefined, indent)}\n`
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (Array.isArray(value)) return value.map(plain)
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).flatMap(([key, own]) => (own === undefined || typeof own === 'function' ? [] : [[key, plain(own)]])))
  return value
}
