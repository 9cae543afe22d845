/** One thing measured: repeated readings in one unit, and what their median must not go beyond. */
export interface Measurement {
  readonly name: string
  readonly unit: 's' | 'ms' | 'µs' | 'ns' | 'per s'
  readonly readings: readonly number[]
  /** The median stays below this, or above it where the unit is `per s`. Absent: the number is for information. */
  readonly budget?: number
  /** The same work done the plain way in the same process, in the same unit. */
  readonly baseline?: { readonly name: string; readonly readings: readonly number[] }
  /** Highest resident memory of the process while it was measured, and what it must stay below. Bytes. */
  readonly memory?: { readonly peak: number; readonly budget?: number }
  /** What the reader should know: sizes, parts of the time. */
  readonly note?: string
}

export interface BenchContext {
  /** 1 = the size the budget speaks of; below 1 the bench is shrunk for development and its budget with it. */
  readonly scale: number
  /** An empty folder, removed afterwards. `prepare` and `run` share it. */
  readonly folder: string
  /** Real market files, where there are any. */
  readonly shared: string | undefined
  readonly say: (text: string) => void
}

/** A bench: `prepare` and `run` each get a process of their own, so that memory and warm code belong to what is measured. */
export interface Bench {
  readonly name: string
  readonly about: string
  /** Takes minutes or needs a quiet machine: runs only when asked for by its flag. */
  readonly flag?: 'fresh'
  readonly prepare?: (context: BenchContext) => Promise<void>
  run(context: BenchContext): AsyncIterable<Measurement>
}

/** The middle reading; of two middle ones their mean. */
export function median(readings: readonly number[]): number {
  const sorted = readings.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Whether everything that has a budget kept it. */
export function isWithin({ unit, readings, budget, memory }: Measurement): boolean {
  const inTime = budget === undefined || (unit === 'per s' ? median(readings) >= budget : median(readings) <= budget)
  return inTime && (memory?.budget === undefined || memory.peak < memory.budget)
}
