import { UsageError } from '#core/errors.ts'
import { defineCommand } from '../command.ts'
import { codeList } from '../option-values.ts'
import { fixed, percent } from '../render.ts'
import { textTable } from '../text-table.ts'

interface Light {
  readonly label: string
  readonly english: string
  readonly colour: string
  readonly value: number | null
  readonly rule: string
  readonly reason?: string
  readonly detail?: string
}

interface RunReply {
  readonly action: 'run'
  readonly runId: string
  readonly verdict: string
  readonly lights: readonly Light[]
  readonly metrics: Readonly<Record<string, number | null>>
  readonly controls?: readonly { readonly name: string; readonly label: string; readonly verdict: string; readonly sentence: string }[]
  readonly bias?: { readonly deflatedSharpe: number | null; readonly trials: number; readonly independent: number; readonly pbo?: number | null }
  readonly walkForward?: { readonly efficiency: number | null; readonly folds: number }
  readonly days: number
  readonly trades: number
  readonly unfilled: number
  readonly caveats: readonly string[]
  readonly artifacts: Readonly<Record<string, string>>
}

interface KeptRun {
  readonly runId: string
  readonly strategy: string
  readonly from: number
  readonly to: number
  readonly status: string
  readonly verdict?: string
  readonly metrics: Readonly<Record<string, number>>
  readonly note?: string
}

interface Interval {
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}

interface CompareReply {
  readonly action: 'compare'
  readonly from: number
  readonly to: number
  readonly days: number
  readonly runs: readonly { readonly name: string; readonly metrics: Readonly<Record<string, number | null>> }[]
  readonly pairs: readonly { readonly a: string; readonly b: string; readonly sharpe: Interval; readonly cagr: Interval; readonly adjustedP: number }[]
}

type Reply =
  | RunReply
  | CompareReply
  | { readonly action: 'list'; readonly runs: readonly KeptRun[] }
  | { readonly action: 'show'; readonly run: KeptRun; readonly artifacts: RunReply['artifacts'] }

export const backtest = defineCommand({
  name: 'backtest',
  about: 'Run a strategy over history with everything that could show it to be luck; keep the report',
  arguments: [{ name: '[words...]', about: 'a strategy, or: list [strategy] · show <run> · compare <run> <run>…' }],
  options: [
    { flags: '--from <date>', about: 'first trade date; all there is by default' },
    { flags: '--to <date>', about: 'last trade date' },
    { flags: '--codes <codes...>', about: 'only these stocks' },
    { flags: '--set <settings...>', about: 'settings of the strategy and the choice of candidates, such as stopPct=0.02 maxDays=5' },
    { flags: '--scan <settings...>', about: 'what is varied, such as stopPct=0.01,0.015,0.02; a few steps around the defaults otherwise' },
    { flags: '--no-scan', about: 'vary nothing' },
    { flags: '--trials <number>', about: 'most parameter sets tried; larger grids are sampled (default 200)' },
    { flags: '--controls <effort>', about: 'random controls and ablations: full (default), quick or none' },
    { flags: '--grade <grade>', about: 'TICK (default): only what was measured on ticks. NONE: price levels alone' },
    { flags: '--cash <cny>', about: 'opening cash, default 1000000' },
    { flags: '--seed <number>', about: 'seed of everything that is drawn, default 1' },
  ],
  examples: [
    'fupan backtest bollinger_microstructure',
    'fupan backtest bollinger_microstructure --from 20200101 --to 20241231 --grade NONE --controls quick',
    'fupan backtest moving_average_cross --codes 600519.SH --scan fast=5,10,20 slow=30,60',
    'fupan backtest list',
    'fupan backtest compare latest bollinger_microstructure-0123456789ab',
  ],
  does: 'verb',
  args(positional, options) {
    const [first, ...rest] = (positional[0] as readonly string[] | undefined) ?? []
    if (first === undefined || first === 'list') return { action: 'list', ...(rest[0] === undefined ? {} : { strategy: rest[0] }) }
    if (first === 'show') return { action: 'show', run: rest[0] ?? 'latest' }
    if (first === 'compare') return { action: 'compare', runs: rest }
    const numberOf = (name: string) => (options[name] === undefined ? {} : { [name]: plain(name, options[name] as string) })
    const codes = codeList(options['codes'])
    return {
      action: 'run',
      strategy: first,
      ...(options['from'] === undefined ? {} : { from: options['from'] }),
      ...(options['to'] === undefined ? {} : { to: options['to'] }),
      ...(codes === undefined ? {} : { codes }),
      set: Object.fromEntries(pairs(options['set']).map(([name, value]) => [name, plain(name, value)])),
      ...(options['scan'] === false ? { scan: {} } : Array.isArray(options['scan']) ? { scan: axes(options['scan']) } : {}),
      ...numberOf('trials'),
      ...numberOf('cash'),
      ...numberOf('seed'),
      ...(options['controls'] === undefined ? {} : { controls: options['controls'] }),
      ...(options['grade'] === undefined ? {} : { grade: (options['grade'] as string).toUpperCase() }),
    }
  },
  render(data) {
    const reply = data as Reply
    switch (reply.action) {
      case 'list':
        return reply.runs.length === 0
          ? 'No backtest has been run yet. Try: fupan backtest bollinger_microstructure'
          : textTable(
              ['run', 'from', 'to', 'status', 'verdict', 'CAGR', 'Sharpe', 'drawdown', 'trades'],
              reply.runs.map((run) => [run.runId, run.from, run.to, run.status, run.verdict ?? '', ...figures(run.metrics), run.metrics['trades'] ?? null]),
            )
      case 'show':
        return [`${reply.run.runId}: ${reply.run.status}${reply.run.note === undefined ? '' : `, ${reply.run.note}`}`, ...files(reply.artifacts)].join('\n')
      case 'compare':
        return comparison(reply)
      case 'run':
        return runText(reply)
      default:
        return reply satisfies never
    }
  },
})

