import type { Rng } from '#core/rng.ts'
import { OWNER, type Agent, type CrowdView } from './market-agents.ts'
import { ORDER_TYPE } from './order-request.ts'
import { facing, type ScenarioPlan } from './scenario-plan.ts'

/** A planted trader: may also look at the book at the top of every second and after every event. */
export interface PlantedAgent extends Agent {
  eachSecond?(second: number): void
  watch?(second: number): void
}

/** Clips of U(40, 120) lots, this often per second and unit of strength (spec simulator §12.1). */
const CLIP_RATE = 0.055
const CLIP = Object.freeze({ least: 40, most: 120 })
const REACH = 10
/** The passive wall: lots per unit of strength, and the chance per second and unit of strength that a lost one comes back. */
const WALL_LOTS = 250
const WALL_RETURN = 0.5

/** The agents that make a scenario what it is; none for a null test. */
export function plantedAgents(plan: ScenarioPlan, view: CrowdView, rng: Rng): readonly PlantedAgent[] {
  switch (plan.type) {
    case 'support_accumulation':
    case 'resistance_distribution':
      return [absorber(plan, view, rng.fork('absorber'))]
    case 'flip_retest':
      return [absorber(plan, view, rng.fork('absorber')), breaker(plan, view, 1, plan.begins, (plan.begins + plan.t0) / 2, rng.fork('breakout'))]
    case 'support_break':
      return [breaker(plan, view, -1, plan.t0, plan.t1, rng.fork('breaker'))]
    case 'spoof_wall':
      return [spoofer(plan, view, rng.fork('spoofer'))]
    case 'null_test':
      return []
    default:
      return plan.type satisfies never
  }
}

/** 吸筹 (mirrored 出货): a wall at the level that never takes, and clips that take everything up to ten ticks beyond it. Withdrawn at t1. */
function absorber({ type, strength, level, t0, t1 }: ScenarioPlan, { tape }: CrowdView, rng: Rng): PlantedAgent {
  const side = facing(type)
  const lots = Math.round(WALL_LOTS * strength) + 1
  let wall = 0
  return {
    rate: (second) => (second >= t0 && second < t1 ? CLIP_RATE * strength : 0),
    act(second) {
      tape.submit(second, OWNER.ABSORBER, side, ORDER_TYPE.IOC, level + side * REACH, rng.integer(CLIP.least, CLIP.most))
    },
    eachSecond(second) {
      if (second >= t1 && wall > 0) {
        tape.cancel(second, wall)
        wall = 0
      }
      if (second < t0 || second >= t1 || tape.book.leftOf(wall) > 0) return
      const own = side > 0 ? tape.book.bestBid : tape.book.bestAsk
      const opposite = side > 0 ? tape.book.bestAsk : tape.book.bestBid
      const isNear = own > 0 && side * (own - level) <= 2
      const isPassive = opposite === 0 || side * (opposite - level) > 0
      const isFirst = second === t0
      if (isNear && isPassive && (isFirst || rng.next() < WALL_RETURN * strength))
        wall = tape.submit(second, OWNER.ABSORBER, side, ORDER_TYPE.LIMIT, level, lots)
    },
  }
}

/** 大单突破: clips that sweep five levels of the other side, between two seconds. */
function breaker({ strength }: ScenarioPlan, { tape }: CrowdView, side: 1 | -1, from: number, to: number, rng: Rng): PlantedAgent {
  return {
    rate: (second) => (second >= from && second < to ? CLIP_RATE * strength : 0),
    act(second) {
      tape.submit(second, OWNER.BREAKER, side, ORDER_TYPE.BEST_5_CANCEL, 0, rng.integer(CLIP.least, CLIP.most))
    },
  }
}

/**
 * 虚假托单: a large bid at the level, shown while the price is away and gone within two seconds of its approach (best bid within three ticks).
 * Comes back when the price has left by six ticks.
 */
function spoofer({ strength, level, t1 }: ScenarioPlan, { tape }: CrowdView, rng: Rng): PlantedAgent {
  const lots = Math.round(4 * WALL_LOTS * strength) + 1
  let wall = 0
  let gone = Infinity
  return {
    rate: () => 0,
    act() {},
    eachSecond(second) {
      if (tape.book.leftOf(wall) === 0 && second < t1 && tape.book.bestBid >= level + 6) {
        wall = tape.submit(second, OWNER.SPOOFER, 1, ORDER_TYPE.LIMIT, level, lots)
        gone = Infinity
      }
    },
    watch(second) {
      if (tape.book.leftOf(wall) === 0) return
      if (gone === Infinity && tape.book.bestBid <= level + 3) gone = second + 0.2 + 1.5 * rng.next()
      if (second < gone && second < t1) return
      tape.cancel(second, wall)
      wall = 0
    },
  }
}
