import type { TickDay } from '#core/tick.ts'

/** 观察带: prices in 厘, both ends inside. */
export interface VisitBand {
  readonly level: number
  readonly low: number
  readonly high: number
}

/** One stay of the price in a band, as positions in the ticks. */
export interface BandVisit {
  readonly entry: number
  /** The first tick outside for good, and the tick that made it final; the last tick for both while the visit is open. */
  readonly exit: number
  readonly confirm: number
  readonly isOpen: boolean
}

/** Out for good beyond this part of the level or after this time; back within these is the same visit (spec microstructure §9.1). */
const HYSTERESIS = 0.001
const CONFIRM_MS = 60_000
const REARM = 0.01
const REARM_MS = 300_000

/** The band of half width `ratio` around a level, on a tick of `tick` 厘. */
export function visitBand(level: number, ratio: number, tick: number): VisitBand {
  const reach = Math.max(1, Math.floor((level * ratio) / tick + 1e-9)) * tick
  return { level, low: level - reach, high: level + reach }
}

/**
 * 造访: the visits of a tape to a band, for truth tables: the tape is cut into stretches that stay above, in or below the band, and stretches are joined to visits.
 * Written apart from the state machine of the measures, which is tested against it. All ticks must lie in one half of a trading day.
 */
export function bandVisits(ticks: TickDay, { level, low, high }: VisitBand): BandVisit[] {
  const stretches = stretchesOf(ticks, low, high)
  const visits: { entry: number; exit: number; confirm: number; isOpen: boolean }[] = []
  let farthest = 0
  for (const { position, from, to } of stretches) {
    const current = visits.at(-1)
    if (position === 0) {
      const isBack = current !== undefined && !current.isOpen && farthest < REARM * level && ticks.at[from]! - ticks.at[current.exit]! < REARM_MS
      if (isBack) current.isOpen = true
      else if (current === undefined || !current.isOpen) visits.push({ entry: from, exit: from, confirm: from, isOpen: true })
      continue
    }
    if (current?.isOpen === true) {
      const confirm = confirmOf(ticks, from, to, position > 0 ? high : low, Math.max(10, HYSTERESIS * level))
      if (confirm < 0) continue
      Object.assign(current, { exit: from, confirm, isOpen: false })
      farthest = 0
    }
    for (let i = from; i < to; i++) farthest = Math.max(farthest, Math.abs(ticks.price[i]! - level))
  }
  const last = visits.at(-1)
  if (last?.isOpen === true) Object.assign(last, { exit: ticks.length - 1, confirm: ticks.length - 1 })
  return visits
}

function stretchesOf(ticks: TickDay, low: number, high: number): { readonly position: number; readonly from: number; to: number }[] {
  const stretches: { readonly position: number; readonly from: number; to: number }[] = []
  for (let i = 0; i < ticks.length; i++) {
    const position = ticks.price[i]! > high ? 1 : ticks.price[i]! < low ? -1 : 0
    const current = stretches.at(-1)
    if (current?.position === position) current.to = i + 1
    else stretches.push({ position, from: i, to: i + 1 })
  }
  return stretches
}

/** The tick of a stretch outside that is far or late enough to end a visit; -1 when none is. */
function confirmOf(ticks: TickDay, from: number, to: number, edge: number, hysteresis: number): number {
  for (let i = from; i < to; i++) if (Math.abs(ticks.price[i]! - edge) >= hysteresis || ticks.at[i]! - ticks.at[from]! >= CONFIRM_MS) return i
  return -1
}
