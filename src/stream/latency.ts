/** Buckets per doubling: a reading is known to within 1/16. */
const STEPS = 16

/** From 1/16 µs to 2^27 µs (134 s); what lies outside is counted in the last bucket. */
const OCTAVES = 31

/**
 * 延迟直方图: how long something took, in microseconds. Constant memory, no allocation per reading, quantiles right to 6 %.
 * Histograms of several workers can be added.
 */
export class Latency {
  readonly #counts = new Float64Array(OCTAVES * STEPS)
  #total = 0
  #max = 0

  record(micros: number): void {
    const scaled = Math.max(1, micros * STEPS)
    const octave = Math.min(OCTAVES - 1, 31 - Math.clz32(scaled))
    const step = Math.min(STEPS - 1, Math.floor((scaled / 2 ** octave - 1) * STEPS))
    this.#counts[octave * STEPS + step]!++
    this.#total++
    if (micros > this.#max) this.#max = micros
  }

  get count(): number {
    return this.#total
  }

  get max(): number {
    return this.#max
  }

  /** The upper edge of the bucket below which the fraction `q` of the readings lies, µs; NaN without readings. */
  quantile(q: number): number {
    if (this.#total === 0) return NaN
    let left = Math.ceil(q * this.#total)
    for (let i = 0; i < this.#counts.length; i++) {
      left -= this.#counts[i]!
      if (left <= 0) return Math.min(this.#max, (2 ** Math.floor(i / STEPS) * (1 + ((i % STEPS) + 1) / STEPS)) / STEPS)
    }
    return this.#max
  }

  add(other: Latency): void {
    for (let i = 0; i < this.#counts.length; i++) this.#counts[i]! += other.#counts[i]!
    this.#total += other.#total
    this.#max = Math.max(this.#max, other.#max)
  }

  /** p50, p99 and the worst, µs. */
  summary(): { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number } {
    return { count: this.#total, p50: this.quantile(0.5), p99: this.quantile(0.99), max: this.#max }
  }
}
