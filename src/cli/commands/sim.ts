import { UsageError } from '#core/errors.ts'
import { defineCommand, type CommandDefinition } from '../command.ts'
import { wholeNumber } from '../option-values.ts'
import { AGGREGATE_OPTIONS, aggregateArgsOf, aggregateText, type AggregateReply } from '../sim-aggregate.ts'
import { profileLines, readProfiles, type ForeignReply } from '../sim-profiles.ts'
import { counted, fixed, heading, span } from '../render.ts'
import { RUN_OPTIONS, runArgsOf, runText, type RunReply } from '../sim-run.ts'
import { vendorsArgsOf, vendorsOptions, vendorsText, type VendorsReply } from '../sim-vendors.ts'
import { scriptScoreText, TRUTH_OPTIONS, truthArgs, truthText, type ScoredKindReply, type TruthReply } from '../sim-truth.ts'
import { textTable } from '../text-table.ts'

interface Range {
  readonly low?: number
  readonly high?: number
}

interface ScoreReply {
  readonly action: 'truth-score'
  readonly count: number
  readonly scenarios: number
  readonly checks: readonly (Range & { readonly name: string; readonly value: number | null; readonly pass: boolean })[]
  readonly script?: readonly ScoredKindReply[]
}

interface FactsReply {
  readonly preset: string
  readonly size: number
  readonly days: number
  readonly from: number
  readonly to: number
  readonly seeds: readonly number[]
  readonly checks: readonly {
    readonly group: string
    readonly name: string
    readonly mean: number | null
    readonly min: number | null
    readonly max: number | null
    readonly accept?: Range
    readonly aim?: Range
    readonly basis: string
    readonly pass: boolean
    readonly aimed: boolean
  }[]
}

interface VerifyReply {
  readonly action: 'verify'
  readonly facts?: FactsReply
  readonly coherence?: readonly {
    readonly name: string
    readonly rule: string
    readonly rows: number
    readonly violations: number
    readonly example?: string
  }[]
}

interface Extent {
  readonly from: number
  readonly to: number
  readonly days: number
  readonly rows: number
}

interface StatusReply {
  readonly action: 'status' | 'init'
  readonly folder: string
  readonly engine: string
  readonly seed: number
  readonly size: number
  readonly preset: string
  readonly digest: string
  readonly firstDate: number
  readonly lastCompleted: number
  readonly openDays: number
  readonly stored?: Extent
  readonly ticks?: Extent
  readonly keptTickDays: number
  readonly foreign: ForeignReply
  readonly isComplete: boolean
}

const WORDS = 'init, run, aggregate, status, verify, truth plant <script>, truth list, truth score [script], vendors'

