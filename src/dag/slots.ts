/** How much may run at once: in all, and per named pool. A pool without a number is bounded by `total` alone. */
export interface Limits {
  readonly total: number
  readonly pools?: Readonly<Record<string, number>>
}

/**
 * The places in which attempts run. Whoever waits is served by priority (lowest number first), and a waiting step of a full pool does not
 * hold up others. Invariant: never more than `total` taken, never more than its number per pool.
 */
export class Slots {
  readonly #limits: Limits
  readonly #waiting: { readonly priority: number; readonly pool: string | undefined; readonly enter: () => void }[] = []
  readonly #takenByPool = new Map<string, number>()
  #taken = 0

  /** Throws RangeError when a limit is not a whole number from 1: nothing could ever run. */
  constructor(limits: Limits) {
    for (const [name, limit] of [['total', limits.total] as const, ...Object.entries(limits.pools ?? {})])
      if (!(Number.isInteger(limit) && limit >= 1)) throw new RangeError(`Cannot bound what runs at once: ${name} is a whole number from 1, found ${limit}`)
    this.#limits = limits
  }

  /** Resolves when a place is ours; give it back with `leave`. */
  async enter(priority: number, pool: string | undefined): Promise<void> {
    await new Promise<void>((enter) => {
      const at = this.#waiting.findIndex((other) => other.priority > priority)
      this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, { priority, pool, enter })
      this.#admit()
    })
  }

  leave(pool: string | undefined): void {
    this.#count(pool, -1)
    this.#admit()
  }

  #admit(): void {
    for (;;) {
      const at = this.#waiting.findIndex(({ pool }) => this.#hasRoom(pool))
      if (at < 0) return
      const [next] = this.#waiting.splice(at, 1)
      this.#count(next!.pool, 1)
      next!.enter()
    }
  }

  #hasRoom(pool: string | undefined): boolean {
    if (this.#taken >= this.#limits.total) return false
    return pool === undefined || (this.#takenByPool.get(pool) ?? 0) < (this.#limits.pools?.[pool] ?? Infinity)
  }

  #count(pool: string | undefined, change: number): void {
    this.#taken += change
    if (pool !== undefined) this.#takenByPool.set(pool, (this.#takenByPool.get(pool) ?? 0) + change)
  }
}
