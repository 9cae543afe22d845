import { UsageError } from '#core/errors.ts'
import { defineCommand } from '../command.ts'
import { textTable } from '../text-table.ts'

interface Reply {
  readonly count: number
  readonly seed: number
  readonly scenarios: number
  readonly checks: readonly { readonly name: string; readonly value: number | null; readonly low?: number; readonly high?: number; readonly pass: boolean }[]
}

export const sim = defineCommand({
  name: 'sim',
  about: 'The simulated market: score the level tests against planted truth',
  arguments: [{ name: '[words...]', about: 'truth score' }],
  options: [
    { flags: '--count <number>', about: 'scenarios of each kind and strength, default 80' },
    { flags: '--seed <number>', about: 'seed of the scenarios' },
  ],
  examples: ['fupan sim truth score', 'fupan sim truth score --count 20 --json'],
  does: 'verb',
  args(positional, options) {
    const words = ((positional[0] as readonly string[] | undefined) ?? []).join(' ')
    if (words !== 'truth score') throw new UsageError(`Cannot do "sim ${words}": what there is: fupan sim truth score`)
    const numberOf = (name: string) => (options[name] === undefined ? {} : { [name]: Number(options[name]) })
    return { action: 'truth-score', ...numberOf('count'), ...numberOf('seed') }
  },
  render(data) {
    const { count, scenarios, checks } = data as Reply
    const rows = checks.map(({ name, value, low, high, pass }) => [
      low === undefined && high === undefined ? '·' : pass ? '✓' : '✗',
      name,
      value === null || Number.isNaN(value) ? '–' : value.toFixed(3),
      low === undefined ? (high === undefined ? '' : `≤ ${high}`) : high === undefined ? `≥ ${low}` : `${low} … ${high}`,
    ])
    return `${scenarios} scenarios, ${count} of each kind and strength s, trades joined by their aggressor's order.\n\n${textTable(['', 'check', 'found', 'target'], rows, 60)}`
  },
})
