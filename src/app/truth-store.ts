import { setImmediate as breathe } from 'node:timers/promises'
import { frameOf, toLabels, type Column, type Frame } from '#core/frame.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { BOOK_EVENT } from '#market/book-log.ts'
import type { DailyBars } from '#market/daily-bars.ts'
import { SECTORS } from '#market/invented-name.ts'
import { OWNER } from '#market/market-agents.ts'
import { plantedSignal } from '#market/planted-signal.ts'
import { regimeChanges } from '#market/regime-changes.ts'
import { BAND } from '#market/scenario-plan.ts'
import { scriptTruth, type RealisedScenario, type ScriptTruth } from '#market/script-truth.ts'
import { scriptedTape } from '#market/scripted-path.ts'
import { marketEvents, stockEvents, type SimEvent } from '#market/sim-events.ts'
import type { Stock } from '#market/stock.ts'
import { STYLES } from '#market/style-premia.ts'
import type { World } from '#market/world.ts'
import { EngineError, type Engine } from '#warehouse/engine/engine.ts'
import {
  simEventTable,
  simTruthFactor,
  simTruthOrder,
  simTruthRegime,
  simTruthScenario,
  simTruthSignal,
  simTruthState,
  simTruthTest,
  TRUTH_DATABASE,
  truthDdl,
  type TruthTable,
} from '#warehouse/truth-tables.ts'
import type { VerbContext } from './verb.ts'

/** Stocks whose rows are written at a time. */
const STOCKS_PER_WRITE = 50

/** Measure what the script of a world planted, letting others work in between. */
export async function measureScript(
  world: World,
  { emit, signal }: Pick<VerbContext, 'emit' | 'signal'>,
  barsOf?: (stock: Stock) => DailyBars,
): Promise<ScriptTruth> {
  const measuring = scriptTruth(world, barsOf)
  const total = world.script.days.size + world.script.drops.size * world.stocks.length
  let [done, step] = [0, measuring.next()]
  for (; step.done !== true; step = measuring.next()) {
    emit({ type: 'progress', what: 'planted stocks', done: ++done, total, unit: 'stocks' })
    await breathe()
    signal.throwIfAborted()
  }
  return step.value
}

/**
 * Fill the truth store with all that is known of a world: what its script planted, signals, regimes, factors and events. Everything there is a function of the world, so
 * a store that tells of the same world up to the same day is left as it is.
 */
export async function writeTruth(
  engine: Engine,
  world: World,
  digest: string,
  context: Pick<VerbContext, 'emit' | 'signal'>,
  known?: ScriptTruth,
): Promise<void> {
  if (await isTruthWritten(engine, world, digest)) return
  const { signal } = context
  for (const statement of truthDdl()) await engine.exec(statement, { signal })
  const write = async (table: TruthTable, frame: Frame) => {
    if (frame.length > 0) await engine.insert(`${TRUTH_DATABASE}.${table.name}`, frame, { signal })
  }
  const truth = known ?? (await measureScript(world, context))
  await write(simTruthScenario, scenarioRows(truth, digest))
  await write(simTruthTest, testRows(truth))
  for (const frame of orderRows(world)) await write(simTruthOrder, frame)
  await write(simTruthFactor, factorRows(world))
  await write(
    simTruthRegime,
    regimeRows(
      world,
      ['MKT', ...SECTORS.map(({ name }) => name)].map((entity) => ({ entity, from: 0, until: world.dates.length })),
    ),
  )
  await write(simEventTable, eventRows(marketEvents(world)))
  for (let at = 0; at < world.stocks.length; at += STOCKS_PER_WRITE) {
    const stocks = world.stocks.slice(at, at + STOCKS_PER_WRITE)
    const events: SimEvent[] = []
    // A chain ends with its stock.
    const chains: Chain[] = []
    for (const stock of stocks) {
      const own = stockEvents(world, stock)
      const gone = own.find(({ kind }) => kind === 'delisted')
      chains.push({ entity: stock.code, from: Math.max(0, stock.listDay), until: gone === undefined ? world.dates.length : world.dayOf.get(gone.date)! })
      events.push(...own)
      await breathe()
      signal.throwIfAborted()
    }
    await write(simEventTable, eventRows(events))
    await write(simTruthSignal, signalRows(world, stocks))
    await write(simTruthRegime, regimeRows(world, chains))
    context.emit({
      type: 'progress',
      what: 'truth of stocks',
      done: Math.min(at + STOCKS_PER_WRITE, world.stocks.length),
      total: world.stocks.length,
      unit: 'stocks',
    })
  }
  await write(simTruthState, frameOf({ world: toLabels([digest]), from_date: Uint32Array.of(world.dates[0]!), to_date: Uint32Array.of(world.dates.at(-1)!) }))
}

