import type { Rng } from '#core/rng.ts'
import { exp, ln } from '#numeric/fmath.ts'
import { crowdLots, OWNER, type Agent, type CrowdView } from './market-agents.ts'
import { ORDER_TYPE } from './order-request.ts'

/** Rates per second; sizes in lots. */
export interface MetaOrderSettings {
  /** Parent orders at work at a time. */
  readonly parents: number
  /** Child orders of all parents together. */
  readonly rate: number
  /** Smallest parent, and the tail exponent of the Pareto law of their sizes. */
  readonly leastLots: number
  readonly tail: number
}

export const META_ORDERS: MetaOrderSettings = Object.freeze({ parents: 8, rate: 0.2, leastLots: 60, tail: 1.5 })

/**
 * 拆单: large parent orders, each worked off in child market orders of the crowd's size; one that is done is followed by another of random side. Sides of
 * child orders stay correlated over long times because the sizes are Pareto distributed (Lillo, Mike & Farmer 2005). Throws RangeError when the settings are not positive.
 */
export function metaOrders({ tape, activity }: CrowdView, settings: MetaOrderSettings, rng: Rng): Agent {
  const { parents, rate, leastLots, tail } = settings
  if (!(Number.isInteger(parents) && parents > 0 && rate > 0 && leastLots > 0 && tail > 0))
    throw new RangeError(`Cannot split parent orders: number, rate, size and tail are positive, found ${JSON.stringify(settings)}`)
  const newParent = () => ({ side: rng.next() < 0.5 ? 1 : -1, left: Math.ceil(leastLots * exp(-ln(1 - rng.next()) / tail)) })
  const working = Array.from({ length: parents }, newParent)
  return {
    rate: () => rate * activity(),
    act(second) {
      const place = rng.integer(0, parents - 1)
      const parent = working[place]!
      const lots = Math.min(parent.left, crowdLots(rng))
      tape.submit(second, OWNER.PARENT, parent.side, ORDER_TYPE.BEST_5_CANCEL, 0, lots)
      parent.left -= lots
      if (parent.left === 0) working[place] = newParent()
    },
  }
}
