import { boardOf, exchangeOf } from '#core/code.ts'
import { segmentsOf, sessionRulesOn } from '#core/session.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'
import type { PlantedScenario } from '#market/planted-scenarios.ts'
import { bigValue, type ScenarioTruth, type TruthVisit } from '#market/scenario-truth.ts'
import { classifySides, type ClassifiedDay } from '#micro/classify-sides.ts'
import { levelTape } from '#micro/level-tape.ts'
import { scoreLevelTest } from '#micro/level-test-scores.ts'
import { findLevelTests, type LevelTest } from '#micro/level-tests.ts'
import { auc } from '#numeric/auc.ts'
import { quantile } from '#numeric/quantile.ts'

/** What the measures say of the test that covers most of t0 to t1, on one form of the tape. NaN where there is none or no score. */
export interface Seen {
  readonly tests: readonly LevelTest[]
  readonly bigNetRatio: number
  readonly orderFlowImbalance: number
  readonly penetration: number
  readonly exante: number
  readonly score: number
}

/** A scenario's truth beside what the measures see of its single trades, of trades joined by their aggressor's order, and of three-second records. */
export interface ScoredScenario {
  readonly truth: ScenarioTruth
  readonly ticks: Seen
  readonly orders: Seen
  readonly slots: Seen
  /** Share of its trades whose aggressor is found. */
  readonly sides: SidesFound
}

/** Share of trades whose aggressor is found by the quotes in force, and by price changes alone. */
export interface SidesFound {
  readonly byQuote: number
  readonly byTick: number
}

/** The crowd trades some 365 million CNY in a day of 240 minutes, and 1.6 million a minute when a level breaks. */
const DAY_AMOUNT = 365e6
const BREAK_MINUTE = 1.6e6
const REACTION_SCALE = 0.01

/** One scenario through the measures, in every form of its tape. */
export function scorePlanted(scenario: PlantedScenario): ScoredScenario {
  const { truth, ticks } = scenario
  return {
    truth,
    ticks: seen(scenario, ticks, bigValue(ticks, truth.t0)),
    orders: seen(scenario, scenario.orders, truth.bigOrderFrom),
    slots: seen(scenario, scenario.slots, bigValue(scenario.slots, truth.t0)),
    sides: sidesFound(scenario),
  }
}

/** The scenarios of a verification by `type/strength`. */
export type ScoredBatch = ReadonlyMap<string, readonly ScoredScenario[]>

/** All scenarios, gathered by kind in the order they come. */
export function scoreBatch(scenarios: Iterable<PlantedScenario>): ScoredBatch {
  return gatherScored(Array.from(scenarios, scorePlanted))
}

/** Scored scenarios by kind. */
export function gatherScored(scored: readonly ScoredScenario[]): ScoredBatch {
  return Map.groupBy(scored, ({ truth }) => `${truth.type}/${truth.strength}`)
}

/** AUC of a value, planted accumulation of a strength against null tests. */
export function against(batch: ScoredBatch, strength: number, value: (scored: ScoredScenario) => number): number {
  const planted = batch.get(`support_accumulation/${strength}`)!
  const nothing = batch.get('null_test/0')!
  return auc(Float64Array.from([...planted, ...nothing], value), Uint8Array.from([...planted.map(() => 1), ...nothing.map(() => 0)]))
}

/** Median of a value over a kind; NaN are left out, NaN when none is left. */
export function median(batch: ScoredBatch, kind: string, value: (scored: ScoredScenario) => number): number {
  return quantile(Float64Array.from(batch.get(kind)!, value), 0.5)
}

/** Share of the spoofed walls whose value lies above the median of the null tests. */
export function spoofedAboveNull(batch: ScoredBatch, value: (scored: ScoredScenario) => number): number {
  const middle = median(batch, 'null_test/0', value)
  const known = batch
    .get('spoof_wall/1')!
    .map(value)
    .filter((one) => !Number.isNaN(one))
  return known.filter((one) => one > middle).length / known.length
}

/** The finished visits of the truth, each with the test that starts and ends within three seconds of it, if there is one. */
export function recovered(batch: ScoredBatch, form: 'ticks' | 'orders' | 'slots'): { readonly visit: TruthVisit; readonly test: LevelTest | undefined }[] {
  return [...batch.values()].flat().flatMap((scored) =>
    scored.truth.visits
      .filter(({ exit }) => !Number.isNaN(exit))
      .map((visit) => ({
        visit,
        test: scored[form].tests.find(({ tEntry, tExit }) => Math.abs(tEntry - visit.enter) <= 3000 && Math.abs(tExit - visit.exit) <= 3000),
      })),
  )
}

/** True values of the flow between t0 and t1. */
export const trueBigNetRatio = ({ truth: { inBand } }: ScoredScenario): number => (inBand.bigBuy - inBand.bigSell) / inBand.total
export const trueImbalance = ({ truth: { inBand } }: ScoredScenario): number => (inBand.buy - inBand.sell) / inBand.total

function seen({ truth, previousClose }: PlantedScenario, day: TickDay, bigFrom: number): Seen {
  const type = truth.type === 'resistance_distribution' ? 'resistance' : truth.type === 'flip_retest' ? 'flip' : 'support'
  const { tests, band } = findLevelTests(levelTape(classified(day)), { price: truth.level, type }, { previousClose, tick: 10, bigFrom })
  const overlap = (test: LevelTest): number => Math.min(truth.t1, Number.isNaN(test.tExit) ? Infinity : test.tExit) - Math.max(truth.t0, test.tEntry)
  const test = tests.filter((one) => overlap(one) > 0).toSorted((a, b) => overlap(b) - overlap(a))[0]
  if (test === undefined) return { tests, bigNetRatio: NaN, orderFlowImbalance: NaN, penetration: NaN, exante: NaN, score: NaN }
  const context = { type, band: band.ratio, meanAmount: DAY_AMOUNT, reactionScale: REACTION_SCALE, breakValuePerMinute: BREAK_MINUTE } as const
  const { exante, score } = scoreLevelTest(test, context)
  return { tests, bigNetRatio: test.bigNetRatio, orderFlowImbalance: test.orderFlowImbalance, penetration: test.maxPenetration, exante, score }
}

function classified(day: TickDay): ClassifiedDay {
  const rules = sessionRulesOn(day.date, exchangeOf(day.code), boardOf(day.code))
  const segments = segmentsOf(
    day.at.map((at) => timeOfDay(at as EpochMs)),
    rules,
  )
  return { day, segments, sides: classifySides(day, segments) }
}

/** How many aggressors of a scenario's single trades the rules find without the feed's flags. */
export function sidesFound({ ticks }: PlantedScenario): SidesFound {
  const none = new Float64Array(ticks.length).fill(NaN)
  const agreement = (guessed: TickDay): number => {
    const { sides } = classified(guessed)
    return sides.side.reduce((same, side, i) => same + (side === ticks.vendorSide[i] ? 1 : 0), 0) / ticks.length
  }
  return { byQuote: agreement({ ...ticks, vendorSide: none }), byTick: agreement({ ...ticks, vendorSide: none, bid1: none, ask1: none }) }
}