export const sim = defineCommand({
  name: 'sim',
  about: 'The simulated market: make it, run it live, say what it is, verify it, plant things in it and score what finds them, serve it as vendors would',
  arguments: [{ name: '[words...]', about: WORDS }],
  options: together([
    { flags: '--facts', about: 'verify: measure it against real markets' },
    { flags: '--coherence', about: 'verify: check its identities over the stored rows' },
    {
      flags: '--preset <preset>',
      about: 'init: realistic (default) or stress: five times the events, crashes, faults; verify --facts: also classic, which must fail',
    },
    { flags: '--size <stocks>', about: 'verify --facts: default 360; init: default 300' },
    { flags: '--days <days>', about: 'verify --facts: trading days, default 750; init: trading days up to the last completed one' },
    { flags: '--seeds <list>', about: 'verify --facts: default 1,2,3,4' },
    { flags: '--seed <number>', about: 'seed of the scenarios, or of the market that init makes' },
    { flags: '--profile <markets...>', about: 'init: markets beside the Chinese one: hk, us, crypto' },
    ...RUN_OPTIONS,
    ...AGGREGATE_OPTIONS,
    { flags: '--count <number>', about: 'truth score: scenarios of each kind and strength, default 80' },
    ...vendorsOptions,
    ...TRUTH_OPTIONS,
  ]),
  examples: [
    'fupan sim init --days 250 --size 100',
    'fupan sim run',
    'fupan sim run --test --speed 600 --port 9000',
    'fupan sim init --days 250 --profile hk,crypto',
    'fupan sim status',
    'fupan sim verify --facts --size 100 --seeds 1',
    'fupan sim verify --coherence',
    'fupan sim truth score --count 20 --json',
    'fupan sim vendors --port 8720 --speed 60',
    'fupan sim truth plant docs/example-script.json --dry-run',
    'fupan sim truth list --date 20260901',
  ],
  world: 'sim',
  does: (args) => ((args as { readonly action: string }).action === 'run' ? 'live' : 'verb'),
  args(positional, options) {
    const said = (positional[0] as readonly string[] | undefined) ?? []
    const words = said.join(' ')
    const given = Object.keys(options).filter(
      (name) => options[name] !== undefined && !['world', 'json', 'dataDir'].includes(name) && !(name === 'night' && options[name] === true),
    )
    const only = (...names: readonly string[]) => {
      const odd = given.find((name) => !names.includes(name))
      if (odd !== undefined) throw new UsageError(`Cannot do "sim ${words}" with ${flag(odd)}: it takes ${names.map(flag).join(', ') || 'no options'}`)
    }
    const numbers = (...names: readonly string[]) =>
      Object.fromEntries(names.filter((name) => options[name] !== undefined).map((name) => [name, wholeNumber(name, options[name])]))
    if (said[0] === 'truth') return truthArgs(said.slice(1), options, only, numbers)
    switch (words) {
      case 'verify':
        only('facts', 'coherence', 'preset', 'size', 'days', 'seeds')
        return {
          action: 'verify',
          facts: options['facts'] === true,
          coherence: options['coherence'] === true,
          ...(options['preset'] === undefined ? {} : { preset: options['preset'] }),
          ...numbers('size', 'days'),
          ...(options['seeds'] === undefined
            ? {}
            : {
                seeds: (options['seeds'] as string).split(',').map((seed) => wholeNumber('seeds', seed)),
              }),
        }
      case 'status':
        only()
        return { action: 'status' }
      case 'init':
        only('days', 'size', 'seed', 'preset', 'profile')
        if (options['days'] === undefined)
          throw new UsageError('Cannot make a simulated market without its length: say how many trading days, such as --days 250')
        return {
          action: 'init',
          ...numbers('days', 'size', 'seed'),
          ...(options['preset'] === undefined ? {} : { preset: options['preset'] }),
          ...(options['profile'] === undefined ? {} : { profiles: readProfiles(options['profile']) }),
        }
      case 'aggregate':
        only(...namesOf(AGGREGATE_OPTIONS))
        return aggregateArgsOf(options)
      case 'run':
        only(...namesOf(RUN_OPTIONS))
        return runArgsOf(options)
      case 'vendors':
        only(...namesOf(vendorsOptions))
        return vendorsArgsOf(options)
      default:
        throw new UsageError(`Cannot do "sim ${words}": what there is: ${WORDS}`)
    }
  },
  render(data) {
    const reply = data as ScoreReply | TruthReply | VerifyReply | StatusReply | RunReply | AggregateReply | VendorsReply
    switch (reply.action) {
      case 'truth-score':
        return scoreText(reply)
      case 'truth-plant':
      case 'truth-list':
        return truthText(reply)
      case 'verify':
        return [reply.facts === undefined ? '' : factsText(reply.facts), reply.coherence === undefined ? '' : coherenceText(reply.coherence)]
          .filter(Boolean)
          .join('\n\n')
      case 'status':
      case 'init':
        return statusText(reply)
      case 'run':
        return runText(reply)
      case 'aggregate':
        return aggregateText(reply)
      case 'vendors':
        return vendorsText(reply)
      default:
        return reply satisfies never
    }
  },
})

/** `dryRun` as it is typed: --dry-run. */
function flag(name: string): string {
  return name === 'night' ? '--no-night' : `--${name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`
}

/** The names options have once they are read: --lookback-hours is lookbackHours, --no-night is night. */
function namesOf(options: CommandDefinition['options']): readonly string[] {
  return options.map(({ flags }) =>
    flags
      .split(' ')[0]!
      .replace(/^--(?:no-)?/, '')
      .replaceAll(/-[a-z]/g, (letter) => letter[1]!.toUpperCase()),
  )
}

