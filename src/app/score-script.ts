import { setImmediate as breathe } from 'node:timers/promises'
import type { Code } from '#core/code.ts'
import type { Detector } from '#core/detector.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { detectors as registered } from '#detectors/index.ts'
import { dailyBars, type DailyBars } from '#market/daily-bars.ts'
import { flowPlan, plantedOn } from '#market/flow-plan.ts'
import { STATUS } from '#market/listing-status.ts'
import type { RealisedScenario, ScriptTruth } from '#market/script-truth.ts'
import type { ScriptCall } from '#market/script.ts'
import type { Stock } from '#market/stock.ts'
import type { World } from '#market/world.ts'
import { simulatedTicks } from '#sources/simulator.ts'
import { profileBaseline, type Baseline } from '#stream/baseline.ts'
import { Pipeline } from '#stream/pipeline.ts'
import type { VerbContext } from './verb.ts'

/** 检出质量 of one kind of scenario by the detector that ought to find it. NaN where there is nothing to divide by. */
export interface ScoredKind {
  readonly type: ScriptCall['call']
  /** The detector that ought to find it; absent where the kind is for the level tests, or no detector of that name is registered. */
  readonly detector: string
  readonly isRegistered: boolean
  readonly planted: number
  readonly found: number
  /** Findings of the detector on the days of the script, and those of them that something planted explains: the script, or the informed money of plantedFlow(). */
  readonly findings: number
  readonly explained: number
  readonly precision: number
  readonly recall: number
  /** Median seconds of the clock from the first planted record to the finding. */
  readonly delay: number
  readonly least: { readonly recall: number; readonly precision: number }
  readonly pass: boolean
}

/** Which detector ought to find what (spec intraday §10); the kinds at a price level are scored by the level tests. */
const EXPECTED: Partial<Record<ScriptCall['call'], string>> = {
  surge: 'surge',
  fade: 'dive',
  limit_up: 'limit_board',
  second_board: 'limit_board',
  sector_wave: 'sector_rotation',
  money_burst: 'money_anomaly',
  market_drop: 'market_stress',
  pump_dump: 'pump_fade',
}

/** What is asked of a detector at full strength (spec intraday §14.2): the calls of a script know no other. */
const LEAST = Object.freeze({ recall: 0.95, precision: 0.6 })

/** What is planted may be found until this long after its end: five-minute windows still hold it. */
const AFTERMATH_MS = 300_000

const USUAL_DAYS = 20
const ATR_DAYS = 14

interface FoundSighting {
  readonly code: Code
  readonly date: TradeDate
  readonly direction: 'long' | 'short'
  readonly detector: string
  readonly at: EpochMs
  /** The detector says again what is known: found, but no finding of its own. */
  readonly isAgain: boolean
}

/**
 * Play the days of a script through the live pipeline, all stocks of the market, and compare what the detectors say with what was planted. Baselines are those of a stock
 * with daily bars and no ticks before: its own turnover, range and limits, the market-wide profile of flow.
 */
export async function scoreScript(
  world: World,
  truth: ScriptTruth,
  { emit, signal }: Pick<VerbContext, 'emit' | 'signal'>,
  detectors: readonly Detector[] = registered,
): Promise<readonly ScoredKind[]> {
  const known = new Map<Stock, DailyBars>()
  const barsOf = (stock: Stock) => known.getOrInsertComputed(stock, () => dailyBars(world, stock))
  const dates = [...new Set(truth.scenarios.map(({ date }) => date))].toSorted((a, b) => a - b)
  const sightings: FoundSighting[] = []
  for (const [done, date] of dates.entries()) {
    emit({ type: 'progress', what: `playing ${date}`, done, total: dates.length, unit: 'days' })
    sightings.push(...(await playDay(world, barsOf, date, detectors, signal)))
  }
  const types = [...new Set(truth.scenarios.map(({ type }) => type))].filter((type) => EXPECTED[type] !== undefined)
  // Informed money that the market plants by itself is there too: finding it is no false alarm.
  const isInformed = ({ code, date, direction }: FoundSighting): boolean => {
    const stock = world.stocks.find((each) => each.code === code)!
    return Math.sign(plantedOn(flowPlan(world, stock), barsOf(stock), world.dayOf.get(date)!)) === (direction === 'long' ? 1 : -1)
  }
  return types.map((type) => scoreKind(type, truth.scenarios, sightings, detectors, isInformed))
}

