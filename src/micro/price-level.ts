import { toTick } from '#core/milli.ts'
import type { TradeDate } from '#core/trade-date.ts'

/** 日线 of one stock, raw prices in CNY, ascending dates, free of NaN; suspended days are absent. `day` numbers market days, so that ages are trading days. */
export interface LevelBars {
  readonly length: number
  readonly date: ArrayLike<number>
  readonly day: ArrayLike<number>
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  /** Shares, not adjusted. */
  readonly volume: Float64Array
  /** 复权因子, cumulative: x · adjFactor compares across days. */
  readonly adjFactor: Float64Array
}

/** One confirmed swing that made a level; price in CNY in the basis of the calculation day. */
export interface LevelMember {
  readonly date: TradeDate
  readonly side: 'high' | 'low'
  readonly price: number
}

/** 关键价位: a row of `abu_price_levels` (spec microstructure §8). */
export interface PriceLevel {
  /** 16 hex digits from code, date and side of the oldest swing; kept from one calculation day to the next. */
  readonly id: string
  /** Whole 厘 in the price basis of the calculation day, on the tick. */
  readonly price: number
  readonly type: 'support' | 'resistance' | 'flip'
  /** Of a flip R2S (阻力转支撑); of an overhead level that was support S2R. */
  readonly flipDir?: 'R2S' | 'S2R'
  /** With `flipDir`: the day whose close showed the break. */
  readonly breakDate?: TradeDate
  /** 0 to 1; for display and the choice of levels to watch (§8, "what the levels are worth"). */
  readonly strength: number
  /** Number of swings. */
  readonly swings: number
  /** Touch events whose outcome is known, and those of them held and broken. */
  readonly touched: number
  readonly held: number
  readonly broken: number
  /** The oldest swing. */
  readonly firstDate: TradeDate
  /** The last bar that touched; before any has, the newest swing. */
  readonly lastTouch: TradeDate
  /** Half-width in CNY within which two prices are one level. */
  readonly tol: number
  /** Oldest first. */
  readonly members: readonly LevelMember[]
}

/** Settings of spec microstructure §8. Lengths in bars, ages in trading days. */
export interface LevelParams {
  readonly window: number
  readonly minBars: number
  readonly atrPeriod: number
  /** tol = max(tolAtr · ATR, tolClose · close, tolTicks ticks). */
  readonly tolAtr: number
  readonly tolClose: number
  readonly tolTicks: number
  readonly halfWidth: number
  readonly swingAtr: number
  readonly ageHalfLife: number
  readonly volumeWindow: number
  readonly volumeFloor: number
  readonly volumeCap: number
  /** A cluster of one swing needs this weight. */
  readonly loneWeight: number
  /** Half-width of a touch and of the zone in which the role is kept, as a fraction. */
  readonly band: number
  readonly eventGap: number
  readonly outcomeBars: number
  readonly outcomeAtr: number
  readonly roleBars: number
  readonly flipDays: number
  readonly touchHalfLife: number
  readonly strengthWeight: number
  readonly strengthHeld: number
  readonly strengthRecent: number
  /** Farthest distance from the close, as a fraction. */
  readonly reach: number
  readonly perSide: number
}

/** The defaults of spec microstructure §8. */
export const LEVEL_PARAMS: LevelParams = Object.freeze({
  window: 250,
  minBars: 60,
  atrPeriod: 14,
  tolAtr: 0.5,
  tolClose: 0.006,
  tolTicks: 2,
  halfWidth: 5,
  swingAtr: 1,
  ageHalfLife: 60,
  volumeWindow: 20,
  volumeFloor: 0.5,
  volumeCap: 3,
  loneWeight: 0.8,
  band: 0.005,
  eventGap: 3,
  outcomeBars: 3,
  outcomeAtr: 1,
  roleBars: 5,
  flipDays: 60,
  touchHalfLife: 60,
  strengthWeight: 0.5,
  strengthHeld: 0.3,
  strengthRecent: 0.2,
  reach: 0.25,
  perSide: 4,
})

/** A weighted mean that is a half tick on paper is one only to the last bits. 厘. */
const DUST = 1e-6

/** A price in 厘 on the tick, half up; what misses the half by rounding dust counts as the half. */
export function levelOnTick(milli: number, tick: number): number {
  return toTick(milli + DUST, tick)
}

/** 除权换算: a level price (whole 厘) of a calculation day in the price basis of day d: round_tick(L · F_calc ÷ F_d) (spec microstructure §8). `tick` in 厘. */
export function rebaseLevel(price: number, factorCalc: number, factorDay: number, tick: number): number {
  return levelOnTick((price * factorCalc) / factorDay, tick)
}

/** Levels of a calculation day in the price basis of another day: price on the tick; tol and members by the ratio of the factors alone. */
export function rebaseLevels(levels: readonly PriceLevel[], factorCalc: number, factorDay: number, tick: number): readonly PriceLevel[] {
  if (factorCalc === factorDay) return levels
  const ratio = factorCalc / factorDay
  return levels.map((level) => ({
    ...level,
    price: rebaseLevel(level.price, factorCalc, factorDay, tick),
    tol: level.tol * ratio,
    members: level.members.map((member) => ({ ...member, price: member.price * ratio })),
  }))
}
