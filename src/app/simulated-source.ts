import type { Calendar } from '#core/calendar.ts'
import type { Clock } from '#core/clock.ts'
import { ConfigError, UsageError } from '#core/errors.ts'
import type { Source } from '#core/source.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { ForeignMarket } from '#market/foreign-symbols.ts'
import { toldOnce } from '#vendor/fault-log.ts'
import type { Script } from '#market/script.ts'
import { STRESS_FAULTS } from '#market/stress-faults.ts'
import { PRESETS, worldDigest, type Preset, type WorldSettings } from '#market/world.ts'
import { simulator } from '#sources/simulator.ts'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { App } from './app.ts'
import { checkedSource } from './checked-source.ts'
import { faultFile } from './fault-file.ts'
import { faultySource } from './faulty-source.ts'
import { scriptShape } from './script-file.ts'

/** The simulated world of this directory: fixed when it is first made, so that tomorrow only adds a day. */
export interface SimulatedWorld {
  readonly seed: number
  readonly size: number
  readonly firstDate: TradeDate
  /** Absent = realistic: what worlds are that were made before there was a choice. */
  readonly preset?: Preset
  /** 剧本: what was planted in it (spec simulator §12.4). */
  readonly script: Script
  /** Markets beside the Chinese one whose symbols it has; the ten classic tickers are in every world. No part of the digest: they touch no A share. */
  readonly profiles: readonly ForeignMarket[]
  /** 世界指纹 of the settings and of the generator that draws them (market/world.ts): equal digests, equal bytes. */
  readonly digest: string
}

/** What a new world is to be; absent parts have their defaults: seed 20260701, 300 stocks, the last 750 completed trading days. */
export interface WantedWorld {
  readonly seed?: number
  readonly size?: number
  readonly days?: number
  readonly preset?: Preset
  readonly profiles?: readonly ForeignMarket[]
}

/** Days with ticks at the end of the simulated history; the days before them have minutes, up to so many, and all earlier ones daily bars only. */
export const TICK_DAYS = 22
export const MINUTE_DAYS = 60

const DEFAULT_DAYS = 750
const shape = z.strictObject({
  seed: z.number().int(),
  size: z.number().int().min(1).max(6000),
  firstDate: z.number().int(),
  preset: z.enum(PRESETS).optional(),
  script: scriptShape.default([]),
  // Worlds made before there were other markets have none.
  profiles: z.array(z.enum(['hk', 'us', 'crypto'])).default([]),
  // Worlds made before digests were kept have none.
  digest: z.string().optional(),
})

/**
 * Read the world's settings, or settle and keep them. Throws ConfigError when the world was made by another version of the generator: its history would go on with
 * other numbers than it began with.
 */
export function settleWorld(root: string, calendar: Calendar, now: EpochMs, wanted: WantedWorld = {}): SimulatedWorld {
  const path = pathOf(root)
  if (!existsSync(path)) return replaceWorld(root, calendar, now, wanted)
  const { digest, preset, ...kept } = shape.parse(JSON.parse(readFileSync(path, 'utf8')))
  const world = withDigest({ ...kept, firstDate: kept.firstDate as TradeDate, ...(preset === undefined ? {} : { preset }) })
  if (digest !== world.digest)
    throw new ConfigError(
      `Cannot continue the simulated market in ${root}: a history goes on with the generator it began with, and this one was made by another version (${digest === undefined ? 'before versions were kept' : `digest ${digest.slice(0, 8)}, now ${world.digest.slice(0, 8)}`}). ` +
        `Remove that folder, everything in it can be made again, and run: fupan demo; or use another FUPAN_DATA_DIR`,
    )
  return world
}

