import type { Calendar } from '#core/calendar.ts'
import { ConfigError } from '#core/errors.ts'
import type { Source } from '#core/source.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { ForeignMarket } from '#market/foreign-symbols.ts'
import { worldDigest } from '#market/world.ts'
import { simulator } from '#sources/simulator.ts'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The simulated world of this directory: fixed when it is first made, so that tomorrow only adds a day. */
export interface SimulatedWorld {
  readonly seed: number
  readonly size: number
  readonly firstDate: TradeDate
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
  readonly profiles?: readonly ForeignMarket[]
}

/** Days with ticks at the end of the simulated history; earlier days have daily bars only. */
export const TICK_DAYS = 22

const DEFAULT_DAYS = 750
const shape = z.strictObject({
  seed: z.number().int(),
  size: z.number().int().min(1).max(6000),
  firstDate: z.number().int(),
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
  const { digest, ...kept } = shape.parse(JSON.parse(readFileSync(path, 'utf8')))
  const world = withDigest({ ...kept, firstDate: kept.firstDate as TradeDate })
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
  return keep(root, withDigest({ seed: wanted.seed ?? 20260701, size: wanted.size ?? 300, firstDate, profiles: wanted.profiles ?? [] }))
}

/** Add markets to a world; what it holds stays as it is. */
export function addProfiles(root: string, world: SimulatedWorld, profiles: readonly ForeignMarket[]): SimulatedWorld {
  const joined = [...new Set([...world.profiles, ...profiles])].toSorted()
  return joined.length === world.profiles.length ? world : keep(root, { ...world, profiles: joined })
}

function keep(root: string, world: SimulatedWorld): SimulatedWorld {
  const path = pathOf(root)
  writeFileSync(`${path}.tmp`, `${JSON.stringify(world)}\n`)
  renameSync(`${path}.tmp`, path)
  return world
}

/** The simulator of a world, up to the last completed trade date. */
export function simulatedSource(world: SimulatedWorld, calendar: Calendar, now: EpochMs): Source {
  return simulator({ seed: world.seed, size: world.size, dates: calendar.dates(world.firstDate, calendar.lastCompleted(now)) })
}

function pathOf(root: string): string {
  return join(root, 'world.json')
}

function withDigest({ seed, size, firstDate, profiles }: Omit<SimulatedWorld, 'digest'>): SimulatedWorld {
  return { seed, size, firstDate, profiles, digest: worldDigest({ seed, size, dates: [firstDate] }) }
}
