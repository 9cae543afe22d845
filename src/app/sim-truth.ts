import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Calendar } from '#core/calendar.ts'
import { UsageError } from '#core/errors.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { EXIT } from '#dag/outcome.ts'
import { dailyBars } from '#market/daily-bars.ts'
import { deviations, TOLERANCE, type RealisedScenario, type ScriptTruth } from '#market/script-truth.ts'
import type { Script, ScriptCall } from '#market/script.ts'
import { createWorld, type World } from '#market/world.ts'
import { simTruthScenario, TRUTH_DATABASE } from '#warehouse/truth-tables.ts'
import { z } from 'zod'
import type { App } from './app.ts'
import { scoreScript, type ScoredKind } from './score-script.ts'
import { readScript, settleScript } from './script-file.ts'
import { keepScript, settingsOf, simulatedWorld, type SimulatedWorld } from './simulated-source.ts'
import { measureScript, writeTruth } from './truth-store.ts'
import type { VerbContext, VerbReply } from './verb.ts'

export const truthPlant = z.strictObject({
  action: z.literal('truth-plant'),
  path: z.string().min(1),
  dryRun: z.boolean().default(false),
  days: z.number().int().min(2).optional(),
  size: z.number().int().min(1).max(6000).optional(),
  seed: z.number().int().optional(),
})

export const truthList = z.strictObject({ action: z.literal('truth-list'), date: z.number().int().optional() })

/** One row of what was planted, for a person. Prices and money in CNY, times as HH:MM:SS. */
export interface PlantedRow {
  readonly item: number
  readonly type: string
  readonly phase: string
  readonly symbol: string
  readonly date: number
  readonly t0: number
  readonly t1: number
  readonly outcome: string
  readonly plantedValue: number
  readonly plantedNet: number
  readonly realised: readonly { readonly name: string; readonly planned: number; readonly realised: number }[]
}

/**
 * 植入剧本: lay a script over days of the simulated market that are not stored yet, measure what comes about, and keep it in the world's settings. Refuses a script that
 * is not realised within five percent; `dryRun` keeps nothing.
 */
export async function plantTruth(app: App, { path, dryRun, ...wanted }: z.output<typeof truthPlant>, context: VerbContext): Promise<VerbReply> {
  const settled = simulatedWorld(app, 'plant in')
  const found = wantedWorld(app, settled, wanted)
  const own = writtenIn(app, found, path, context.folder)
  const script = [...found.script, ...own]
  if (!dryRun && app.ledger.directoryHolder()?.socket !== undefined)
    throw new UsageError(`Cannot plant in the simulated market in ${app.folders.root}: a server is running on it. Stop it first, then ask again`)
  refuseStored(app, own, found.script.length)
  const { world, truth } = await drawScript(app, { ...found, script }, found.script.length, context)
  const kept = dryRun ? { ...found, script } : keepScript(app.folders.root, found, script)
  const digest = dryRun ? undefined : kept.digest
  if (digest !== undefined) await writeTruth(app.engine, world, digest, context, truth)
  return {
    exitCode: EXIT.success,
    data: {
      action: 'truth-plant',
      dryRun,
      folder: app.folders.root,
      digest,
      items: script.length,
      planted: truth.scenarios.map(rowOf),
      missing: truth.missing,
    },
  }
}

/** 真值随世界: bring the truth store up to the last day of the world. A moment when it is there already; one that is stopped is written by whoever asks next. */
export async function keepTruth(app: App, settled: SimulatedWorld, context: VerbContext): Promise<void> {
  try {
    await writeTruth(app.engine, scriptedWorld(app, settled), settled.digest, context)
  } catch (error) {
    // Expected: the user stopped it. Anything else goes on.
    if (!context.signal.aborted) throw error
  }
}

