import { ruleOn } from '#core/dated.ts'
import { PROFILES } from '#core/market-profile.ts'
import { tickSizes, type TickBand } from '#core/rules/tick-sizes.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { emptyBars, type Bars } from '#numeric/fold-bars.ts'
import { exp, ln } from '#numeric/fmath.ts'
import { classicAmount, generateNextKline } from './classic-kline.ts'
import { stepRegime, type ForeignFactor } from './foreign-factor.ts'
import { FOREIGN_MODELS, FOREIGN_SYMBOL_SCALES, SHARED_VOLATILITY, SHARED_VOLUME } from './foreign-model.ts'
import { fullMinutes, sessionProfile } from './foreign-profile.ts'
import type { ForeignSymbol } from './foreign-symbols.ts'
import { Stream } from './keyed-stream.ts'
import { LogMemory } from './log-memory.ts'
import { mixture } from './minute-factors.ts'
import { beginRegime, REGIMES, type RegimeState } from './regime.ts'

/** 检查点: all a symbol's next day follows from. Whole and plain, so it goes through JSON with the same bits. */
export interface ForeignCheckpoint {
  /** The price behind the last one traded: unrounded, in the market's currency. */
  readonly price: number
  readonly regime: RegimeState
  /** Components of the log-volatility; in the classic model, whose volatility is fixed, of the day's log-volume. */
  readonly levels: readonly number[]
}

/** Minute bars of one day in the market's currency: slot 0 is the opening auction where there is one, the closing auction is in the last minute. */
export interface ForeignDay extends Bars {
  readonly date: TradeDate
  readonly slot: Int32Array
}

/** A day as it is walked. */
export interface WalkedDay {
  readonly day: ForeignDay
  readonly after: ForeignCheckpoint
  /** Own volatility of the day per year, at a regime multiplier of 1. */
  readonly volatility: number
}

/** Prices are whole numbers of this part of a unit of currency inside: every tick is a multiple. */
const UNITS = 10_000

/** Volumes are whole shares: around this base a volume tells its multiple of it to a part in a billion. */
const FINE = 1e9

/** Log standard deviation of a classic day's volume beside what it remembers: with it, volume changes from day to day as much as a real share's. */
const DAY_NOISE = 0.18

/**
 * 分钟行情 of a foreign symbol, day after day. Every day has its own draws and follows from the checkpoint before it, so days made in one go, one by one, or alone
 * from a stored checkpoint are the same bytes.
 */
export class ForeignWalk {
  readonly #symbol: ForeignSymbol
  readonly #factor: ForeignFactor
  readonly #streams: Readonly<Record<'regime' | 'vol' | 'path' | 'volume', Stream>>
  readonly #memory = new LogMemory(FOREIGN_SYMBOL_SCALES, 0)

  constructor(seed: number, symbol: ForeignSymbol, factor: ForeignFactor) {
    const stream = (domain: 'regime' | 'vol' | 'path' | 'volume') => new Stream(seed, domain, symbol.code)
    this.#symbol = symbol
    this.#factor = factor
    this.#streams = { regime: stream('regime'), vol: stream('vol'), path: stream('path'), volume: stream('volume') }
  }

