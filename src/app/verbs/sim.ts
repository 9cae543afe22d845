import { setImmediate as breathe } from 'node:timers/promises'
import type { Code } from '#core/code.ts'
import { UsageError } from '#core/errors.ts'
import { tradeDate } from '#core/trade-date.ts'
import { EXIT, exitCodeOfAll } from '#dag/outcome.ts'
import { keyedRng } from '#market/keyed-rng.ts'
import { plantedBatch, VERIFICATION_KINDS } from '#market/planted-batch.ts'
import { PRESETS } from '#market/world.ts'
import { detectionQuality } from '#research/detection-quality.ts'
import { gatherScored, scorePlanted, type ScoredScenario } from '#research/score-planted.ts'
import { regimeRun } from '#research/regime-recovery.ts'
import { factChecks } from '#research/sim-fact-checks.ts'
import { storedChecks, storedCoherence, type CoherenceCheck } from '#research/sim-coherence.ts'
import { TICKING } from '#market/ticking-stocks.ts'
import { redrawnCoherence } from '#research/sim-redrawn.ts'
import { seedFacts, type SeedFacts } from '#research/sim-seed-facts.ts'
import { dwdTables } from '#warehouse/dwd/index.ts'
import { marketKlines } from '#warehouse/dws/market_klines.ts'
import { z } from 'zod'
import { aggregateArgs, aggregateKlines } from '../aggregate-klines.ts'
import type { App } from '../app.ts'
import { fetchForeign } from '../fetch-foreign.ts'
import { fetchRaw, missingRaw } from '../fetch-raw.ts'
import { foreignStatus } from '../foreign-status.ts'
import { nightArgs } from '../night-args.ts'
import { settleClose } from '../settle-close.ts'
import { keepTruth, listTruth, plantTruth, scorePlantedScript, truthList, truthPlant } from '../sim-truth.ts'
import { addProfiles, replaceWorld, settingsOf, simulatedSource, simulatedWorld, TICK_DAYS } from '../simulated-source.ts'
import { serveVendors, vendorsArgs } from '../sim-vendors.ts'
import { defineVerb, type VerbContext, type VerbReply } from '../verb.ts'
import { run } from './run.ts'

/** Where the scenarios are planted: any stock and day with today's sessions will do. */
const CODE = '600000.SH' as Code
const DATE = tradeDate(20260105)

/** The facts are measured over open days from here on: a fixed start, so that the same protocol gives the same numbers on any day. */
const FACTS_FROM = tradeDate(20220104)

/** Minutes of the classic model whose regimes are recovered: about a year. */
const REGIME_MINUTES = 58_000

const truthScore = z.strictObject({
  action: z.literal('truth-score'),
  count: z.number().int().min(2).max(1000).default(80),
  seed: z.number().int().default(20_260_701),
  path: z.string().min(1).optional(),
})

const verify = z.strictObject({
  action: z.literal('verify'),
  facts: z.boolean().default(false),
  coherence: z.boolean().default(false),
  preset: z.enum(['realistic', 'classic', 'stress']).default('realistic'),
  size: z.number().int().min(2).max(6000).default(360),
  days: z.number().int().min(120).default(750),
  seeds: z.array(z.number().int()).min(1).max(100).default([1, 2, 3, 4]),
})

const init = z.strictObject({
  action: z.literal('init'),
  days: z.number().int().min(2),
  size: z.number().int().min(1).max(6000).default(300),
  seed: z.number().int().default(20_260_701),
  preset: z.enum(PRESETS).default('realistic'),
  profiles: z.array(z.enum(['hk', 'us', 'crypto'])).default([]),
})

/**
 * 模拟: what the simulated market can be asked for. `truth-score` plants scenarios on the order book and says how well the level scores find them, and the detectors what a
 * script planted; `truth-plant` lays a script over its coming days, `truth-list` says what was planted; `verify` measures
 * it against real markets (`facts`) and against itself (`coherence`), both when neither is asked for alone; `status` says what it is; `init` makes it; `aggregate` keeps its k-line buckets;
 * `vendors` serves it as the vendors would.
 */
export const sim = defineVerb({
  name: 'sim',
  args: z.discriminatedUnion('action', [
    truthScore,
    truthPlant,
    truthList,
    verify,
    z.strictObject({ action: z.literal('status') }),
    init,
    aggregateArgs,
    vendorsArgs,
  ]),
  async run(app, args, context) {
    switch (args.action) {
      case 'truth-score':
        return scoreTruth(app, args, context)
      case 'truth-plant':
        return plantTruth(app, args, context)
      case 'truth-list':
        return listTruth(app, args, context)
      case 'verify':
        return verifyMarket(app, args, context)
      case 'status':
        return { exitCode: EXIT.success, data: statusOf(app) }
      case 'aggregate':
        simulatedWorld(app, 'aggregate')
        return aggregateKlines(app, args, context)
      case 'init':
        return initWorld(app, args, context)
      case 'vendors':
        return serveVendors(app, simulatedWorld(app, 'serve'), args, context)
      default:
        return args satisfies never
    }
  },
})

