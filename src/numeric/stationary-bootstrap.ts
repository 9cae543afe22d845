/** The generator a resampling needs: uniform in [0, 1). core/rng.ts `Rng` is one. */
export interface Uniform {
  next(): number
}

export interface ResamplingOptions {
  readonly draws: number
  /** Mean block length in periods; 1 = independent draws. */
  readonly meanBlock: number
}

/** Mean block of 10 days and 5,000 draws (spec backtest §7). */
export const DEFAULT_RESAMPLING: ResamplingOptions = { draws: 5000, meanBlock: 10 }

/**
 * Stationary bootstrap (Politis & Romano 1994): each draw is `count` positions, blocks of geometric length from uniform starts, wrapping
 * round the end. `visit` sees the same array each time: copy what you keep. One generator call per block for its start and one for its length.
 * Throws RangeError on no positions, no draws, or a mean block below 1.
 */
export function stationaryBootstrap(
  count: number,
  rng: Uniform,
  { draws, meanBlock }: ResamplingOptions,
  visit: (positions: Int32Array, draw: number) => void,
): void {
  if (!(count >= 1 && draws >= 1 && meanBlock >= 1))
    throw new RangeError(`Cannot resample: positions, draws and mean block must be at least 1, found ${count}, ${draws} and ${meanBlock}`)
  const positions = new Int32Array(count)
  const logStay = meanBlock === 1 ? -Infinity : Math.log(1 - 1 / meanBlock)
  for (let draw = 0; draw < draws; draw++) {
    for (let filled = 0; filled < count;) {
      let from = Math.floor(rng.next() * count)
      // Inverse of the geometric distribution: P(length > k) = (1 − 1/meanBlock)^k.
      const length = meanBlock === 1 ? 1 : 1 + Math.floor(Math.log(1 - rng.next()) / logStay)
      for (const to = Math.min(count, filled + length); filled < to; filled++) {
        positions[filled] = from
        if (++from === count) from = 0
      }
    }
    visit(positions, draw)
  }
}
