import { keepNewest } from '#core/keep-newest.ts'
import { PROFILES } from '#core/market-profile.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { exp } from '#numeric/fmath.ts'
import { FOREIGN_MARKET_SCALES, FOREIGN_MODELS } from './foreign-model.ts'
import { fullMinutes, sessionProfile } from './foreign-profile.ts'
import type { ForeignMarket } from './foreign-symbols.ts'
import { Stream } from './keyed-stream.ts'
import { LogMemory } from './log-memory.ts'
import { mixture } from './minute-factors.ts'
import { beginRegime, nextRegime, REGIMES, regimeTimer, type RegimeState } from './regime.ts'

/** A day of the market factor: log returns, and what each minute's shock could have been. */
export interface FactorDay {
  readonly overnight: number
  readonly minutes: Float64Array
  /** Standard deviation of each minute's shock, the scale it drew included: what a path between its ends moves by. */
  readonly sd: Float64Array
  readonly logVolatility: number
}

/** Where the factor stands before a day. */
interface FactorState {
  readonly regime: RegimeState
  readonly levels: readonly number[]
  /** The day before's own standardised shock. */
  readonly shock: number
}

/** Days that are kept drawn: symbols are asked day by day, or all of a day. */
const KEPT_DAYS = 4

/**
 * 市场因子 of a foreign market (spec simulator §4.2): regimes stepped minute by minute, log-volatility that answers the factor's own shocks, minute shocks of mixed
 * scale on the day's profile. Every day has its own draws and follows from the state before it, so any day can be drawn again alone.
 */
export class ForeignFactor {
  readonly #market: ForeignMarket
  readonly #dates: readonly TradeDate[]
  readonly #states: FactorState[] = []
  readonly #drawn = new Map<number, FactorDay>()
  readonly #memory: LogMemory
  readonly #streams: Readonly<Record<'regime' | 'vol' | 'path', Stream>>

  constructor(seed: number, market: ForeignMarket, dates: readonly TradeDate[]) {
    const stream = (domain: 'regime' | 'vol' | 'path') => new Stream(seed, domain, `MKT.${market}`)
    this.#market = market
    this.#dates = dates
    this.#streams = { regime: stream('regime'), vol: stream('vol'), path: stream('path') }
    this.#memory = new LogMemory(FOREIGN_MARKET_SCALES, FOREIGN_MODELS[market].leverage)
    this.#memory.begin(this.#streams.vol.at(0))
    this.#states.push({ regime: beginRegime(this.#streams.regime.at(0)), levels: [...this.#memory.levels], shock: 0 })
  }

  /** The factor on the day of an index, 0 = the world's first. */
  day(at: number): FactorDay {
    for (let before = this.#states.length - 1; before < at; before++) this.#draw(before)
    return this.#drawn.get(at) ?? this.#draw(at)
  }

  #draw(at: number): FactorDay {
    const [state, date] = [this.#states[at]!, this.#dates[at]!]
    const { sigma, overnightShare } = FOREIGN_MODELS[this.#market]
    const { daysPerYear } = PROFILES[this.#market]
    const dt = 1 / (fullMinutes(this.#market) * daysPerYear)
    this.#memory.levels.set(state.levels)
    const logVolatility = this.#memory.next(this.#streams.vol.at(date), state.shock)
    const scale = sigma * exp(logVolatility)
    const path = this.#streams.path.at(date)
    const overnight = overnightShare === 0 ? 0 : scale * Math.sqrt(overnightShare / (1 - overnightShare) / daysPerYear) * path.heavyTailed()
    const { volatility } = sessionProfile(this.#market, date)
    const [minutes, sd] = [new Float64Array(volatility.length), new Float64Array(volatility.length)]
    const regime = { ...state.regime }
    const changes = this.#streams.regime.at(date)
    let [shocks, variance] = [0, 0]
    for (let m = 0; m < minutes.length; m++) {
      const { drift, volatility: multiplier } = REGIMES[regime.state]
      const step = scale * multiplier * volatility[m]! * Math.sqrt(dt)
      sd[m] = step * mixture(path.next())
      const shock = sd[m]! * path.normal()
      minutes[m] = drift * dt + shock
      shocks += shock
      variance += step * step
      stepRegime(regime, changes)
    }
    if (this.#states.length === at + 1) this.#states.push({ regime, levels: [...this.#memory.levels], shock: shocks / Math.sqrt(variance) })
    return keepNewest(this.#drawn, at, { overnight, minutes, sd, logVolatility }, KEPT_DAYS)
  }
}

/** One trading minute of a chain: at the end of its timer it may change. */
export function stepRegime(regime: RegimeState, stream: Stream): void {
  regime.timer -= 1
  if (regime.timer > 0) return
  regime.state = nextRegime(regime.state, stream.next())
  regime.timer = regimeTimer(stream)
}