const MARK: Readonly<Record<string, string>> = { green: '●', amber: '◐', red: '○', grey: '·', pass: '✓', fail: '✗', unknown: '·' }

function runText(reply: RunReply): string {
  const { metrics, bias, walkForward } = reply
  return [
    `${reply.runId}: ${reply.days} days, ${reply.trades} trades, ${reply.unfilled} candidates not bought`,
    `total ${percent(metrics['totalReturn'])}  CAGR ${percent(metrics['cagr'])}  Sharpe ${fixed(metrics['sharpe'])}  max drawdown ${percent(metrics['maxDrawdown'])}  turnover ${fixed(metrics['turnover'])}/y`,
    bias === undefined
      ? ''
      : `deflated Sharpe ${fixed(bias.deflatedSharpe)} after ${bias.trials} trials (${bias.independent} independent)${bias.pbo === undefined || bias.pbo === null ? '' : `, probability of overfitting ${percent(bias.pbo)}`}${walkForward === undefined ? '' : `, walk-forward efficiency ${fixed(walkForward.efficiency)} over ${walkForward.folds} folds`}`,
    '',
    ...reply.lights.map(
      ({ colour, english, value, rule, reason, detail }) =>
        `${MARK[colour] ?? '·'} ${english}: ${reason ?? fixed(value)} (${rule})${detail === undefined ? '' : `; ${detail}`}`,
    ),
    ...(reply.controls === undefined ? [] : ['', ...reply.controls.map(({ verdict, label, sentence }) => `${MARK[verdict] ?? '·'} ${label}: ${sentence}`)]),
    '',
    ...reply.caveats.map((caveat) => `! ${caveat}`),
    ...files(reply.artifacts),
  ].join('\n')
}

function comparison({ from, to, days, runs, pairs: found }: CompareReply): string {
  const table = textTable(
    ['run', 'CAGR', 'Sharpe', 'drawdown'],
    runs.map(({ name, metrics }) => [name, ...figures(metrics)]),
  )
  const differences = textTable(
    ['a', 'b', 'Sharpe a - b', '95 %', 'p (Holm)'],
    found.map(({ a, b, sharpe, adjustedP }) => [a, b, fixed(sharpe.estimate), `${fixed(sharpe.low)} … ${fixed(sharpe.high)}`, adjustedP.toFixed(3)]),
  )
  return `${from} to ${to}, ${days} common days\n\n${table}\n\n${differences}`
}

function figures(metrics: Readonly<Record<string, number | null>>): readonly (string | null)[] {
  return [percent(metrics['cagr']), fixed(metrics['sharpe']), percent(metrics['maxDrawdown'])]
}

function files(artifacts: RunReply['artifacts']): readonly string[] {
  return Object.entries(artifacts).map(([name, path]) => `${name.padEnd(12)} ${path}`)
}

function pairs(words: unknown): readonly (readonly [string, string])[] {
  return ((words as readonly string[] | undefined) ?? []).map((word) => {
    const at = word.indexOf('=')
    if (at <= 0) throw new UsageError(`Cannot read the setting "${word}": it is name=value`)
    return [word.slice(0, at), word.slice(at + 1)] as const
  })
}

function axes(words: unknown): Record<string, number[]> {
  return Object.fromEntries(pairs(words).map(([name, values]) => [name, values.split(',').map((value) => numeric(name, value))]))
}

function plain(name: string, value: string): number | boolean | string {
  if (value === 'true' || value === 'false') return value === 'true'
  return /^-?[\d.]/.test(value) ? numeric(name, value) : value
}

function numeric(name: string, value: string): number {
  const read = Number(value)
  if (value.trim() === '' || !Number.isFinite(read)) throw new UsageError(`Cannot read ${name}: it is a number, found "${value}"`)
  return read
}