async function scoreTruth(app: App, { count, seed, path }: z.output<typeof truthScore>, context: VerbContext): Promise<VerbReply> {
  const { emit, signal } = context
  const script = await scorePlantedScript(app, path, context)
  const total = count * VERIFICATION_KINDS.reduce((sum, { strengths }) => sum + strengths.length, 0)
  const scored: ScoredScenario[] = []
  for (const scenario of plantedBatch({ code: CODE, date: DATE, kinds: VERIFICATION_KINDS, count }, keyedRng(seed, 'truth', CODE, DATE))) {
    scored.push(scorePlanted(scenario))
    emit({ type: 'progress', what: 'scenarios', done: scored.length, total, unit: 'scenarios' })
    await breathe()
    signal.throwIfAborted()
  }
  const checks = detectionQuality(gatherScored(scored), regimeRun(REGIME_MINUTES, keyedRng(seed, 'truth', 'regimes')))
  return { exitCode: EXIT.success, data: { action: 'truth-score', count, seed, scenarios: scored.length, checks, script } }
}

type VerifyArgs = z.output<typeof verify>

async function verifyMarket(app: App, args: VerifyArgs, context: VerbContext): Promise<VerbReply> {
  const both = args.facts === args.coherence
  // Refused before the long measurement, not after it.
  if (both || args.coherence) simulatedWorld(app, 'verify the coherence of')
  const facts = both || args.facts ? await measureFacts(app, args, context) : undefined
  const coherence = both || args.coherence ? await checkCoherence(app, context) : undefined
  const passes = (facts?.checks.every(({ pass }) => pass) ?? true) && (coherence?.every(({ violations }) => violations === 0) ?? true)
  return { exitCode: passes ? EXIT.success : EXIT.data, data: { action: 'verify', facts, coherence } }
}

async function measureFacts(app: App, { preset, size, days, seeds }: VerifyArgs, { emit, signal }: VerbContext) {
  const dates = app.calendar.dates(FACTS_FROM, app.calendar.to).slice(0, days)
  if (dates.length < days)
    throw new UsageError(`Cannot measure ${days} days: the calendar has ${dates.length} open days from ${FACTS_FROM} on. Ask for at most as many with --days`)
  const measured: SeedFacts[] = []
  const started = app.clock.now()
  let done = 0
  for (const seed of seeds) {
    const measuring = seedFacts({ preset, seed, size, dates })
    let step = measuring.next()
    for (; step.done !== true; step = measuring.next()) {
      done = Math.min(done + 1, seeds.length * size)
      const left = Math.ceil((((app.clock.now() - started) / done) * (seeds.length * size - done)) / 1000)
      emit({ type: 'progress', what: `facts of seed ${seed}`, done, total: seeds.length * size, unit: `stocks, about ${left} s left` })
      await breathe()
      signal.throwIfAborted()
    }
    measured.push(step.value)
  }
  return { preset, size, days, from: dates[0]!, to: dates.at(-1)!, seeds, checks: factChecks(measured) }
}

async function checkCoherence(app: App, { emit, signal }: VerbContext): Promise<readonly CoherenceCheck[]> {
  const world = simulatedWorld(app, 'verify the coherence of')
  const covered = app.ledger.partitions.coverage().find(({ table }) => table === 'ods_daily')
  if (covered === undefined) throw new UsageError('Cannot verify the coherence of the simulated market: it is empty. Make it with: fupan sim init --days 250')
  const checks: CoherenceCheck[] = []
  for await (const check of storedCoherence(app.engine, signal)) {
    checks.push(check)
    emit({ type: 'progress', what: 'identities of the stored rows', done: checks.length, total: storedChecks(), unit: 'identities' })
    signal.throwIfAborted()
  }
  const redrawing = redrawnCoherence(app.engine, settingsOf(world, app.calendar, covered.to), signal)
  let [stocks, step] = [0, await redrawing.next()]
  for (; step.done !== true; step = await redrawing.next()) {
    emit({ type: 'progress', what: 'stocks drawn again', done: ++stocks, total: world.size, unit: 'stocks' })
    await breathe()
    signal.throwIfAborted()
  }
  return [...checks, ...step.value]
}