/** An option several words take is one option, with what it means to each. */
function together(options: CommandDefinition['options']): CommandDefinition['options'] {
  return Map.groupBy(options, ({ flags }) => flags.split(' ')[0]!)
    .values()
    .map((same) => ({ flags: same[0]!.flags, about: same.map(({ about }) => about).join('; ') }))
    .toArray()
}

function scoreText({ count, scenarios, checks, script }: ScoreReply): string {
  const rows = checks.map(({ name, value, pass, ...range }) => [
    range.low === undefined && range.high === undefined ? '·' : pass ? '✓' : '✗',
    name,
    decimals(value),
    rangeText(range),
  ])
  return `${scenarios} scenarios, ${count} of each kind and strength s, trades joined by their aggressor's order.\n\n${textTable(['', 'check', 'found', 'target'], rows, 60)}${script === undefined ? '' : `\n\n${scriptScoreText(script)}`}`
}

function factsText({ preset, size, days, from, to, seeds, checks }: FactsReply): string {
  const rows = checks.map(({ group, name, mean, min, max, accept, aim, basis, pass, aimed }) => [
    accept === undefined ? '·' : pass ? '✓' : '✗',
    group,
    name,
    decimals(mean),
    seeds.length === 1 ? '' : `${decimals(min)} … ${decimals(max)}`,
    rangeText(accept),
    rangeText(aim),
    aim === undefined ? '' : aimed ? 'inside' : 'outside',
    basis === 'real' ? 'real stocks' : 'specification',
  ])
  const failed = checks.filter(({ pass }) => !pass).length
  return [
    heading(`${preset} market: ${size} stocks × ${days} days (${span(from, to)}), slow cycle off, seeds ${seeds.join(', ')}`),
    '',
    textTable(['', 'fact', 'statistic', 'mean', 'seeds', 'accept, each seed', 'aim, mean', '', 'range from'], rows, 60),
    '',
    failed === 0 ? 'Every statistic is inside its accepted range.' : `${failed} of ${checks.length} statistics are outside their accepted range (✗).`,
    ...(size < 360 || days < 750 ? ['The ranges are meant for 360 stocks × 750 days; a smaller market scatters more.'] : []),
  ].join('\n')
}

function coherenceText(checks: NonNullable<VerifyReply['coherence']>): string {
  const rows = checks.map(({ name, rows: looked, violations, example }) => [
    violations > 0 ? '✗' : looked === 0 ? '·' : '✓',
    name,
    counted(looked),
    counted(violations),
    example ?? '',
  ])
  const broken = checks.filter(({ violations }) => violations > 0)
  return [
    heading('Identities over the stored rows'),
    '',
    textTable(['', 'identity', 'checked', 'violations', 'one of them'], rows, 60),
    '',
    broken.length === 0 ? 'No violation.' : broken.map(({ name, rule }) => `✗ ${name}: ${rule}`).join('\n'),
  ].join('\n')
}

function statusText({
  folder,
  engine,
  seed,
  size,
  preset,
  digest,
  firstDate,
  lastCompleted,
  openDays,
  stored,
  ticks,
  keptTickDays,
  foreign,
  isComplete,
}: StatusReply): string {
  const extent = (found: Extent | undefined) =>
    found === undefined ? 'none yet' : `${span(found.from, found.to)}, ${counted(found.days)} days, ${counted(found.rows)} rows`
  return [
    heading(`simulated market in ${folder}`),
    '',
    `settings     ${preset}, seed ${seed}, ${size} stocks from ${firstDate} on, ${counted(openDays)} trading days to ${lastCompleted}`,
    `digest       ${digest}`,
    `engine       ${engine}`,
    `daily bars   ${extent(stored)}`,
    `ticks        ${extent(ticks)} (made for the last ${keptTickDays} days when fetched)`,
    ...profileLines(foreign),
    isComplete
      ? `The last completed day ${lastCompleted} is there.`
      : `The last completed day ${lastCompleted} is not there yet. Bring it in with: fupan run --world sim`,
  ].join('\n')
}

function rangeText(range: Range | undefined): string {
  const { low, high } = range ?? {}
  return low === undefined ? (high === undefined ? '' : `≤ ${high}`) : high === undefined ? `≥ ${low}` : `${low} … ${high}`
}

function decimals(value: number | null): string {
  return fixed(value, value !== null && value !== 0 && Math.abs(value) < 0.01 ? 5 : 3)
}
