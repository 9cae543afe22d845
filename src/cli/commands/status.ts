import { defineCommand } from '../command.ts'
import { counted, heading } from '../render.ts'
import { textTable } from '../text-table.ts'

interface StatusReply {
  readonly world: string
  readonly dataDirectory: string
  readonly lastCompleted: number
  readonly engine: { readonly flavour: string; readonly version: string }
  readonly tables: readonly {
    readonly name: string
    readonly label: { readonly zh: string }
    readonly waterMark?: number
    readonly rows: number
    readonly state: string
  }[]
  readonly run?: { readonly run: string; readonly state: string; readonly startedAt: number }
  readonly live: { readonly session: string; readonly kind: string; readonly date?: number; readonly ticks: number }
  readonly imports: readonly {
    readonly path: string
    readonly kind: string
    readonly state: string
    readonly rowsRead: number
    readonly rowsWritten: number
    readonly rowsRejected: number
  }[]
}

export const status = defineCommand({
  name: 'status',
  about: 'How far each table is, the last run, the live session, the latest imports',
  arguments: [],
  options: [],
  examples: ['fupan status', 'fupan status --json'],
  does: 'verb',
  args: () => ({}),
  render(data) {
    const { world, dataDirectory, lastCompleted, engine, tables, run, live, imports } = data as StatusReply
    const lines = [
      `${heading(world === 'sim' ? 'simulated market' : 'real market')} in ${dataDirectory}, engine ${engine.flavour} ${engine.version}, last completed trade date ${lastCompleted}`,
      '',
      tables.length === 0
        ? 'No table holds anything yet. Import files with: fupan import <file or folder>, or make a simulated market with: fupan demo'
        : textTable(
            ['table', '', 'through', 'rows', 'state'],
            tables.map((table) => [table.name, table.label.zh, table.waterMark ?? null, counted(table.rows), table.state]),
          ),
      '',
      run === undefined ? 'No run yet.' : `Last run ${run.run}: ${run.state}, ${new Date(run.startedAt).toISOString()}`,
      `Live session: ${live.session}${live.date === undefined ? '' : ` (${live.kind} ${live.date}, ${counted(live.ticks)} ticks)`}`,
    ]
    if (imports.length > 0)
      lines.push(
        '',
        textTable(
          ['import', 'kind', 'state', 'read', 'written', 'rejected'],
          imports.map((each) => [each.path.split('/').at(-1), each.kind, each.state, each.rowsRead, each.rowsWritten, each.rowsRejected]),
        ),
      )
    return lines.join('\n')
  },
})
