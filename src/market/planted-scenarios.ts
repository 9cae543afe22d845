import type { Code } from '#core/code.ts'
import type { Rng } from '#core/rng.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { ln } from '#numeric/fmath.ts'
import type { BookEvents } from './book-log.ts'
import { efficientPath } from './efficient-path.ts'
import { ordersOfTicks, slotsOfTicks } from './gather-ticks.ts'
import { crowd, type Agent } from './market-agents.ts'
import { metaOrders, type MetaOrderSettings } from './meta-orders.ts'
import { plantedAgents } from './planted-agents.ts'
import { facing, scenarioPlan, type ScenarioPlan, type ScenarioType } from './scenario-plan.ts'
import { ScenarioTape, TICK, type BookSnapshots } from './scenario-tape.ts'
import { scenarioTruth, type ScenarioTruth } from './scenario-truth.ts'

/** What to plant, and where. */
export interface ScenarioSettings {
  readonly type: ScenarioType
  /** 0 to 1. */
  readonly strength: number
  readonly code: Code
  readonly date: TradeDate
  /** The level in ticks of 0.01 CNY; 2000 unless given, where the crowd is calibrated. */
  readonly level?: number
  /** Start of the tape, milliseconds after midnight; 09:31 unless given. Its 105 minutes must lie in one half of the trading day. */
  readonly startsAt?: number
  /** How busy the stock is at a second of the tape (spec simulator §11.3, P_m); 1 unless given. */
  readonly activity?: (second: number) => number
  /** 拆单 of parent orders (spec simulator §11.3); none unless given. */
  readonly metaOrders?: MetaOrderSettings
}

/** A planted scenario in every form a feed has, and its truth. */
export interface PlantedScenario {
  readonly truth: ScenarioTruth
  /** 昨收 that the tape came from, 厘. */
  readonly previousClose: number
  /** Every trade (TBT), flagged with its true aggressor, quotes in force before it. */
  readonly ticks: TickDay
  /** The same with the fills of one aggressor's order joined: what big orders are counted in. */
  readonly orders: TickDay
  /** The same day in three-second records (AGG3S). */
  readonly slots: TickDay
  readonly snapshots: BookSnapshots
  /** Every order, trade and cancellation; an ORDER's `other` is its OWNER. */
  readonly events: BookEvents
}

/** Half the price range of the book, as a part of the level: wide enough for a board of ±10 %. */
const RANGE = 0.1
const MORNING = Object.freeze({ from: clockTime('09:30'), to: clockTime('11:30') })
const AFTERNOON = Object.freeze({ from: clockTime('13:00'), to: clockTime('14:57') })

/**
 * 植入场景: the crowd of spec simulator §11.3 trades around one level on the order book while the agent of the scenario works (§12.1). The same settings and generator
 * give the same bytes. Throws RangeError when the tape would not fit into the session, or the strength or level is out of range.
 */
export function plantScenario(settings: ScenarioSettings, rng: Rng): PlantedScenario {
  const { type, strength, code, date, startsAt = clockTime('09:31') } = settings
  const plan = scenarioPlan(type, strength, settings)
  const end = startsAt + 1000 * plan.seconds
  if (![MORNING, AFTERNOON].some(({ from, to }) => startsAt >= from && end <= to))
    throw new RangeError(
      `Cannot plant ${type}: its ${plan.seconds / 60} minutes must lie in one half of the trading day, found a start at ${startsAt} ms. Start earlier`,
    )
  const start = instantOf(date, startsAt)
  const { tape, opening } = runScenario(plan, start, settings.metaOrders, rng)
  const ticks = tape.ticks(code, date)
  const snapshots = tape.snapshots()
  return {
    truth: scenarioTruth(plan, ticks, tape.parties(), start),
    previousClose: Math.round(opening) * TICK,
    ticks,
    orders: ordersOfTicks(ticks),
    slots: slotsOfTicks(ticks, snapshots),
    snapshots,
    events: tape.events(),
  }
}

/**
 * Second by second: the efficient price moves, then events come at the total rate of all agents (Gillespie 1977). Rates only fall between events,
 * or change at an event or at the top of a second, where the draw is made anew: exponential waiting has no memory.
 */
function runScenario(
  plan: ScenarioPlan,
  start: EpochMs,
  parents: MetaOrderSettings | undefined,
  rng: Rng,
): { readonly tape: ScenarioTape; readonly opening: number } {
  const side = facing(plan.type)
  const price = efficientPath(plan, rng.fork('path'))
  const fairAt = (second: number): number => plan.level + side * (price[second]! - plan.level)
  const tape = new ScenarioTape(start, plan.seconds, Math.ceil(plan.level * (1 - RANGE)), Math.floor(plan.level * (1 + RANGE)))
  let [fair, activity] = [fairAt(0), 1]
  const view = { tape, fair: () => fair, activity: () => activity }
  const planted = plantedAgents(plan, view, rng.fork('planted'))
  const agents: readonly Agent[] = [
    ...crowd(view, rng.fork('crowd')),
    ...(parents === undefined ? [] : [metaOrders(view, parents, rng.fork('parents'))]),
    ...planted,
  ]
  const clock = rng.fork('clock')
  const rates = new Float64Array(agents.length)
  for (let second = 0; second < plan.seconds; second++) {
    fair = fairAt(second)
    activity = plan.activity(second)
    for (const agent of planted) agent.eachSecond?.(second)
    for (let now = second; ;) {
      let total = 0
      for (let k = 0; k < agents.length; k++) total += rates[k] = agents[k]!.rate(now)
      now -= ln(1 - clock.next()) / total
      if (now >= second + 1) break
      let at = clock.next() * total
      let k = 0
      while (k < agents.length - 1 && at >= rates[k]!) at -= rates[k++]!
      agents[k]!.act(now)
      for (const agent of planted) agent.watch?.(now)
    }
  }
  return { tape, opening: fairAt(0) }
}