/** Keep other settings than before, atomically. Only for a world that holds nothing yet: what was drawn with the old ones does not change. */
export function replaceWorld(root: string, calendar: Calendar, now: EpochMs, wanted: WantedWorld): SimulatedWorld {
  const firstDate = calendar.shift(calendar.lastCompleted(now), 1 - (wanted.days ?? DEFAULT_DAYS))
  const { preset } = wanted
  const world = {
    seed: wanted.seed ?? 20260701,
    size: wanted.size ?? 300,
    firstDate,
    ...(preset === undefined || preset === 'realistic' ? {} : { preset }),
    script: [],
    profiles: wanted.profiles ?? [],
  }
  return keep(pathOf(root), withDigest(world))
}

/** Keep a world with another script, atomically. Only where none of the days it touches is stored: what was drawn without it does not change. */
export function keepScript(root: string, world: SimulatedWorld, script: Script): SimulatedWorld {
  return keep(pathOf(root), withDigest({ ...world, script }))
}

/** Add markets to a world; what it holds stays as it is. */
export function addProfiles(root: string, world: SimulatedWorld, profiles: readonly ForeignMarket[]): SimulatedWorld {
  const joined = [...new Set([...world.profiles, ...profiles])].toSorted()
  return joined.length === world.profiles.length ? world : keep(pathOf(root), { ...world, profiles: joined })
}

function keep(path: string, world: SimulatedWorld): SimulatedWorld {
  const { script, ...plain } = world
  writeFileSync(`${path}.tmp`, `${JSON.stringify(script.length === 0 ? plain : world)}\n`)
  renameSync(`${path}.tmp`, path)
  return world
}

/** The settings of the simulated world; throws UsageError in the real one, which has none. */
export function simulatedWorld(app: Pick<App, 'world' | 'folders' | 'calendar' | 'clock'>, doing: string): SimulatedWorld {
  if (app.world !== 'sim') throw new UsageError(`Cannot ${doing} the simulated market: this is the real one, whose rows keep other rules. Ask with --world sim`)
  return settleWorld(app.folders.root, app.calendar, app.clock.now())
}

/** What decides the simulated market of a world, over the open dates up to a last one. */
export function settingsOf({ seed, size, firstDate, preset, script }: SimulatedWorld, calendar: Calendar, last: TradeDate): WorldSettings {
  return { seed, size, dates: calendar.dates(firstDate, last), ...(preset === undefined ? {} : { preset }), script }
}

/**
 * The simulator of a world, always up to the last completed trade date: a program that is left running finds the new day there. Under the stress preset its answers have faults, which are appended to `faults.jsonl` in the world's folder, and
 * its pages pass the checks of any vendor's.
 */
export function simulatedSource(root: string, world: SimulatedWorld, calendar: Calendar, clock: Pick<Clock, 'now'>): Source {
  const source = grown(
    () => calendar.lastCompleted(clock.now()),
    (last) => simulator(settingsOf(world, calendar, last)),
  )
  if (world.preset !== 'stress') return source
  const onFault = toldOnce(faultFile(join(root, 'faults.jsonl')))
  // Our own pages hold months: one that is cut off would lose them for good. Vendors' pages are cut in sim-vendors.ts.
  const faults = { ...STRESS_FAULTS, rates: { ...STRESS_FAULTS.rates, truncated_page: 0 } }
  return checkedSource(faultySource({ source, faults, seed: world.seed, onFault }))
}

/** A source that is made anew whenever there is a new last day. */
function grown(lastDay: () => TradeDate, make: (last: TradeDate) => Source): Source {
  let last = lastDay()
  let made = make(last)
  const current = () => {
    if (last !== lastDay()) made = make((last = lastDay()))
    return made
  }
  return { ...made, fetch: (request, signal) => current().fetch(request, signal), ticks: (date, codes, signal) => current().ticks(date, codes, signal) }
}

function pathOf(root: string): string {
  return join(root, 'world.json')
}

function withDigest(world: Omit<SimulatedWorld, 'digest'>): SimulatedWorld {
  const { seed, size, firstDate, preset, script } = world
  return { ...world, digest: worldDigest({ seed, size, dates: [firstDate], ...(preset === undefined ? {} : { preset }), script }) }
}
