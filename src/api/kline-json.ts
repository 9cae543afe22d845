import { KLINE_FIELDS, type KlineField } from './kline-query.ts'
import type { Series } from './kline-series.ts'

/** The bars [first, end) as JSON: an object per bar, or an array per field. What is not known is null. */
export function barsJson(series: Series, first: number, end: number, format: 'rows' | 'columns', fields: readonly KlineField[] = KLINE_FIELDS): string {
  const columns = fields.map((field) => textsOf(series, field, first, end))
  if (format === 'columns') return `{${fields.map((field, c) => `"${field}":[${columns[c]!.join(',')}]`).join(',')}}`
  const names = fields.map((field, c) => `${c === 0 ? '{' : ','}"${field}":`)
  const rows: string[] = []
  for (let row = 0; row < end - first; row++) {
    let text = ''
    for (let c = 0; c < columns.length; c++) text += names[c]! + columns[c]![row]!
    rows.push(`${text}}`)
  }
  return `[${rows.join(',')}]`
}

function textsOf({ time, final, bars }: Series, field: KlineField, first: number, end: number): readonly string[] {
  if (field === 'final') return Array.from(final.subarray(first, end), (each) => (each === 1 ? 'true' : 'false'))
  const values = (field === 'time' ? time : bars[field]).subarray(first, end)
  return Array.from(values, (value) => (Number.isFinite(value) ? String(value) : 'null'))
}
