import type { TableState } from '#api/views.ts'
import { tables } from '#warehouse/tables.ts'
import type { App } from './app.ts'
import { lastDue } from './fetch-raw.ts'

/** Where every table stands: watermark, rows, and whether it reaches the last day that can be there. */
export function tableStates(app: App): readonly TableState[] {
  const coverage = new Map(app.ledger.partitions.coverage().map((each) => [each.table, each]))
  const marks = new Map(app.ledger.watermarks.all().map((mark) => [mark.apiName, mark]))
  return tables.map((table) => {
    const covered = coverage.get(table.name)
    const mark = marks.get(table.name)
    const through = mark?.waterMark ?? (covered !== undefined && covered.to > 0 ? covered.to : undefined)
    const isDated = 'trade_date' in table.columns
    return {
      name: table.name,
      layer: table.layer,
      label: table.label,
      waterMark: through,
      rows: covered?.rows ?? 0,
      state: covered === undefined ? 'empty' : !isDated || (through ?? 0) >= lastDue(app, table) ? 'fresh' : 'stale',
      lastBuiltAt: covered?.builtAt,
    }
  })
}