/** 真值表: what was planted, read from the truth store, which is brought up to date first. */
export async function listTruth(app: App, { date }: z.output<typeof truthList>, context: VerbContext): Promise<VerbReply> {
  const found = simulatedWorld(app, 'list the truth of')
  const world = scriptedWorld(app, found)
  await writeTruth(app.engine, world, found.digest, context)
  const where = date === undefined ? '' : ' where trade_date = {date:UInt32}'
  const rows = await app.engine.rows<Record<string, unknown> & { realised: string }>(
    `select item, type, phase, symbol, trade_date as date, t0, t1, outcome, planted_value as plantedValue, planted_net as plantedNet, realised
     from ${TRUTH_DATABASE}.${simTruthScenario.name}${where} order by item, trade_date, symbol`,
    { signal: context.signal, ...(date === undefined ? {} : { params: { date } }) },
  )
  const planted = rows.map(({ realised, ...row }) => ({ ...row, t0: Number(row['t0']), t1: Number(row['t1']), realised: JSON.parse(realised) as unknown }))
  return { exitCode: EXIT.success, data: { action: 'truth-list', digest: found.digest, items: found.script.length, date, planted } }
}

/** How the detectors find what the script of the simulated market planted, or the script of a file that is not planted; undefined where there is none. */
export async function scorePlantedScript(app: App, path: string | undefined, context: VerbContext): Promise<readonly ScoredKind[] | undefined> {
  if (path === undefined && app.world !== 'sim') return undefined
  const found = simulatedWorld(app, 'score the detectors on')
  const own = path === undefined ? [] : writtenIn(app, found, path, context.folder)
  if (found.script.length + own.length === 0) return undefined
  const { world, truth } = await drawScript(app, { ...found, script: [...found.script, ...own] }, found.script.length, context)
  return scoreScript(world, truth, context)
}

/** The world a script is planted in: the one there is, or the one asked for where nothing is stored yet. */
function wantedWorld(
  app: App,
  found: SimulatedWorld,
  { days, size, seed }: { days?: number | undefined; size?: number | undefined; seed?: number | undefined },
): SimulatedWorld {
  const [calendar, now] = [app.calendar, app.clock.now()]
  const firstDate = days === undefined ? found.firstDate : calendar.shift(calendar.lastCompleted(now), 1 - days)
  const wanted = { seed: seed ?? found.seed, size: size ?? found.size, firstDate }
  if (wanted.seed === found.seed && wanted.size === found.size && firstDate === found.firstDate) return found
  if (app.ledger.partitions.coverage().length > 0 || found.script.length > 0)
    throw new UsageError(
      `Cannot plant in another simulated market in ${app.folders.root}: one folder holds one, found seed ${found.seed}, ${found.size} stocks from ${found.firstDate} on. ` +
        `Leave out --days, --size and --seed, or use another FUPAN_DATA_DIR`,
    )
  return { ...found, ...wanted }
}

/** The calls of a file, with their days and prices in the world they are to be planted in. */
function writtenIn(app: App, found: SimulatedWorld, path: string, folder: string): Script {
  const { calendar } = app
  const last = calendar.lastCompleted(app.clock.now())
  const stored = storedTo(app)
  const worlds = new Map<number, World>()
  return settleScript(readScript(readText(path, folder), path), {
    calendar,
    last,
    after: stored > last ? (stored as TradeDate) : last,
    referenceOf(symbol, date, earlier) {
      if (date < found.firstDate || date > calendar.to) return undefined
      const world = worlds.getOrInsertComputed(date, () => worldBefore(found, earlier, calendar, date))
      const [stock, day] = [world.stocks.find(({ code }) => code === symbol), world.dayOf.get(date)]
      const reference = stock === undefined || day === undefined ? 0 : dailyBars(world, stock).preClose[day]!
      return reference > 0 ? reference / 1000 : undefined
    },
  })
}

/** The world as it opens on a date, with what is planted before it. */
function worldBefore(found: SimulatedWorld, earlier: Script, calendar: Calendar, date: TradeDate): World {
  const planted = found.script.filter((call) => call.date < date)
  try {
    return createWorld(settingsOf({ ...found, script: [...planted, ...earlier] }, calendar, date))
  } catch (error) {
    // Expected: the file clashes with what is planted. Whoever lays out all of it says so, with the right numbers.
    if (!(error instanceof UsageError)) throw error
    return createWorld(settingsOf({ ...found, script: planted }, calendar, date))
  }
}

