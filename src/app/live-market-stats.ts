import type { EpochMs } from '#core/trade-date.ts'

/** Times that wait for a reader of `/metrics`; the oldest go first. */
const MOST_KEPT = 5000

/** What the live simulated market has done in this process: read by `/metrics` and `/readyz`. */
export class LiveMarketStats {
  isRunning = false
  minutes = 0
  /** Seconds spent on making days and committing minutes. */
  readonly generationSeconds: number[] = []
  readonly aggregationSeconds: number[] = []
  incompleteBuckets = 0
  rows: Readonly<Record<string, number>> = {}
  regimes: Readonly<Record<string, number>> = {}
  activeSymbols = 0
  lastBarAt: number | undefined
  /** When the next minute is due by the clock; absent in a played market, which is never late. */
  dueAt: number | undefined

  /** Seconds the market is behind the clock; 0 when nothing is due. */
  lag(now: EpochMs): number {
    return this.isRunning && this.dueAt !== undefined ? Math.max(0, (now - this.dueAt) / 1000) : 0
  }

  wrote(table: string, rows: number): void {
    this.rows = { ...this.rows, [table]: (this.rows[table] ?? 0) + rows }
  }

  /** One cycle of the aggregator took this long and left so many buckets that are not over. */
  aggregated(seconds: number, incomplete: number): void {
    keep(this.aggregationSeconds, seconds)
    this.incompleteBuckets = incomplete
  }

  /** One minute was committed, which took this long. */
  committed(seconds: number): void {
    this.minutes++
    this.generated(seconds)
  }

  /** A day or a minute was made. */
  generated(seconds: number): void {
    keep(this.generationSeconds, seconds)
  }
}

function keep(times: number[], seconds: number): void {
  times.push(seconds)
  if (times.length > MOST_KEPT) times.shift()
}