async function playDay(
  world: World,
  barsOf: (stock: Stock) => DailyBars,
  date: TradeDate,
  detectors: readonly Detector[],
  signal: AbortSignal,
): Promise<readonly FoundSighting[]> {
  const day = world.dayOf.get(date)!
  const byCode = new Map(world.stocks.map((stock) => [stock.code, stock]))
  const found: FoundSighting[] = []
  const pipeline = new Pipeline({
    date,
    detectors,
    baselineOf: (code) => baselineFrom(barsOf(byCode.get(code)!), day),
    emit(event) {
      const { code, direction, at } = event
      if (event.type === 'discovered' || event.type === 'merged') found.push({ code, date, direction, at, detector: event.finding.detector, isAgain: false })
      else if (event.type === 'duplicate') found.push({ code, date, direction, at, detector: event.detector, isAgain: true })
    },
  })
  for await (const batch of simulatedTicks(world, barsOf, date, signal)) {
    pipeline.push(batch)
    await breathe()
  }
  pipeline.endSession()
  return found
}

/** What daily bars know of a stock before a day opens. Money in CNY. */
function baselineFrom(bars: DailyBars, day: number): Baseline {
  let [amount, days, range, ranges, close] = [0, 0, 0, 0, 0]
  for (let at = day - 1; at >= 0 && days < USUAL_DAYS; at--) {
    if (!(bars.volume[at]! > 0)) continue
    if (close === 0) close = bars.close[at]!
    amount += bars.amount[at]! / 1000
    days++
    if (ranges === ATR_DAYS) continue
    range += Math.max(bars.high[at]!, bars.preClose[at]!) - Math.min(bars.low[at]!, bars.preClose[at]!)
    ranges++
  }
  const limit = (value: number) => (value === 0 ? NaN : value / 1000)
  const status = bars.status[day]
  return profileBaseline({
    adv20: days === 0 ? NaN : amount / days,
    atrPct: ranges === 0 ? NaN : range / ranges / close,
    prevClose: bars.preClose[day]! / 1000,
    limitUp: limit(bars.limitUp[day]!),
    limitDown: limit(bars.limitDown[day]!),
    isSt: status === STATUS.st || status === STATUS.starSt,
  })
}

function scoreKind(
  type: ScriptCall['call'],
  scenarios: readonly RealisedScenario[],
  sightings: readonly FoundSighting[],
  detectors: readonly Detector[],
  isInformed: (sighting: FoundSighting) => boolean,
): ScoredKind {
  const detector = EXPECTED[type]!
  const isRegistered = detectors.some(({ name }) => name === detector)
  const planted = scenarios.filter((scenario) => scenario.type === type)
  const own = sightings.filter((sighting) => sighting.detector === detector)
  // One wave, one pump: whoever finds a part of it has found it.
  const whole = Map.groupBy(planted, ({ item, id }) => (type === 'sector_wave' || type === 'pump_dump' ? String(item) : id))
  const delays = [...whole.values()].flatMap((parts) => delayOf(parts, own)).toSorted((a, b) => a - b)
  const findings = own.filter(({ isAgain }) => !isAgain)
  const explained = findings.filter((sighting) => isInformed(sighting) || scenarios.some((scenario) => explains(scenario, sighting))).length
  const [precision, recall] = [findings.length === 0 ? NaN : explained / findings.length, delays.length / whole.size]
  return {
    type,
    detector,
    isRegistered,
    planted: whole.size,
    found: delays.length,
    findings: findings.length,
    explained,
    precision,
    recall,
    delay: delays.length === 0 ? NaN : (delays[(delays.length - 1) >> 1]! + delays[delays.length >> 1]!) / 2,
    least: LEAST,
    pass: recall >= LEAST.recall && precision >= LEAST.precision,
  }
}

/** Seconds to the first finding of a scenario from the part of it that was found; none when nothing was. */
function delayOf(parts: readonly RealisedScenario[], own: readonly FoundSighting[]): readonly number[] {
  const found = parts.flatMap((part) => own.filter((sighting) => explains(part, sighting)).map(({ at }) => ({ at, delay: (at - part.t0) / 1000 })))
  return found.length === 0 ? [] : [found.reduce((first, each) => (each.at < first.at ? each : first)).delay]
}

/** Whether a finding falls on a scenario: its stock (any, for one of the whole market), its minutes and a little after, and its direction. */
function explains(scenario: RealisedScenario, sighting: FoundSighting): boolean {
  const { symbol, date, t0, t1 } = scenario
  return (
    (symbol === 'MKT' || symbol === sighting.code) &&
    date === sighting.date &&
    sighting.at >= t0 &&
    sighting.at <= t1 + AFTERMATH_MS &&
    (sighting.direction === 'long') === rises(scenario)
  )
}

/** A board is bought although what trades while it is sealed counts as sold; else the price says it, and the money where no price is planned. */
function rises({ type, amplitude, plantedNet }: RealisedScenario): boolean {
  if (type === 'limit_up' || type === 'second_board') return true
  return (Number.isNaN(amplitude) ? plantedNet : amplitude) > 0
}