function storedTo(app: App): number {
  return Math.max(0, ...app.ledger.partitions.coverage().map(({ to }) => to))
}

function readText(path: string, folder: string): string {
  try {
    return readFileSync(resolve(folder, path), 'utf8')
  } catch (error) {
    // Expected: no such file, or not to be read.
    throw new UsageError(`Cannot read the script ${path}: ${(error as Error).message}. Name a JSON file`, { cause: error })
  }
}

/** A stored day does not change: nothing can be planted on it or before it. */
function refuseStored(app: App, own: Script, before: number): void {
  const stored = storedTo(app)
  const late = own.findIndex(({ date }) => date <= stored)
  if (late < 0) return
  const call = own[late]!
  throw new UsageError(
    `Cannot plant item ${before + late + 1} (${call.call}), field "date": ${call.date} lies before the end of what is stored, ${stored}, and what is stored does not change. ` +
      `Plant on later days, or before anything is stored: in another FUPAN_DATA_DIR run fupan sim truth plant, then fupan sim init`,
  )
}

/** Open days a call touches after its own. */
function daysAfter(call: ScriptCall): number {
  return call.call === 'pump_dump' ? (call.accumulate ?? 5) + (call.pump ?? 2) + (call.dump ?? 3) - 1 : call.call === 'second_board' ? 1 : 0
}

/** The world with its script, up to the last completed day or the last day that the script touches. Throws UsageError where the script cannot be laid out. */
function scriptedWorld(app: App, settled: SimulatedWorld): World {
  const { calendar } = app
  const last = calendar.lastCompleted(app.clock.now())
  let end: TradeDate = last
  for (const [item, call] of settled.script.entries()) {
    const date = call.date as TradeDate
    if (!(date >= settled.firstDate && date <= calendar.to && calendar.isOpen(date)))
      throw new UsageError(
        `Cannot plant item ${item + 1} (${call.call}), field "date": ${call.date} is no trading day of the simulated market, which has days from ${settled.firstDate} to ${calendar.to}. Choose one of them`,
      )
    const open = calendar.between(date, calendar.to)
    if (open < daysAfter(call))
      throw new UsageError(
        `Cannot plant item ${item + 1} (${call.call}), field "date": it takes ${daysAfter(call)} more days than the calendar has. Begin earlier`,
      )
    const until = calendar.shift(date, daysAfter(call))
    if (until > end) end = until
  }
  return createWorld(settingsOf(settled, calendar, end))
}

/** That world, and what came about in it. Throws UsageError where an item from `before` on did not come about. */
async function drawScript(
  app: App,
  settled: SimulatedWorld,
  before: number,
  context: VerbContext,
): Promise<{ readonly world: World; readonly truth: ScriptTruth }> {
  const world = scriptedWorld(app, settled)
  const truth = await measureScript(world, context)
  const absent = truth.missing.find(({ item, phase }) => item >= before && phase !== 'follower')
  if (absent !== undefined)
    throw new UsageError(
      `Cannot plant item ${absent.item + 1} (${absent.type}): ${absent.symbol} does not trade on ${absent.date}. Choose another day or another ${absent.phase === 'leader' ? 'leader' : 'stock'}`,
    )
  const [off] = deviations(truth).filter(({ scenario }) => scenario.item >= before)
  if (off !== undefined) {
    const { scenario, realisation } = off
    throw new UsageError(
      `Cannot plant item ${scenario.item + 1} (${scenario.type}) of ${scenario.symbol} on ${scenario.date}: its ${realisation.name} would come to ${realisation.realised.toPrecision(4)} instead of ${realisation.planned.toPrecision(4)}, ` +
        `more than ${100 * TOLERANCE} % off. Plant less, or choose another time, day or stock`,
    )
  }
  return { world, truth }
}

function rowOf({ item, type, phase, symbol, date, t0, t1, outcome, plantedValue, plantedNet, realisations }: RealisedScenario): PlantedRow {
  const realised = realisations.map(({ name, planned, realised: found }) => ({ name, planned, realised: found }))
  return { item: item + 1, type, phase: phase ?? '', symbol, date, t0, t1, outcome, plantedValue, plantedNet, realised }
}
