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
  readonly blocked: readonly {
    readonly task: string
    readonly from: number
    readonly to: number
    readonly days: number
    readonly missing: string
    readonly kind: string
  }[]
}

export const plan = defineCommand({
  name: 'plan',
  about: 'Show what `run` would do and why, without doing it',
  arguments: [{ name: '[tables...]', about: 'tables to build, with what they need; all by default' }],
  options: nightOptions,
  examples: ['fupan plan', 'fupan plan --all', 'fupan plan strategy_candidates --date 20260930'],
  does: 'verb',
  args: nightArguments,
  render(data) {
    const { from, to, fresh, fetch, steps, blocked } = data as PlanReply
    const rows = [
      ...fetch.map(({ task, from: first, to: last, days }) => [task, span(first, last), days, 'missing']),
      ...[...Map.groupBy(steps, ({ task, why }) => `${task} ${why}`).values()].map((group) => {
        const [first] = group
        return [first!.task, first!.from === 0 ? 'whole' : span(first!.from, group.at(-1)!.to), group.reduce((sum, step) => sum + step.days, 0), first!.why]
      }),
    ]
    // What is missing is said once, not for every table that waits for it.
    const gaps = [...Map.groupBy(blocked, ({ missing, kind, from: first, to: last }) => `${missing} ${kind} ${first} ${last}`).values()].map((group) => {
      const [{ missing, kind, from: first, to: last, days }] = group as [(typeof blocked)[number]]
      return `${days} days of ${span(first, last)} cannot be built: ${missing} ${kind === 'never' ? 'has no data at all' : kind === 'not-yet' ? 'is not there yet' : 'has no data on them'} (${group.length} tables wait for it)`
    })
    const summary = `${span(from, to)}: ${counted(fresh)} table-days fresh, ${fetch.length + steps.length} steps to do`
    const note = gaps.length === 0 ? '' : `\n${gaps.join('\n')}`
    return rows.length === 0
      ? `${summary}. Nothing to do.${note}`
      : `${textTable(['task', 'dates', 'days', 'why'], rows)}\n${note}\n${summary}. Do it with: fupan run`
  },
})
