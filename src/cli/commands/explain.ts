import { defineCommand } from '../command.ts'
import { counted, heading } from '../render.ts'
import { textTable } from '../text-table.ts'

interface ColumnText {
  readonly name: string
  readonly type: string
  readonly unit: string
  readonly nullable: boolean
  readonly label: { readonly zh: string; readonly en: string }
  readonly about: string
}

interface ExplainReply {
  readonly name?: string
  readonly table?: string
  readonly column?: ColumnText
  readonly label: { readonly zh: string; readonly en: string }
  readonly about: string
  readonly grain: readonly string[]
  readonly builtBy: string
  readonly readyAt: string
  readonly inputs: readonly { readonly table: string; readonly lookback: string }[]
  readonly readBy: readonly string[]
  readonly audits: readonly { readonly rule: string }[]
  readonly columns: readonly ColumnText[]
  readonly sql?: string
  readonly built?: { readonly from: number; readonly to: number; readonly days: number; readonly rows: number }
}

export const explain = defineCommand({
  name: 'explain',
  about: 'A table or a column: meaning, unit, lineage, checks, how it is built',
  arguments: [{ name: '<target>', about: 'table or table.column' }],
  options: [],
  examples: ['fupan explain stock_active_pool', 'fupan explain stock_fund_quality.fund_quality_score'],
  does: 'verb',
  args: ([target]) => ({ target }),
  render(data) {
    const reply = data as ExplainReply
    if (reply.column !== undefined) {
      const { name, type, unit, nullable, label, about } = reply.column
      return [
        `${heading(`${reply.table}.${name}`)}  ${label.zh} / ${label.en}`,
        `${type}${unit === '' ? '' : `, ${unit}`}${nullable ? ', NULL = not known' : ''}`,
        about,
      ]
        .filter((line) => line !== '')
        .join('\n')
    }
    const { name, label, about, grain, builtBy, readyAt, inputs, readBy, audits, columns, sql, built } = reply
    return [
      `${heading(name!)}  ${label.zh} / ${label.en}`,
      about,
      '',
      `one row per   ${grain.join(', ')}`,
      `built by      ${builtBy}, known from ${readyAt}`,
      `reads         ${inputs.map(({ table, lookback }) => `${table} (${lookback})`).join(', ') || 'nothing'}`,
      `read by       ${readBy.join(', ') || 'nothing'}`,
      `checked       ${audits.map(({ rule }) => rule).join('; ') || 'nothing'}`,
      `on disk       ${built === undefined ? 'nothing yet' : `${counted(built.rows)} rows of ${built.days} days, ${built.from}..${built.to}`}`,
      '',
      textTable(
        ['column', '', 'type', 'unit', 'about'],
        columns.map((column) => [column.name, column.label.zh, column.type, column.unit, column.about]),
        90,
      ),
      ...(sql === undefined ? [] : ['', sql.trimEnd()]),
    ].join('\n')
  },
})
