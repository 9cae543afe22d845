import type { Rng } from '#core/rng.ts'
import { exp, ln } from '#numeric/fmath.ts'
import { HawkesIntensity } from './hawkes-intensity.ts'
import { ORDER_TYPE } from './order-request.ts'
import type { ScenarioTape } from './scenario-tape.ts'

/** Who sent an order, as stored in the book. */
export const OWNER = Object.freeze({ NOBODY: 0, PROVIDER: 1, NOISE: 2, ARBITRAGEUR: 3, ABSORBER: 4, BREAKER: 5, SPOOFER: 6, PARENT: 7 })

/** The crowd of spec simulator §11.3, calibrated on a stock at 20 CNY with 3,500 trades in 70 minutes. Rates per second. */
export const AGENT_RATES = Object.freeze({
  /** 流动性提供者: limit orders per side, around p* with this noise and this mean distance in ticks. */
  providers: 1.6,
  providerNoise: 1.2,
  providerDistance: 4,
  /** Each live order. */
  cancellation: 1 / 45,
  /** 噪声交易者 per side. */
  noise: 0.22,
  branching: 0.45,
  halfLife: 10,
  /** 套利者 per tick between p* and the middle of the quotes, up to `arbitrageReach` ticks. */
  arbitrage: 0.05,
  arbitrageReach: 12,
  /** Order sizes are lognormal: median in lots and log standard deviation. */
  medianLots: 8,
  logSize: 1.15,
})

/** An order of the crowd's size, in lots, at least one. */
export function crowdLots(rng: Rng): number {
  return Math.max(1, Math.round(AGENT_RATES.medianLots * exp(AGENT_RATES.logSize * rng.normal())))
}

/** A trader who acts at random moments: `rate` per second as things stand, `act` when the moment has come. */
export interface Agent {
  rate(second: number): number
  act(second: number): void
}

/** What the crowd knows. `fair` is the efficient price p* in ticks. */
export interface CrowdView {
  readonly tape: ScenarioTape
  readonly fair: () => number
  readonly activity: () => number
}

/** Providers, cancellations, noise takers and arbitrageurs, each with chance of their own. */
export function crowd(view: CrowdView, rng: Rng): readonly Agent[] {
  const live: number[] = []
  return [
    provider(view, 1, live, rng.fork('provider/buy')),
    provider(view, -1, live, rng.fork('provider/sell')),
    cancellation(view, live, rng.fork('cancel')),
    noiseTaker(view, 1, rng.fork('noise/buy')),
    noiseTaker(view, -1, rng.fork('noise/sell')),
    arbitrageur(view, live, rng.fork('arbitrage')),
  ]
}

function provider({ tape, fair, activity }: CrowdView, side: 1 | -1, live: number[], rng: Rng): Agent {
  const { providers, providerNoise, providerDistance } = AGENT_RATES
  return {
    rate: () => providers * activity(),
    act(second) {
      const away = Math.floor(-ln(1 - rng.next()) * providerDistance)
      const near = fair() + providerNoise * rng.normal()
      const wanted = (side > 0 ? Math.floor(near) : Math.ceil(near)) - side * away
      const { bestBid, bestAsk } = tape.book
      const price = side > 0 ? (bestAsk > 0 ? Math.min(wanted, bestAsk - 1) : wanted) : Math.max(wanted, bestBid + 1)
      const id = tape.submit(second, OWNER.PROVIDER, side, ORDER_TYPE.LIMIT, price, crowdLots(rng))
      if (id > 0) live.push(id)
    },
  }
}

/** Orders that have traded stay among the ids until drawn, as cancellations that find nothing: the rate of every other order is as it should be. */
function cancellation({ tape }: CrowdView, live: number[], rng: Rng): Agent {
  return {
    rate: () => AGENT_RATES.cancellation * live.length,
    act(second) {
      const place = rng.integer(0, live.length - 1)
      tape.cancel(second, live[place]!)
      live[place] = live.at(-1)!
      live.pop()
    },
  }
}

/** Market orders that excite more of their own side (Ogata 1981 thinning: the intensity only falls until it is asked again). */
function noiseTaker({ tape, activity }: CrowdView, side: 1 | -1, rng: Rng): Agent {
  const intensity = new HawkesIntensity(AGENT_RATES.noise, AGENT_RATES.branching, AGENT_RATES.halfLife)
  let bound = 0
  return {
    rate: (second) => (bound = intensity.at(second)) * activity(),
    act(second) {
      if (rng.next() * bound > intensity.at(second)) return
      intensity.excite()
      tape.submit(second, OWNER.NOISE, side, ORDER_TYPE.BEST_5_CANCEL, 0, crowdLots(rng))
    },
  }
}

/** Takes whatever is cheaper than p* or bids dearer, never beyond p* rounded inwards; what is left waits there like any other order. */
function arbitrageur({ tape, fair, activity }: CrowdView, live: number[], rng: Rng): Agent {
  const gap = (): number => {
    const { bestBid, bestAsk } = tape.book
    return bestBid > 0 && bestAsk > 0 ? fair() - (bestBid + bestAsk) / 2 : 0
  }
  return {
    rate: () => AGENT_RATES.arbitrage * Math.min(Math.abs(gap()), AGENT_RATES.arbitrageReach) * activity(),
    act(second) {
      const side = Math.sign(gap())
      if (side === 0) return
      const limit = side > 0 ? Math.floor(fair()) : Math.ceil(fair())
      const id = tape.submit(second, OWNER.ARBITRAGEUR, side, ORDER_TYPE.LIMIT, limit, crowdLots(rng))
      if (tape.book.leftOf(id) > 0) live.push(id)
    },
  }
}
