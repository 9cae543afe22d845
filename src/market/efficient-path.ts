import type { Rng } from '#core/rng.ts'
import type { ScenarioPlan } from './scenario-plan.ts'

/** Noise of the efficient price, ticks per √second (spec simulator §12.1). */
const NOISE = 0.13
/** Pull of the efficient price to one tick below the level while it is tested, per second. */
const REVERSION = 0.003
/** Drift after the test: 0.8 % of the level in 18 minutes, per second. */
const DRIFT = 0.008 / 1080
/** When absorption fails the price goes the other way at this part of the drift, with this probability. */
const FAILURE = Object.freeze({ probability: 0.15, part: 0.3 })

/**
 * 有效价 p*: the price in ticks of every second of the scenario as seen by a support (a resistance is its mirror image). Before `begins` it stands at
 * where the approach starts; then a bridge to two ticks above the level at `t0`, the test until `t1`, and the drift after it.
 */
export function efficientPath(plan: ScenarioPlan, rng: Rng): Float64Array {
  const { type, level, seconds, begins, t0, t1 } = plan
  const price = new Float64Array(seconds + 1)
  const waypoints: readonly (readonly [second: number, price: number])[] =
    type === 'flip_retest'
      ? [
          [begins, 0.988 * level],
          [begins + (t0 - begins) / 2, 1.012 * level],
          [t0, level + 2],
        ]
      : [
          [begins, 1.014 * level],
          [t0, level + 2],
        ]
  price.fill(waypoints[0]![1], 0, begins + 1)
  for (let leg = 1; leg < waypoints.length; leg++) bridge(price, waypoints[leg - 1]!, waypoints[leg]!, rng)
  if (type === 'support_break') bridge(price, [t0, price[t0]!], [t1, 0.987 * level], rng)
  else test(price, plan, rng)
  const drift = driftAfter(type, rng) * DRIFT * level
  for (let s = t1 + 1; s <= seconds; s++) price[s] = price[s - 1]! + drift + NOISE * rng.normal()
  return price
}

/** A Brownian bridge between two waypoints, exact at whole seconds. */
function bridge(price: Float64Array, [from, start]: readonly [number, number], [to, end]: readonly [number, number], rng: Rng): void {
  const [first, last] = [Math.round(from), Math.round(to)]
  price[first] = start
  for (let s = first; s < last; s++) {
    const left = last - s
    price[s + 1] = price[s]! + (end - price[s]!) / left + NOISE * Math.sqrt(Math.max(0, 1 - 1 / left)) * rng.normal()
  }
}

/** Ornstein–Uhlenbeck around one tick below the level. Where an absorber works, a price more than three ticks below is pulled half-way back. */
function test(price: Float64Array, { type, level, t0, t1 }: ScenarioPlan, rng: Rng): void {
  const isHeld = type === 'support_accumulation' || type === 'resistance_distribution' || type === 'flip_retest'
  for (let s = t0; s < t1; s++) {
    let next = price[s]! + REVERSION * (level - 1 - price[s]!) + NOISE * rng.normal()
    if (isHeld && next < level - 3) next += (level - 3 - next) / 2
    price[s + 1] = next
  }
}

function driftAfter(type: ScenarioPlan['type'], rng: Rng): number {
  const u = rng.next()
  if (type === 'support_break') return -1
  if (type === 'null_test' || type === 'spoof_wall') return u < 0.5 ? 1 : -1
  return u < FAILURE.probability ? -FAILURE.part : 1
}