/** Whether the truth store tells of this world, up to its last day. */
async function isTruthWritten(engine: Engine, world: World, digest: string): Promise<boolean> {
  try {
    const rows = await engine.rows<{ world: string; to_date: number }>(`select world, to_date from ${TRUTH_DATABASE}.${simTruthState.name}`)
    return rows.some((row) => row.world === digest && row.to_date === world.dates.at(-1))
  } catch (error) {
    // Expected: nothing was written yet.
    if (error instanceof EngineError && error.kind === 'unknown-table') return false
    throw error
  }
}

function scenarioRows({ scenarios }: ScriptTruth, digest: string): Frame {
  const numbers = (of: (scenario: RealisedScenario) => number) => Float64Array.from(scenarios, of)
  const texts = (of: (scenario: RealisedScenario) => string) => toLabels(scenarios.map(of))
  return frameOf({
    scenario_id: texts(({ id }) => id),
    world: texts(() => digest),
    symbol: texts(({ symbol }) => symbol),
    trade_date: Uint32Array.from(scenarios, ({ date }) => date),
    type: texts(({ type }) => type),
    phase: texts(({ phase }) => phase ?? ''),
    item: Uint32Array.from(scenarios, ({ item }) => item + 1),
    level_price: numbers(({ level }) => level),
    band_pct: numbers(({ level }) => (Number.isNaN(level) ? NaN : BAND)),
    t0: numbers(({ t0 }) => t0),
    t1: numbers(({ t1 }) => t1),
    strength: numbers(({ strength }) => strength),
    n_tests: Uint32Array.from(scenarios, ({ visits }) => visits.length),
    outcome: texts(({ outcome }) => outcome),
    planted_value: numbers(({ plantedValue }) => plantedValue),
    planted_net: numbers(({ plantedNet }) => plantedNet),
    expected_label: texts(({ expectedLabel }) => expectedLabel),
    amplitude: numbers(({ amplitude }) => amplitude),
    realised: texts(({ realisations }) => JSON.stringify(realisations)),
  })
}

function testRows({ scenarios }: ScriptTruth): Frame {
  const rows = scenarios.flatMap((scenario) => scenario.visits.map((visit) => ({ id: scenario.id, visit })))
  const numbers = (of: (visit: RealisedScenario['visits'][number]) => number) => Float64Array.from(rows, ({ visit }) => of(visit))
  return frameOf({
    scenario_id: toLabels(rows.map(({ id }) => id)),
    test_id: Uint32Array.from(rows, ({ visit }) => visit.testId),
    enter_ms: numbers(({ enter }) => enter),
    exit_ms: numbers(({ exit }) => exit),
    max_penetration: numbers(({ maxPenetration }) => maxPenetration),
    big_buy_value: numbers(({ bigBuy }) => bigBuy),
    big_sell_value: numbers(({ bigSell }) => bigSell),
    total_value: numbers(({ total }) => total),
    ofi: numbers(({ orderFlowImbalance }) => orderFlowImbalance),
    fut_ret_30m: numbers(({ futureReturn30m }) => futureReturn30m),
    fut_ret_1d: numbers(({ futureReturn1d }) => futureReturn1d),
  })
}

const OWNERS = Object.keys(OWNER).map((name) => name.toLowerCase())

