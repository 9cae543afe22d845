import type { TradeDate } from '#core/trade-date.ts'
import { exp } from '#numeric/fmath.ts'
import type { Stream, Domain } from './keyed-stream.ts'
import { LogMemory, MARKET_SCALES, SECTOR_SCALES, type MemoryScale } from './log-memory.ts'
import { beginRegime, walkRegimeDay } from './regime.ts'
import { STYLES } from './style-premia.ts'

/** Trading days of a year: converts annual drift and volatility into daily steps, nothing else. */
export const DAYS_PER_YEAR = 243

/** Share of a day's variance that falls overnight. */
const OVERNIGHT_SHARE = 0.24

/** Overnight standard deviation as a multiple of the session's. */
export const OVERNIGHT_SCALE = Math.sqrt(OVERNIGHT_SHARE / (1 - OVERNIGHT_SHARE))

/** A common factor, day by day: log returns and the log of its volatility multiplier. */
export interface FactorPath {
  readonly overnight: Float64Array
  readonly session: Float64Array
  /** Standard deviation of the session's return as it was known before. */
  readonly sd: Float64Array
  readonly logVolatility: Float64Array
}

/** 闪崩: a fall within minutes, most of it taken back within the hour (spec simulator §8). Depth in log terms of the market factor, 0 on other days. */
export interface FlashCrashes {
  readonly depth: Float64Array
  /** Minute of the session (0 …) at which it begins, and how long the fall lasts. */
  readonly from: Uint8Array
  readonly length: Uint8Array
}

/** 剧本里的急跌: planted at an exact place in place of a flash crash. Depth in log terms of the market factor, `retrace` the part taken back within the hour. */
export interface FactorDrop {
  readonly from: number
  readonly length: number
  readonly depth: number
  readonly retrace: number
}

/** Part of a flash crash that is taken back within the next hour. */
export const FLASH_RETRACED = 0.6

/** 股灾: windows of falling days of the stress preset (spec simulator §8), 1 on each of their days; never in the realistic market. */
export type Crashes = Uint8Array

/** 市场、板块、风格因子: what all stocks share. `cycleVolume` is the slow cycle's effect on traded volume. */
export interface MarketFactors {
  readonly market: FactorPath
  readonly sectors: readonly FactorPath[]
  /** Session return per unit of exposure, in the order of `STYLES`: the premium and its noise. */
  readonly styles: readonly Float64Array[]
  readonly flash: FlashCrashes
  readonly crash: Crashes
  /** By day. */
  readonly drops: ReadonlyMap<number, FactorDrop>
  /** 题材: 1 where a theme runs, one row per sector. */
  readonly themes: readonly Uint8Array[]
  readonly cycleVolume: Float64Array
  /** 慢周期: 0 bull, 1 bear, 2 range. */
  readonly cycle: Uint8Array
}

/** Where common factors get their chance from. */
export type StreamOf = (domain: Domain, entity?: string, epoch?: number) => Stream

const MARKET_SIGMA = 0.162
const SECTOR_SIGMA = 0.095

/** The market's volatility rises after falls: the equal-weight market shows corr(r, |r| next day) of −0.11 while single stocks show none (spec stylised-facts). */
const MARKET_LEVERAGE = -0.4

/** Falls of the market are larger than its rises (skewness about −1, spec stylised-facts): z − a (z² − 1), rescaled to unit variance. */
const MARKET_SKEW = 0.16

/** Slow bull/bear/range cycle (spec simulator §4.2, §5.2): monthly, stays with 0.90; drift per year and volume factor. */
const CYCLE = [
  { drift: 0.25, volume: 1.25 },
  { drift: -0.25, volume: 0.85 },
  { drift: 0, volume: 1 },
] as const

const POLICY_RATE = 4 / DAYS_PER_YEAR
const FLASH_RATE = 1 / DAYS_PER_YEAR
const THEME_RATE = 10 / DAYS_PER_YEAR
/** 题材 lasts this many trading days. */
export const THEME_DAYS = 5

