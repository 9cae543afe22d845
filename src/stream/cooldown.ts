import type { Code } from '#core/code.ts'
import type { Detector, Sighting } from '#core/detector.ts'

/** The last sighting of a (stock, detector, kind) that was passed on. */
export interface CooldownEntry {
  readonly name: string
  /** Session seconds. */
  readonly seconds: number
  readonly confidence: number
}

/** While an opportunity is open the same sighting is passed on at most this often, in session seconds, unless it grew stronger. */
const REPEAT_SECONDS = 15

/** A sighting stronger by more than this is news at once (the duplicate step of spec intraday §11). */
const STRONGER_BY = 0.05

/**
 * 冷却: a condition that holds is seen again with every tick. A sighting opens an opportunity at most once per cooldown of its detector;
 * an open one hears it again every 15 seconds, so that it can insist, and at once when it grew stronger.
 */
export class Cooldown {
  readonly #last = new Map<string, CooldownEntry>()

  /** Whether the sighting goes on to the lifecycle; if so it counts as the last one. */
  admits(detector: Pick<Detector, 'name' | 'cooldownSeconds'>, code: Code, { kind, confidence }: Sighting, seconds: number, isOpen: boolean): boolean {
    const name = `${code}/${detector.name}/${kind}`
    const last = this.#last.get(name)
    const rests = last !== undefined && seconds - last.seconds < (isOpen ? REPEAT_SECONDS : detector.cooldownSeconds)
    if (rests && !(isOpen && confidence > last.confidence + STRONGER_BY)) return false
    this.#last.set(name, { name, seconds, confidence })
    return true
  }

  entries(): readonly CooldownEntry[] {
    return [...this.#last.values()]
  }

  restore(entries: readonly CooldownEntry[]): void {
    for (const entry of entries) this.#last.set(entry.name, entry)
  }
}
