import type { TradeDate } from '#core/trade-date.ts'
import { ln } from '#numeric/fmath.ts'
import { sha256 } from '#numeric/sha256.ts'
import { canonicalScript, type Script } from './script.ts'
import { planScript, type ScriptPlan } from './script-plan.ts'
import { SECTORS } from './invented-name.ts'
import { Stream } from './keyed-stream.ts'
import { marketFactors, type FactorDrop, type MarketFactors, type StreamOf } from './market-factors.ts'
import { drawStock, type Stock } from './stock.ts'

/** 预设: the market as it is, or the same with five times the events and a crash in every sixty days (spec simulator §2.3). */
export const PRESETS = ['realistic', 'stress'] as const

export type Preset = (typeof PRESETS)[number]

/** Events of the stress preset per event of the realistic one. */
const STRESS_RATE = 5

/** What decides a simulated market, completely. */
export interface WorldSettings {
  readonly seed: number
  /** How many stocks are drawn; those that list after the last date are left out. */
  readonly size: number
  /** The open dates, ascending. A later end leaves earlier days unchanged; another first date is another world. */
  readonly dates: readonly TradeDate[]
  /** 牛熊周期: the slow cycle of months (spec simulator §4.2); on unless told otherwise. */
  readonly slowCycle?: boolean
  /** Mean daily rank correlation of the planted signal with the next day's return (spec simulator §7.2); 0.03 unless told otherwise. */
  readonly signalIc?: number
  /** Realistic unless told otherwise. */
  readonly preset?: Preset
  /** 剧本: what is planted at exact places (spec simulator §12.4); nothing unless given. */
  readonly script?: Script
  /** Correlation of a day's informed flow with the next day's return (spec simulator §9.6); 0.02 unless told otherwise. */
  readonly flowIc?: number
}

/** What a world is unless told otherwise. */
const USUAL = { slowCycle: true, signalIc: 0.03, preset: 'realistic', script: [], flowIc: 0.02 } as const satisfies Partial<WorldSettings>

/** Counts every change of the generator that changes a number: part of the digest. */
const ENGINE_VERSION = 5

/**
 * 世界指纹: 64 hexadecimal digits over what decides a world (spec simulator §2.1): two worlds with the same digest have the same bytes on the days both
 * have. The last date is no part of it, because a later end leaves earlier days unchanged.
 */
export function worldDigest(settings: WorldSettings): string {
  const { seed, size, dates, slowCycle, signalIc, preset, script, flowIc } = { ...USUAL, ...settings }
  // The default preset, the usual flow and no script are not written: worlds made before there were others keep their digests.
  const text = JSON.stringify([
    'fupan-sim',
    ENGINE_VERSION,
    seed,
    size,
    dates[0] ?? 0,
    slowCycle,
    signalIc,
    ...(preset === 'realistic' ? [] : [preset]),
    ...(script.length === 0 ? [] : [canonicalScript(script)]),
    ...(flowIc === USUAL.flowIc ? [] : [{ flowIc }]),
  ])
  return [...sha256(text)].map((word) => word.toString(16).padStart(8, '0')).join('')
}

/** 模拟市场: the stocks and what they share. Bars and ticks are computed from it, stock by stock. */
export interface World {
  readonly seed: number
  readonly dates: readonly TradeDate[]
  /** Index of each open date. */
  readonly dayOf: ReadonlyMap<TradeDate, number>
  /** Sorted by code. */
  readonly stocks: readonly Stock[]
  readonly factors: MarketFactors
  readonly signalIc: number
  /** Events per event of the realistic preset. */
  readonly eventRate: number
  readonly flowIc: number
  /** A stream of chance of this world, by purpose, entity and epoch. */
  readonly stream: StreamOf
  /** What is planted on which stock-days. */
  readonly script: ScriptPlan
}

/**
 * A market from a seed. Streams are keyed by purpose, code or sector, and date, so a larger world contains the smaller one unchanged.
 * Throws RangeError when the dates are empty or not ascending, or the size is outside 1…8000, UsageError when the script cannot be laid out over its days.
 */
export function createWorld(settings: WorldSettings): World {
  const { seed, size, dates, slowCycle, signalIc, preset, script, flowIc } = { ...USUAL, ...settings }
  if (!(Number.isInteger(size) && size >= 1 && size <= 8000))
    throw new RangeError(`Cannot create a simulated market: its size is a whole number from 1 to 8000, found ${size}`)
  if (dates.length === 0) throw new RangeError('Cannot create a simulated market: it needs at least one open date, found none')
  const disorder = dates.findIndex((date, day) => day > 0 && date <= dates[day - 1]!)
  if (disorder >= 0) throw new RangeError(`Cannot create a simulated market: open dates ascend, found ${dates[disorder]} after ${dates[disorder - 1]}`)
  const stream: StreamOf = (domain, entity = '', epoch = 0) => new Stream(seed, domain, entity, epoch)
  const eventRate = preset === 'stress' ? STRESS_RATE : 1
  const drawn = Array.from({ length: size }, (_, ordinal) => drawStock(seed, ordinal, dates)).filter((stock) => stock !== undefined)
  const dayOf = new Map(dates.map((date, day) => [date, day]))
  const stocks = drawn.toSorted((a, b) => (a.code < b.code ? -1 : 1))
  const plan = planScript(script, { dates, dayOf, stocks })
  return {
    seed,
    dates,
    dayOf,
    stocks,
    factors: marketFactors(
      stream,
      dates,
      SECTORS.map(({ name }) => name),
      slowCycle,
      { rate: eventRate, hasCrashes: preset === 'stress' },
      dropsOf(plan, stocks),
    ),
    signalIc,
    eventRate,
    flowIc,
    stream,
    script: plan,
  }
}

/** The drops of a script in terms of the market factor: the mean of the stocks falls by what is asked for. */
function dropsOf({ drops }: ScriptPlan, stocks: readonly Stock[]): ReadonlyMap<number, FactorDrop> {
  const loading = stocks.reduce((sum, { beta }) => sum + beta, 0) / Math.max(1, stocks.length)
  return new Map(Array.from(drops, ([day, { from, length, amp, retrace }]) => [day, { from, length, depth: -ln(1 - amp) / loading, retrace }]))
}
