import { UsageError } from '#core/errors.ts'
import { defineCommand } from '../command.ts'
import { counted } from '../render.ts'
import { textTable, type Cell } from '../text-table.ts'

interface QueryReply {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly truncated: boolean
  readonly milliseconds: number
  readonly format: string
}

let format = 'table'

export const query = defineCommand({
  name: 'query',
  about: 'One read-only SELECT over any table, the ledger included',
  arguments: [{ name: '<sql>', about: 'a SELECT; rows are limited to 10,000 unless --limit says otherwise' }],
  options: [
    { flags: '--format <format>', about: 'table (default), csv or json' },
    { flags: '--limit <rows>', about: 'most rows, up to 100,000' },
  ],
  examples: [
    'fupan query "select * from strategy_candidates order by trade_date desc, candidate_rank limit 20"',
    'fupan query "select * from meta_etl_watermark" --format csv',
  ],
  does: 'verb',
  args([sql], options) {
    format = (options['format'] as string | undefined) ?? 'table'
    if (!['table', 'csv', 'json'].includes(format)) throw new UsageError(`Cannot print as ${format}: the formats are table, csv and json`)
    return { sql, ...(options['limit'] === undefined ? {} : { limit: Number(options['limit']) }) }
  },
  render(data) {
    const { columns, rows, truncated, milliseconds } = data as QueryReply
    if (format === 'csv') return [columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\n')
    if (format === 'json')
      return JSON.stringify(
        rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]]))),
        undefined,
        2,
      )
    return `${textTable(columns, rows)}\n\n${counted(rows.length)} rows${truncated ? ' (there are more: raise --limit)' : ''}, ${milliseconds} ms`
  },
})

function csvCell(cell: Cell): string {
  const text = cell === null || cell === undefined ? '' : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
