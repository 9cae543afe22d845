import { defineCommand } from '../command.ts'
import { nightArguments, nightOptions } from '../night-options.ts'
import { counted, span } from '../render.ts'
import { textTable } from '../text-table.ts'

interface PlanReply {
  readonly from: number
  readonly to: number
  readonly fresh: number
  readonly fetch: readonly { readonly task: string; readonly from: number; readonly to: number; readonly days: number }[]
  readonly steps: readonly { readonly task: string; readonly from: number; readonly to: number; readonly days: number; readonly why: string }[]
  readonly blocked: readonly { readonly task: string; readonly from: number; readonly to: number; readonly days: number; readonly missing: string; readonly kind: string }[]
}

export const plan = defineCommand({
  name: 'plan',
  about: 'Show what `run` would do and why, without doing it',
  arguments: [{ name: '[tables...]', about: 'tables to build, with what they need; all by default' }],
  options: nightOptions,
  examples: ['fupan plan', 'fupan plan --all', 'fupan plan ads_candidate_daily --date 20260930'],
  does: 'verb',
  args: nightArguments,
  render(data) {
    const { from, to, fresh, fetch, steps, blocked } = data as PlanReply
    const rows = [
      ...fetch.map(({ task, from: first, to: last, days }) => [task, span(first, last), days, 'missing']),
      ...steps.map(({ task, from: first, to: last, days, why }) => [task, first === 0 ? 'whole' : span(first, last), days, why]),
      ...blocked.map(({ task, from: first, to: last, days, missing, kind }) => [task, span(first, last), days, `cannot: ${missing} ${kind === 'never' ? 'has no data' : kind === 'not-yet' ? 'is not there yet' : 'has a gap'}`]),
    ]
    const summary = `${span(from, to)}: ${counted(fresh)} table-days fresh, ${fetch.length + steps.length} steps to do`
    return rows.length === 0 ? `${summary}. Nothing to do.` : `${textTable(['task', 'dates', 'days', 'why'], rows)}\n\n${summary}. Do it with: fupan run`
  },
})
