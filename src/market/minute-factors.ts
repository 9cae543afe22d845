import { keepNewest } from '#core/keep-newest.ts'
import { CONTINUOUS_MINUTES, VARIANCE_SHAPE } from './intraday-profile.ts'
import type { Stream } from './keyed-stream.ts'
import { FLASH_RETRACED } from './market-factors.ts'
import type { World } from './world.ts'

/** 分钟因子: what all stocks share in each minute of one day, as log returns that sum to the day's session return. */
export interface MinuteFactors {
  readonly market: Float64Array
  /** One row per sector. */
  readonly sectors: readonly Float64Array[]
}

/** Minute shocks: mostly calm, now and then large, unit variance; fourth moment 12.4 (spec simulator §4.2). */
const MIXTURE = [
  { below: 0.905, scale: 0.8 / 1.00792 },
  { below: 0.99, scale: 1.75 / 1.00792 },
  { below: 1, scale: 4.2 / 1.00792 },
] as const

const RETRACE_MINUTES = 60

/** Standard deviation of each minute as a part of the session's. */
const STEP = VARIANCE_SHAPE.map(Math.sqrt)

/** Days of a world’s minutes that are kept, 47 KB each: stocks are asked day by day, all on one day, or some over a quarter for a chart. */
const KEPT_DAYS = 64

const known = new WeakMap<World, Map<number, MinuteFactors>>()

/** The minute returns of the market and the sectors on one day of the world. */
export function minuteFactors(world: World, day: number): MinuteFactors {
  const days = known.getOrInsertComputed(world, () => new Map<number, MinuteFactors>())
  return days.get(day) ?? keepNewest(days, day, drawn(world, day), KEPT_DAYS)
}

/**
 * Minute shocks on the day's volatility profile whose sum is `total`: independent draws of standard deviation `sd` over the session, plus what is
 * missing to the total spread by variance. Written into `out`, one value per minute of continuous trading.
 */
export function minuteShocks(sd: number, total: number, isMixed: boolean, stream: Stream, out: Float64Array): void {
  let sum = 0
  for (let minute = 0; minute < CONTINUOUS_MINUTES; minute++) {
    const scale = isMixed ? mixture(stream.next()) : 1
    const shock = sd * STEP[minute]! * scale * stream.normal()
    out[minute] = shock
    sum += shock
  }
  const missing = total - sum
  for (let minute = 0; minute < CONTINUOUS_MINUTES; minute++) out[minute]! += missing * VARIANCE_SHAPE[minute]!
}

/** The scale of one minute's shock, from a uniform. */
export function mixture(u: number): number {
  return u < MIXTURE[0].below ? MIXTURE[0].scale : u < MIXTURE[1].below ? MIXTURE[1].scale : MIXTURE[2].scale
}

function drawn(world: World, day: number): MinuteFactors {
  const date = world.dates[day]!
  const { market, sectors, flash, drops } = world.factors
  const row = () => new Float64Array(CONTINUOUS_MINUTES)
  const whole = row()
  const depth = flash.depth[day]!
  const drop = drops.get(day)
  const planned = drop === undefined ? 0 : (1 - drop.retrace) * drop.depth
  minuteShocks(market.sd[day]!, market.session[day]! + (1 - FLASH_RETRACED) * depth + planned, true, world.stream('tick', 'MKT', date), whole)
  if (drop !== undefined) {
    const { from, length, retrace } = drop
    const back = Math.min(RETRACE_MINUTES, CONTINUOUS_MINUTES - from - length)
    hush(whole, from, length + (retrace > 0 ? back : 0))
    for (let minute = from; minute < from + length; minute++) whole[minute]! -= drop.depth / length
    for (let minute = from + length; minute < from + length + back; minute++) whole[minute]! += (retrace * drop.depth) / back
  }
  if (depth > 0) {
    const [from, length] = [flash.from[day]!, flash.length[day]!]
    const back = Math.min(RETRACE_MINUTES, CONTINUOUS_MINUTES - from - length)
    for (let minute = from; minute < from + length; minute++) whole[minute]! -= depth / length
    for (let minute = from + length; minute < from + length + back; minute++) whole[minute]! += (FLASH_RETRACED * depth) / back
  }
  return {
    market: whole,
    sectors: sectors.map((sector, k) => {
      const out = row()
      minuteShocks(sector.sd[day]!, sector.session[day]!, false, world.stream('tick', `sector ${k}`, date), out)
      if (drop !== undefined) hush(out, drop.from, drop.length)
      return out
    }),
  }
}

/** Nothing happens in a stretch of minutes: its shocks fall into the others. */
export function hush(out: Float64Array, from: number, length: number): void {
  let [removed, others] = [0, 1]
  for (let minute = from; minute < from + length; minute++) {
    removed += out[minute]!
    others -= VARIANCE_SHAPE[minute]!
    out[minute] = 0
  }
  for (let minute = 0; minute < CONTINUOUS_MINUTES; minute++)
    if (minute < from || minute >= from + length) out[minute]! += (removed * VARIANCE_SHAPE[minute]!) / others
}
