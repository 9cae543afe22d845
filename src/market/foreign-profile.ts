import { minutesOn } from '#core/market-day.ts'
import { segmentMinutes, sessionMinutes } from '#core/kline-interval.ts'
import { PROFILES } from '#core/market-profile.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { exp } from '#numeric/fmath.ts'
import type { ForeignMarket } from './foreign-symbols.ts'

/** 日内形状 of a session: what each of its minutes weighs. */
export interface SessionProfile {
  /** Multiplies the standard deviation of a minute; mean square 1. */
  readonly volatility: Float64Array
  /** Share of a full day's continuous volume; sums to the part of a full day this session is. */
  readonly volume: Float64Array
}

/** The weight of minute m in a session of so many: `lunch` is the last minute of the morning, Infinity without a break. */
type Weight = (m: number, minutes: number, lunch: number) => number

interface Shape {
  readonly volatility: Weight
  readonly volume: Weight
}

/** After lunch as in Shanghai (spec simulator §4.2, §5.2); New York’s U without a break; coins with a hump while New York is awake. */
const SHAPES: Readonly<Record<ForeignMarket, Shape>> = {
  hk: {
    volatility: (m, minutes, lunch) =>
      1 + 2.2 * exp(-(m - 1) / 6) + 0.9 * exp(-(m - 1) / 40) + (m > lunch ? 0.55 * exp(-(m - lunch - 1) / 8) : 0) + 0.25 * exp(-(minutes - m) / 15),
    volume: (m, minutes, lunch) =>
      1 + 1.2 * exp(-(m - 1) / 10) + 0.9 * exp(-(m - 1) / 50) + (m > lunch ? 0.55 * exp(-(m - lunch - 1) / 12) : 0) + 1.3 * exp(-(minutes - m) / 14),
  },
  us: {
    volatility: (m, minutes) => 1 + 2 * exp(-(m - 1) / 8) + 0.8 * exp(-(m - 1) / 45) + 0.5 * exp(-(minutes - m) / 20),
    volume: (m, minutes) => 1 + 1.5 * exp(-(m - 1) / 12) + 0.9 * exp(-(m - 1) / 60) + 1.6 * exp(-(minutes - m) / 18),
  },
  crypto: {
    volatility: (m) => 1 + 0.35 * awake(m),
    volume: (m) => 1 + 0.7 * awake(m),
  },
}

const known = new Map<string, SessionProfile>()

/** The profile of a day: of its own minutes, so that a half day opens and closes like a whole one. */
export function sessionProfile(market: ForeignMarket, date: TradeDate): SessionProfile {
  const minutes = minutesOn(market, date)
  return known.getOrInsertComputed(`${market} ${minutes}`, () => profileOf(market, minutes))
}

/** Minutes of a full session. */
export function fullMinutes(market: ForeignMarket): number {
  return sessionMinutes(PROFILES[market].session)
}

function profileOf(market: ForeignMarket, minutes: number): SessionProfile {
  const [morning, afternoon] = segmentMinutes(PROFILES[market].session)
  const lunch = afternoon === undefined ? Infinity : morning!
  const column = (value: Weight) => Float64Array.from({ length: minutes }, (_, at) => value(at + 1, minutes, lunch))
  const [volatility, volume] = [column(SHAPES[market].volatility), column(SHAPES[market].volume)]
  const size = Math.sqrt(volatility.reduce((sum, value) => sum + value * value, 0) / minutes)
  const whole = (volume.reduce((sum, value) => sum + value, 0) * fullMinutes(market)) / minutes
  return { volatility: volatility.map((value) => value / size), volume: volume.map((value) => value / whole) }
}

/** A bell around 16:00 UTC, four hours wide. */
function awake(m: number): number {
  const away = (m - 960) / 240
  return exp(-0.5 * away * away)
}
