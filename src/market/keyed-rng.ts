import type { Rng } from '#core/rng.ts'
import { Stream, type Domain } from './keyed-stream.ts'

/**
 * The keyed streams of the simulator as a generator that forks: a fork named `label` is the stream of the entity `entity/label`. What it draws is the same on every
 * machine to the last bit (spec simulator §2.1), so truth days and their scenarios can be drawn again anywhere.
 */
export function keyedRng(seed: number, domain: Domain, entity: string, epoch = 0): Rng {
  const stream = new Stream(seed, domain, entity, epoch)
  return {
    next: () => stream.next(),
    normal: () => stream.normal(),
    integer: (low, high) => stream.integer(low, high),
    fork: (label) => keyedRng(seed, domain, `${entity}/${label}`, epoch),
  }
}
