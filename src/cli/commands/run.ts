import { defineCommand } from '../command.ts'
import { nightArguments, nightOptions } from '../night-options.ts'
import { counted, span } from '../render.ts'

interface RunReply {
  readonly run: string
  readonly state: string
  readonly from: number
  readonly to: number
  readonly tasks: readonly { readonly task: string; readonly type: string; readonly rows?: number }[]
}

export const run = defineCommand({
  name: 'run',
  about: 'Fetch what is missing and build what is stale; goes on where a killed run stopped',
  arguments: [{ name: '[tables...]', about: 'tables to build, with what they need; all by default. A range 20260101..20260131 is understood too' }],
  options: nightOptions,
  examples: [
    'fupan run',
    'fupan run --all',
    'fupan run --date 20260930',
    'fupan run stock_active_pool --from 20260101 --to 20260331',
    'fupan run stock_microstructure_daily --codes 600519.SH --scope all',
  ],
  does: 'verb',
  args: nightArguments,
  render(data) {
    const { run: id, state, from, to, tasks } = data as RunReply
    if (tasks.length === 0) return `Everything is fresh for ${span(from, to)}.`
    const rows = tasks.reduce((sum, task) => sum + (task.rows ?? 0), 0)
    return `${id}: ${state}, ${span(from, to)}, ${tasks.length} tables, ${counted(rows)} rows written. See it with: fupan status, fupan serve`
  },
})