/** Every order of the scenarios that the order book played, one frame per scenario. */
function* orderRows(world: World): Generator<Frame> {
  for (const stock of world.stocks)
    for (const [day, { tape }] of world.script.days.get(stock.code) ?? []) {
      if (tape === undefined) continue
      const { events } = scriptedTape(world, stock, day, tape).scenario
      const orders = Array.from(events.kind.keys()).filter((i) => i < events.length && events.kind[i] === BOOK_EVENT.ORDER)
      const same = (value: string) => toLabels(orders.map(() => value))
      yield frameOf({
        symbol: same(stock.code),
        trade_date: new Uint32Array(orders.length).fill(world.dates[day]!),
        order_id: Uint32Array.from(orders, (i) => events.order[i]!),
        owner_type: { index: Uint32Array.from(orders, (i) => events.other[i]!), values: OWNERS },
        parent_id: new Uint32Array(orders.length),
        side: { index: Uint32Array.from(orders, (i) => (events.side[i]! > 0 ? 0 : 1)), values: ['B', 'S'] },
      })
    }
}

function factorRows(world: World): Frame {
  const { market, sectors, styles } = world.factors
  const series: readonly (readonly [string, Float64Array])[] = [
    ['MKT', market.session],
    ['MKT overnight', market.overnight],
    ...sectors.flatMap((sector, k): (readonly [string, Float64Array])[] => [
      [SECTORS[k]!.name, sector.session],
      [`${SECTORS[k]!.name} overnight`, sector.overnight],
    ]),
    ...styles.map((values, k): readonly [string, Float64Array] => [STYLES[k]!.name, values]),
  ]
  const days = world.dates.length
  const columns: Record<string, Column> = {
    trade_date: Uint32Array.from({ length: series.length * days }, (_, row) => world.dates[row % days]!),
    factor: { index: Uint32Array.from({ length: series.length * days }, (_, row) => Math.floor(row / days)), values: series.map(([name]) => name) },
    return: Float64Array.from({ length: series.length * days }, (_, row) => series[Math.floor(row / days)]![1][row % days]!),
  }
  return frameOf(columns)
}

/** Milliseconds after midnight at which a trading minute begins: 0 is 09:30, 120 is 13:00. */
function minuteStart(minute: number): number {
  return (minute < 120 ? 570 + minute : 780 + minute - 120) * 60_000
}

/** A fast chain over days [from, until). */
interface Chain {
  readonly entity: string
  readonly from: number
  readonly until: number
}

function regimeRows(world: World, chains: readonly Chain[]): Frame {
  const rows = chains.flatMap(({ entity, from, until }) => regimeChanges(world, entity, from, until).map((change) => ({ entity, ...change })))
  return frameOf({
    entity: toLabels(rows.map(({ entity }) => entity)),
    time_ms: Float64Array.from(rows, ({ day, minute }) => instantOf(world.dates[day]!, minuteStart(minute))),
    regime: toLabels(rows.map(({ state }) => state)),
  })
}

/** The signal of every day on which the stock is listed. */
function signalRows(world: World, stocks: readonly Stock[]): Frame {
  const parts = stocks.map((stock) => ({ code: stock.code, from: Math.max(0, stock.listDay), signal: plantedSignal(world, stock) }))
  const length = parts.reduce((sum, { from, signal }) => sum + signal.length - from, 0)
  const [index, dates, signal] = [new Uint32Array(length), new Uint32Array(length), new Float64Array(length)]
  let row = 0
  for (const [k, part] of parts.entries())
    for (let day = part.from; day < part.signal.length; day++, row++) {
      index[row] = k
      dates[row] = world.dates[day]!
      signal[row] = part.signal[day]!
    }
  return frameOf({ symbol: { index, values: parts.map(({ code }) => code) }, trade_date: dates, signal })
}

function eventRows(events: readonly SimEvent[]): Frame {
  return frameOf({
    trade_date: Uint32Array.from(events, ({ date }) => date),
    kind: toLabels(events.map(({ kind }) => kind)),
    entity: toLabels(events.map(({ entity }) => entity)),
    cause: toLabels(events.map(({ cause }) => cause)),
    start_ms: Float64Array.from(events, ({ date, startsAt }) => (Number.isNaN(startsAt) ? NaN : instantOf(date, startsAt))),
    size: Float64Array.from(events, ({ size }) => size),
    days: Uint32Array.from(events, ({ days }) => days),
    minutes: Float64Array.from(events, ({ minutes }) => minutes ?? 0),
    is_public: Uint8Array.from(events, ({ isPublic }) => Number(isPublic)),
    is_sentiment_known: Uint8Array.from(events, ({ isSentimentKnown }) => Number(isSentimentKnown)),
  })
}