/** One crash of 8 to 15 days in every sixty: −1.5 % a day, twice the volatility (spec simulator §8). */
const CRASH_EVERY = 60
const CRASH_DRIFT = -0.015
const CRASH_LOG_VOLATILITY = Math.LN2

/** What makes a market more or less eventful. */
export interface Eventfulness {
  /** Multiplies the rates of the events of spec simulator §8. */
  readonly rate: number
  /** Whether every sixty days have a crash. */
  readonly hasCrashes: boolean
}

/** Draw the common factors for the given open dates. Every entity and every date has its own draws: a later end leaves earlier days unchanged. */
export function marketFactors(
  streamOf: StreamOf,
  dates: readonly TradeDate[],
  sectors: readonly string[],
  slowCycle: boolean,
  { rate, hasCrashes }: Eventfulness = { rate: 1, hasCrashes: false },
  drops: ReadonlyMap<number, FactorDrop> = new Map(),
): MarketFactors {
  const cycle = slowCycle ? cycleStates(streamOf('regime', 'cycle'), dates) : new Uint8Array(dates.length).fill(2)
  const flash = flashCrashes(streamOf('event', 'flash'), dates, rate)
  for (const day of drops.keys()) flash.depth[day] = 0
  const crash = hasCrashes ? crashDays(streamOf('event', 'crash'), dates) : new Uint8Array(dates.length)
  const market = marketPath(streamOf, dates, cycle, flash, crash, rate)
  for (const [day, { depth, retrace }] of drops) market.session[day]! -= (1 - retrace) * depth
  return {
    market,
    sectors: sectors.map((name) => factorPath(streamOf, name, dates, SECTOR_SIGMA, SECTOR_SCALES, market.logVolatility)),
    styles: STYLES.map(({ name, premium, sigma }) => {
      const draws = streamOf('factor', name)
      return Float64Array.from(dates, (date) => premium / DAYS_PER_YEAR + (sigma / Math.sqrt(DAYS_PER_YEAR)) * draws.at(date).normal())
    }),
    flash,
    crash,
    drops,
    themes: sectorThemes(streamOf('event', 'theme'), dates, sectors.length, rate),
    cycle,
    cycleVolume: Float64Array.from(cycle, (state) => CYCLE[state]!.volume),
  }
}

function marketPath(streamOf: StreamOf, dates: readonly TradeDate[], cycle: Uint8Array, flash: FlashCrashes, crash: Crashes, rate: number): FactorPath {
  const path = emptyPath(dates.length)
  const [regimes, volatility, shocks, policy] = [streamOf('regime', 'MKT'), streamOf('vol', 'MKT'), streamOf('path', 'MKT'), streamOf('event', 'MKT')]
  const chain = beginRegime(regimes.at(0))
  const memory = new LogMemory(MARKET_SCALES, MARKET_LEVERAGE)
  memory.begin(volatility.at(0))
  let shock = 0
  for (const [day, date] of dates.entries()) {
    const regime = walkRegimeDay(chain, regimes.at(date))
    path.logVolatility[day] = memory.next(volatility.at(date), shock) + (crash[day] === 1 ? CRASH_LOG_VOLATILITY : 0)
    const sd = (MARKET_SIGMA * exp(path.logVolatility[day])) / Math.sqrt(DAYS_PER_YEAR)
    path.sd[day] = sd * Math.sqrt(regime.meanSquare)
    shocks.at(date)
    const night = skewed(shocks.heavyTailed())
    shock = skewed(shocks.normal())
    const news = policyNews(policy, date, rate)
    path.overnight[day] = sd * OVERNIGHT_SCALE * night + news
    path.session[day] = path.sd[day] * shock + (regime.drift + CYCLE[cycle[day]!]!.drift) / DAYS_PER_YEAR - (1 - FLASH_RETRACED) * flash.depth[day]!
    if (crash[day] === 1) path.session[day] += CRASH_DRIFT
  }
  return path
}

