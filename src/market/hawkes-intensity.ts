import { exp } from '#numeric/fmath.ts'

/**
 * 自激强度 (Hawkes 1971): events come at a base rate, and each raises the rate by `branching · β`, which decays with its half-life (β = ln 2 / half-life).
 * `branching` is the mean number of events one event brings about itself. Times in seconds, never going back. Throws RangeError when it is not
 * below 1, because the flow would explode.
 */
export class HawkesIntensity {
  readonly #base: number
  readonly #decay: number
  readonly #jump: number
  #excited = 0
  #at = 0

  constructor(base: number, branching: number, halfLife: number) {
    if (!(branching >= 0 && branching < 1) || !(base > 0 && halfLife > 0))
      throw new RangeError(`Cannot excite orders: base and half-life are positive and the branching ratio below 1, found ${base}, ${halfLife}, ${branching}`)
    this.#base = base
    this.#decay = Math.LN2 / halfLife
    this.#jump = branching * this.#decay
  }

  /** Events per second at a time; until the next event it only falls, so it bounds what follows. */
  at(time: number): number {
    this.#excited *= exp(-this.#decay * (time - this.#at))
    this.#at = time
    return this.#base + this.#excited
  }

  /** An event happened at the time last asked for. */
  excite(): void {
    this.#excited += this.#jump
  }
}
