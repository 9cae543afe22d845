import type { TradeDate } from '#core/trade-date.ts'
import { FAULTS, FAULT_KINDS, type FaultConfig, type FaultKind } from './fault.ts'
import { Stream } from './keyed-stream.ts'

/** 故障计划: which faults hit what, decided by the seed, the entity and the date alone: asking in another order, or twice, gives the same faults. */
export interface FaultPlan {
  readonly config: FaultConfig
  rate(kind: FaultKind): number
  hasAny(kinds: readonly FaultKind[]): boolean
  /** Chance for one purpose and entity on a date, begun anew. The stream is shared: use it before asking for another of the same purpose and entity. */
  stream(purpose: string, entity: string, epoch: number): Stream
  /** The same chance in a stream of one's own, for draws that go on while others are made. */
  ownStream(purpose: string, entity: string, epoch: number): Stream
  /** Whether this kind hits the entity on the date; its further numbers are drawn from the stream. */
  hit(kind: FaultKind, entity: string, date: TradeDate): Stream | undefined
}

/**
 * A plan from a configuration and a seed (streams `fault`, spec simulator §2.2). Throws RangeError on a rate outside 0 … 1 and on kinds that compete for the same row,
 * record or request with more than 1 together.
 */
export function faultPlan(config: FaultConfig, seed: number): FaultPlan {
  const known = new Map<string, Stream>()
  const rate = (kind: FaultKind) => config.rates[kind] ?? 0
  for (const kind of FAULT_KINDS)
    if (!(rate(kind) >= 0 && rate(kind) <= 1)) throw new RangeError(`Cannot plan faults: a rate is a chance from 0 to 1, found ${rate(kind)} for ${kind}`)
  for (const unit of ['row', 'record', 'request'] as const) {
    const sum = FAULT_KINDS.filter((kind) => FAULTS[kind].unit === unit).reduce((total, kind) => total + rate(kind), 0)
    if (sum > 1 + 1e-9) throw new RangeError(`Cannot plan faults: one ${unit} has at most one, but the rates add up to ${sum}`)
  }
  const ownStream = (purpose: string, entity: string, epoch: number) => new Stream(seed, 'fault', `${purpose}|${entity}`, epoch)
  const stream = (purpose: string, entity: string, epoch: number) => {
    const key = `${purpose}|${entity}`
    const found = known.get(key)
    if (found !== undefined) return found.at(epoch)
    const made = ownStream(purpose, entity, epoch)
    known.set(key, made)
    return made
  }
  return {
    config,
    rate,
    hasAny: (kinds) => kinds.some((kind) => rate(kind) > 0),
    stream,
    ownStream,
    hit(kind, entity, date) {
      if (rate(kind) === 0) return undefined
      const draws = stream(kind, entity, date)
      return draws.next() < rate(kind) ? draws : undefined
    },
  }
}

/** The one of several competing kinds that a uniform `u` falls on, or none. */
export function pickFault<Kind extends FaultKind>(plan: FaultPlan, kinds: readonly Kind[], u: number): Kind | undefined {
  let below = 0
  for (const kind of kinds) {
    below += plan.rate(kind)
    if (u < below) return kind
  }
  return undefined
}