/** 政策与宏观: the log return of the market factor before the open; 0 on most days (spec simulator §8). */
export function policyNews(stream: Stream, date: TradeDate, rate = 1): number {
  stream.at(date)
  return stream.next() < rate * POLICY_RATE ? -0.002 + 0.018 * stream.normal() : 0
}

/** Sector returns have no drift of their own (spec simulator §4.2). */
function factorPath(
  streamOf: StreamOf,
  name: string,
  dates: readonly TradeDate[],
  sigma: number,
  scales: readonly MemoryScale[],
  marketLogVolatility: Float64Array,
): FactorPath {
  const path = emptyPath(dates.length)
  const [regimes, volatility, shocks] = [streamOf('regime', name), streamOf('vol', name), streamOf('path', name)]
  const chain = beginRegime(regimes.at(0))
  const memory = new LogMemory(scales, 0)
  memory.begin(volatility.at(0))
  for (const [day, date] of dates.entries()) {
    const regime = walkRegimeDay(chain, regimes.at(date))
    path.logVolatility[day] = memory.next(volatility.at(date), 0) + 0.5 * marketLogVolatility[day]!
    const sd = (sigma * exp(path.logVolatility[day])) / Math.sqrt(DAYS_PER_YEAR)
    path.sd[day] = sd * Math.sqrt(regime.meanSquare)
    shocks.at(date)
    path.overnight[day] = sd * OVERNIGHT_SCALE * shocks.heavyTailed()
    path.session[day] = path.sd[day] * shocks.normal()
  }
  return path
}

function emptyPath(days: number): FactorPath {
  return { overnight: new Float64Array(days), session: new Float64Array(days), sd: new Float64Array(days), logVolatility: new Float64Array(days) }
}

function skewed(z: number): number {
  const clipped = Math.max(-4, Math.min(4, z))
  return (z - MARKET_SKEW * (clipped * clipped - 1)) / Math.sqrt(1 + 2 * MARKET_SKEW * MARKET_SKEW)
}

function cycleStates(stream: Stream, dates: readonly TradeDate[]): Uint8Array {
  const states = new Uint8Array(dates.length)
  let state = stream.at(0).integer(0, 2)
  for (let day = 0; day < dates.length; day++) {
    const month = Math.floor(dates[day]! / 100)
    if (day > 0 && month !== Math.floor(dates[day - 1]! / 100) && stream.at(month).next() >= 0.9) state = (state + stream.integer(1, 2)) % 3
    states[day] = state
  }
  return states
}

function flashCrashes(stream: Stream, dates: readonly TradeDate[], rate: number): FlashCrashes {
  const flash = { depth: new Float64Array(dates.length), from: new Uint8Array(dates.length), length: new Uint8Array(dates.length) }
  for (const [day, date] of dates.entries()) {
    if (stream.at(date).next() >= rate * FLASH_RATE) continue
    flash.depth[day] = 0.03 + 0.03 * stream.next()
    flash.from[day] = stream.integer(5, 150)
    flash.length[day] = stream.integer(10, 20)
  }
  return flash
}

/** The windows of the crashes, each drawn at the first day of its sixty. */
function crashDays(stream: Stream, dates: readonly TradeDate[]): Crashes {
  const days = new Uint8Array(dates.length)
  for (let first = 0; first < dates.length; first += CRASH_EVERY) {
    const length = stream.at(dates[first]!).integer(8, 15)
    const from = first + stream.integer(5, CRASH_EVERY - 15)
    days.fill(1, from, from + length)
  }
  return days
}

/** A theme takes a random sector for five days; themes may overlap. */
function sectorThemes(stream: Stream, dates: readonly TradeDate[], sectors: number, rate: number): readonly Uint8Array[] {
  const themes = Array.from({ length: sectors }, () => new Uint8Array(dates.length))
  for (const [day, date] of dates.entries())
    if (stream.at(date).next() < rate * THEME_RATE) themes[stream.integer(0, sectors - 1)]!.fill(1, day, day + THEME_DAYS)
  return themes
}
