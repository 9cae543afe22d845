import type { Clock } from '#core/clock.ts'
import type { Tick } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'

export interface ReplayOptions {
  readonly clock: Clock
  /** `max` = as fast as the target takes them; N = N seconds of the recorded day per second of the clock. */
  readonly speed: 'max' | number
  /** Ends the replay; what was pushed stays pushed. */
  readonly signal?: AbortSignal
  /** Holds the replay while paused. */
  readonly gate?: ReplayGate
  /** A stretch without ticks longer than this (ms of the recorded day, the lunch break above all) is skipped. Default one minute. */
  readonly maxIdleMs?: number
}

export interface ReplayOutcome {
  readonly type: 'done' | 'stopped'
  readonly ticks: number
  readonly lastAt: EpochMs | undefined
}

/** What a replay drives: a `Pipeline`, or anything that takes ticks. */
export interface TickTarget {
  push(batch: readonly Tick[]): void
}

/** At full speed other work gets a turn after this many ticks. */
const TURN = 2000

/**
 * 回放: push a recorded day into a target in the recorded order, paced by the injected clock. What the target sees is the same at every speed;
 * only the batches differ. Ends `stopped` when the signal fires, never throws for it.
 */
export async function replay(recorded: AsyncIterable<readonly Tick[]>, target: TickTarget, options: ReplayOptions): Promise<ReplayOutcome> {
  const { signal } = options
  const pace = options.speed === 'max' ? fullSpeed(options.clock, signal) : paced(options.clock, options.speed, options.maxIdleMs ?? 60_000, signal)
  let ticks = 0
  let lastAt: EpochMs | undefined
  for await (const batch of recorded) {
    for (let from = 0; from < batch.length;) {
      await options.gate?.passed(signal)
      if (signal?.aborted === true) return { type: 'stopped', ticks, lastAt }
      const to = await pace(batch, from)
      if (to === from) continue
      target.push(from === 0 && to === batch.length ? batch : batch.slice(from, to))
      ticks += to - from
      lastAt = batch[to - 1]!.at
      from = to
    }
  }
  return { type: signal?.aborted === true ? 'stopped' : 'done', ticks, lastAt }
}

/** How far into a batch may be pushed now: waits until at least one tick is due, or returns `from` when there is reason to look again. */
type Pace = (batch: readonly Tick[], from: number) => Promise<number>

function fullSpeed(clock: Clock, signal: AbortSignal | undefined): Pace {
  let sinceTurn = 0
  return async (batch, from) => {
    if (sinceTurn >= TURN) {
      sinceTurn = 0
      await clock.sleep(0, signal)
    }
    const to = Math.min(batch.length, from + TURN - sinceTurn)
    sinceTurn += to - from
    return to
  }
}

/** Longest sleep in ms of the clock, so that a pause is noticed soon. */
const NAP_MS = 100

function paced(clock: Clock, speed: number, maxIdleMs: number, signal: AbortSignal | undefined): Pace {
  if (!(speed > 0)) throw new RangeError(`Cannot replay at speed ${speed}: it is "max" or a positive number`)
  let recordedAt = NaN
  let playedUntil: number = clock.now()
  let lookedAt = playedUntil
  return async (batch, from) => {
    const now = clock.now()
    // Time spent paused does not count: the day goes on where it stood.
    if (now - lookedAt > 10 * NAP_MS) playedUntil += now - lookedAt
    lookedAt = now
    const next = batch[from]!.at
    if (Number.isNaN(recordedAt)) recordedAt = next
    const dueIn = playedUntil + Math.min(maxIdleMs, Math.max(0, next - recordedAt)) / speed - now
    if (dueIn > 0) {
      await clock.sleep(Math.min(dueIn, NAP_MS), signal)
      lookedAt = clock.now()
      return from
    }
    playedUntil += Math.min(maxIdleMs, Math.max(0, next - recordedAt)) / speed
    recordedAt = Math.max(recordedAt, next)
    const horizon = recordedAt + (now - playedUntil) * speed
    let to = from + 1
    while (to < batch.length && batch[to]!.at <= horizon) to++
    const last = batch[to - 1]!.at
    playedUntil += Math.max(0, last - recordedAt) / speed
    recordedAt = Math.max(recordedAt, last)
    return to
  }
}

/** 暂停: a gate that a replay passes before each push. */
export class ReplayGate {
  #opened: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined

  get isPaused(): boolean {
    return this.#opened !== undefined
  }

  pause(): void {
    this.#opened ??= Promise.withResolvers<void>()
  }

  resume(): void {
    this.#opened?.resolve()
    this.#opened = undefined
  }

  /** Resolves when the gate is open, or when the signal fires. */
  async passed(signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#opened === undefined || signal?.aborted === true) return
      const aborted = Promise.withResolvers<void>()
      const stop = (): void => aborted.resolve()
      signal?.addEventListener('abort', stop, { once: true })
      await Promise.race([this.#opened.promise, aborted.promise])
      signal?.removeEventListener('abort', stop)
    }
  }
}
