import type { Calendar } from '#core/calendar.ts'
import type { Source } from '#core/source.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { simulator } from '#sources/simulator.ts'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The simulated world of this directory: fixed when it is first made, so that tomorrow only adds a day. */
export interface SimulatedWorld {
  readonly seed: number
  readonly size: number
  readonly firstDate: TradeDate
}

/** Days with ticks at the end of the simulated history; earlier days have daily bars only. */
export const TICK_DAYS = 22

const DEFAULT_DAYS = 750
const shape = z.strictObject({ seed: z.number().int(), size: z.number().int().min(1).max(6000), firstDate: z.number().int() })

/** Read the world's settings, or settle and keep them: by default 300 stocks over the last 750 completed trading days. */
export function settleWorld(
  root: string,
  calendar: Calendar,
  now: EpochMs,
  wanted: { readonly seed?: number; readonly size?: number; readonly days?: number } = {},
): SimulatedWorld {
  const path = join(root, 'world.json')
  if (existsSync(path)) return shape.parse(JSON.parse(readFileSync(path, 'utf8'))) as SimulatedWorld
  const firstDate = calendar.shift(calendar.lastCompleted(now), 1 - (wanted.days ?? DEFAULT_DAYS))
  const world: SimulatedWorld = { seed: wanted.seed ?? 20260701, size: wanted.size ?? 300, firstDate }
  writeFileSync(`${path}.tmp`, `${JSON.stringify(world)}\n`)
  renameSync(`${path}.tmp`, path)
  return world
}

/** The simulator of a world, up to the last completed trade date. */
export function simulatedSource(world: SimulatedWorld, calendar: Calendar, now: EpochMs): Source {
  return simulator({ seed: world.seed, size: world.size, dates: calendar.dates(world.firstDate, calendar.lastCompleted(now)) })
}