  /** Where the symbol stands before the world's first day. */
  begin(): ForeignCheckpoint {
    const { basePrice } = this.#symbol
    const regime = beginRegime(this.#streams.regime.at(0))
    const price = basePrice * exp(0.1 * this.#streams.path.at(0).normal())
    this.#memory.begin(this.#streams.vol.at(0))
    return { price, regime, levels: [...this.#memory.levels] }
  }

  /** One day, `at` its index in the world's dates. */
  day(before: ForeignCheckpoint, at: number, date: TradeDate): WalkedDay {
    return this.#symbol.preset === 'classic' ? this.#classic(before, date) : this.#realistic(before, at, date)
  }

  /**
   * Spec simulator §4.1 and §5.1 bar by bar: one regime chain, normal steps, no auction, no profile, the day begins where the one before ended. The base of its volumes is the day's:
   * it remembers the days before and rises with how far the day goes. That is known when its prices are, so volumes are drawn as multiples of the base.
   */
  #classic(before: ForeignCheckpoint, date: TradeDate): WalkedDay {
    const { market, sigma, dailyVolume } = this.#symbol
    const { daysPerYear } = PROFILES[market]
    const minutes = fullMinutes(market)
    const request = { baseVolume: FINE, sigma, dt: 1 / (minutes * daysPerYear), rng: this.#streams.path.at(date) }
    const changes = this.#streams.regime.at(date)
    const day = emptyDay(date, sessionProfile(market, date).volume.length, 1)
    const regime = { ...before.regime }
    let { price } = before
    for (let i = 0; i < day.slot.length; i++) {
      const bar = generateNextKline({ ...request, price, state: regime.state })
      day.open[i] = bar.open
      day.high[i] = bar.high
      day.low[i] = bar.low
      day.close[i] = bar.close
      day.volume[i] = bar.volume
      price = bar.price
      stepRegime(regime, changes)
    }
    this.#memory.levels.set(before.levels)
    const calm = this.#memory.next(this.#streams.vol.at(date), 0) + DAY_NOISE * this.#streams.volume.at(date).normal()
    const eager = 0.78 + 0.22 * Math.min(5, (Math.abs(ln(price / before.price)) / sigma) * Math.sqrt(daysPerYear))
    const base = (dailyVolume / minutes) * exp(calm) * eager
    for (let i = 0; i < day.slot.length; i++) {
      day.volume[i] = Math.round((day.volume[i]! / FINE) * base)
      day.amount[i] = classicAmount(day.volume[i]!, day.open[i]!, day.high[i]!, day.low[i]!, day.close[i]!)
    }
    return { day, after: { price, regime, levels: [...this.#memory.levels] }, volatility: sigma }
  }

  #realistic(before: ForeignCheckpoint, at: number, date: TradeDate): WalkedDay {
    const { market, sigma, beta, lot, dailyVolume } = this.#symbol
    const { daysPerYear } = PROFILES[market]
    const { overnightShare, openAuction, closeAuction } = FOREIGN_MODELS[market]
    const factor = this.#factor.day(at)
    const { volatility, volume: weight } = sessionProfile(market, date)
    const dt = 1 / (fullMinutes(market) * daysPerYear)
    this.#memory.levels.set(before.levels)
    const own = this.#memory.next(this.#streams.vol.at(date), 0) + SHARED_VOLATILITY * factor.logVolatility
    const scale = sigma * exp(own)
    const path = this.#streams.path.at(date)
    const night =
      overnightShare === 0 ? 0 : beta * factor.overnight + scale * Math.sqrt(overnightShare / (1 - overnightShare) / daysPerYear) * path.heavyTailed()
    const chance = this.#streams.volume.at(date)
    const usual = dailyVolume * exp(0.25 * chance.normal() + SHARED_VOLUME * factor.logVolatility) * (1 + (0.6 * Math.abs(night)) / 0.02)
    const changes = this.#streams.regime.at(date)
    const regime = { ...before.regime }
    const hasAuction = openAuction > 0
    const bands = ruleOn(tickSizes, market, date)
    const day = emptyDay(date, weight.length, hasAuction ? 0 : 1)

    let price = before.price * exp(night)
    const first = observed(price, bands)
    let last = first
    const put = (i: number, open: number, high: number, low: number, close: number, volume: number) => {
      day.open[i] = open / UNITS
      day.high[i] = high / UNITS
      day.low[i] = low / UNITS
      day.close[i] = close / UNITS
      const lots = Math.max(1, Math.round(volume / lot))
      const traded = lot < 1 ? lots / Math.round(1 / lot) : lots * lot
      day.volume[i] = traded
      // Between low and high, whole units as they are: so is what was paid per share.
      day.amount[i] = (traded * Math.round((open + high + low + close) / 4)) / UNITS
    }
    if (hasAuction) put(0, first, first, first, first, openAuction * usual)
    for (let m = 0; m < weight.length; m++) {
      const { drift, volatility: multiplier, volume: crowd } = REGIMES[regime.state]
      const sd = scale * multiplier * volatility[m]! * Math.sqrt(dt) * mixture(path.next())
      const move = beta * factor.minutes[m]! + drift * dt + sd * path.normal()
      const after = price * exp(move)
      // The extremes of a Brownian bridge (spec simulator §4.1), in logs of the price before.
      const spread = 2 * (sd * sd + beta * beta * factor.sd[m]! * factor.sd[m]!)
      const rise = (move + Math.sqrt(move * move + spread * path.exponential())) / 2
      const fall = (move - Math.sqrt(move * move + spread * path.exponential())) / 2
      const [open, close] = [last, observed(after, bands)]
      const high = Math.max(open, close, observed(price * exp(rise), bands))
      const low = Math.min(open, close, observed(price * exp(fall), bands))
      const even = usual * weight[m]!
      const moved = 100 * Math.abs(close / open - 1)
      const traded = Math.max(0.3 * even, ((even * (1 + 10 * moved)) / 2) * (0.7 + 0.6 * chance.next()) * crowd)
      const closing = m === weight.length - 1 ? closeAuction * usual : 0
      put(hasAuction ? m + 1 : m, open, high, low, close, traded + closing)
      last = close
      price = after
      stepRegime(regime, changes)
    }
    return { day, after: { price, regime, levels: [...this.#memory.levels] }, volatility: scale }
  }
}

/** A price on the tick, half up, never below one tick, in units. */
function observed(price: number, bands: readonly TickBand[]): number {
  let band = 0
  while (price > bands[band]!.upTo) band++
  const tick = Math.round(bands[band]!.tick * UNITS)
  return Math.max(tick, Math.floor((price * UNITS) / tick + 0.5) * tick)
}

function emptyDay(date: TradeDate, minutes: number, firstSlot: 0 | 1): ForeignDay {
  const length = minutes + 1 - firstSlot
  const bars = emptyBars(length)
  bars.trades.fill(NaN)
  const slot = new Int32Array(length)
  for (let i = 0; i < length; i++) slot[i] = i + firstSlot
  return { date, slot, ...bars }
}