function statusOf(app: App) {
  const world = simulatedWorld(app, 'tell the status of')
  const { seed, size, firstDate, digest, preset } = world
  const last = app.calendar.lastCompleted(app.clock.now())
  const coverage = app.ledger.partitions.coverage()
  const covered = (name: string) => coverage.find(({ table }) => table === name)
  const [daily, ticks] = [covered('ods_daily'), covered('ods_tick')]
  return {
    action: 'status',
    folder: app.folders.root,
    engine: app.engine.flavour,
    seed,
    size,
    preset: preset ?? 'realistic',
    digest,
    firstDate,
    lastCompleted: last,
    openDays: app.calendar.dates(firstDate, last).length,
    stored: daily === undefined ? undefined : { from: daily.from, to: daily.to, days: daily.days, rows: daily.rows },
    ticks: ticks === undefined ? undefined : { from: ticks.from, to: ticks.to, days: ticks.days, rows: ticks.rows },
    keptTickDays: TICK_DAYS,
    foreign: foreignStatus(app, world),
    isComplete: app.ledger.partitions.reader()('ods_daily', last) !== undefined,
  }
}

/** What `init` builds: every bar there is, cleaned and aggregated; of a whole market without its minutes, which are drawn when they are asked for. Factors, scores and candidates are the night's. */
function barsOf(size: number): readonly string[] {
  return (size > TICKING ? dwdTables : [...dwdTables, marketKlines]).map(({ name }) => name)
}

/** Make the world that is asked for: its raw data, its bars, and where every stock stands at the last close. A world that holds something is only finished, and only when it is the one asked for. */
async function initWorld(app: App, { days, size, seed, preset, profiles }: z.output<typeof init>, context: VerbContext): Promise<VerbReply> {
  const found = simulatedWorld(app, 'make')
  const [now, calendar] = [app.clock.now(), app.calendar]
  const wantedFirst = calendar.shift(calendar.lastCompleted(now), 1 - days)
  const isWanted = found.seed === seed && found.size === size && found.firstDate === wantedFirst && (found.preset ?? 'realistic') === preset
  if (!isWanted && app.ledger.partitions.coverage().length > 0)
    throw new UsageError(
      `Cannot make another simulated market in ${app.folders.root}: one folder holds one, found seed ${found.seed}, ${found.size} stocks from ${found.firstDate} on${found.preset === undefined ? '' : `, preset ${found.preset}`}. ` +
        `Nothing is deleted for you: remove that folder while no Fupan runs, or use another FUPAN_DATA_DIR; go on with the one there is: fupan run --all --world sim`,
    )
  if (!isWanted && found.script.length > 0)
    throw new UsageError(
      `Cannot make another simulated market in ${app.folders.root}: a script is planted in the one of seed ${found.seed}, ${found.size} stocks from ${found.firstDate} on. ` +
        `Make that one, or remove ${app.folders.root}/world.json and plant again`,
    )
  // A running server has wired the old settings into everything it serves.
  if (!isWanted && app.ledger.directoryHolder()?.socket !== undefined)
    throw new UsageError(`Cannot change the simulated market in ${app.folders.root}: a server is running on it. Stop it first, then ask again`)
  const world = isWanted
    ? addProfiles(app.folders.root, found, profiles)
    : replaceWorld(app.folders.root, calendar, now, { days, size, seed, preset, profiles })
  context.emit({ type: 'message', level: 'note', text: `Simulated market, ${size} stocks from ${world.firstDate} on: every number in it is invented.` })
  const own: App = { ...app, source: simulatedSource(app.folders.root, world, calendar, app.clock), simulatedFrom: world.firstDate }
  // Ticks of a whole market take longer than everything else together: they come with its first night.
  const missing = missingRaw(own, world.firstDate, calendar.lastCompleted(now)).filter(({ dataset }) => dataset !== 'ods_tick' || size <= TICKING)
  const batch = `fetch-${now}`
  const outcomes = [...(await fetchRaw(own, missing, batch, context.emit, context.signal)), ...(await fetchForeign(own, batch, context.emit, context.signal))]
  const fetched = exitCodeOfAll(outcomes)
  const { exitCode: built } = await run.run(own, nightArgs.parse({ all: true, targets: barsOf(size) }), context)
  if (!context.signal.aborted) await settleClose(own, world, context.signal)
  if (!context.signal.aborted) await keepTruth(own, world, context)
  const exitCode = Math.max(fetched, built)
  if (exitCode === EXIT.success)
    context.emit({
      type: 'message',
      level: 'note',
      text: 'Next: fupan run --all --world sim for factors, scores and candidates; fupan serve --world sim to look at it; fupan sim run to let it live.',
    })
  return { exitCode, data: { ...statusOf(own), action: 'init' } }
}
