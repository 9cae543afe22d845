import type { Clock } from '#core/clock.ts'

/** 节拍: the time a live market lives in. */
export interface MarketPace {
  /** Time of the market, epoch ms. */
  now(): number
  /** Resolves when the market has reached an instant, or when the signal ends. `isQuiet`: nothing happens until then, so a played market jumps there. */
  until(at: number, isQuiet?: boolean): Promise<void>
}

/** A minute is over this long after its end (spec simulator §15.1). */
export const AFTER_MS = 300
/** Days the program was away that are made up for minute by minute; older ones come with the night. */
export const MOST_MISSED_DAYS = 10

/** Longest sleep: a computer that was asleep, or whose clock was set, is noticed after at most this. */
const NAP_MS = 60_000

/** The time of the clock. After a computer slept, or the clock was put forward, whatever was due is due at once; put back, the market waits for it. */
export function livedPace(clock: Clock, signal: AbortSignal): MarketPace {
  return {
    now: () => clock.now(),
    async until(at) {
      for (let left = at - clock.now(); left > 0 && !signal.aborted; left = at - clock.now()) await clock.sleep(Math.min(left, NAP_MS), signal)
    },
  }
}

/** At full speed other work gets a turn this often. */
const TURN = 8

/** Time that is played: `speed` seconds per second of the clock from `start` on, or as fast as it goes. It does not catch up on what the computer slept through. */
export function playedPace(clock: Clock, signal: AbortSignal, start: number, speed: number | 'max'): MarketPace {
  let marketAt = start
  let dueAt: number = clock.now()
  let steps = 0
  return {
    now: () => marketAt,
    async until(at, isQuiet = false) {
      if (at <= marketAt || signal.aborted) return
      if (speed === 'max') {
        if (++steps % TURN === 0) await clock.sleep(0, signal)
      } else if (isQuiet) dueAt = clock.now()
      else {
        dueAt = Math.max(dueAt + (at - marketAt) / speed, clock.now() - NAP_MS / speed)
        for (let left = dueAt - clock.now(); left > 0 && !signal.aborted; left = dueAt - clock.now()) await clock.sleep(Math.min(left, NAP_MS), signal)
      }
      if (!signal.aborted) marketAt = at
    },
  }
}

/** 差事: something that is due at instants of its own while the market waits for others. */
export interface Errand {
  /** When it is due next; Infinity = never again. */
  readonly nextAt: number
  /** Do everything that is due by an instant, in order: afterwards `nextAt` is later. */
  advance(to: number): Promise<void> | void
}

/** The same pace, whose waits are broken by errands; where several are due the earliest comes first, and a failure of one is that of the wait. */
export function paceWithErrands(pace: MarketPace, errands: readonly Errand[], signal: AbortSignal): MarketPace {
  return {
    now: () => pace.now(),
    async until(at, isQuiet) {
      while (!signal.aborted) {
        const next = errands.reduce<Errand | undefined>((first, each) => (first === undefined || each.nextAt < first.nextAt ? each : first), undefined)
        if (next === undefined || next.nextAt > at) break
        await pace.until(next.nextAt, isQuiet)
        if (signal.aborted) return
        await next.advance(Math.max(next.nextAt, pace.now()))
      }
      await pace.until(at, isQuiet)
    },
  }
}
