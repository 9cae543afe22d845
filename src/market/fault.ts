import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'

/** What one decision about a fault of this kind is made for. */
type FaultUnit = 'row' | 'record' | 'stock-minute' | 'stock-day' | 'day' | 'page' | 'request'

interface FaultAbout {
  readonly unit: FaultUnit
  /** 硬故障: the row or the reply shows by itself, or beside its neighbours of the same source, that something is wrong. */
  readonly isHard: boolean
}

/**
 * 故障: everything that can be injected (spec simulator §13). `row` kinds happen to rows of pages, `record` kinds to the records of a live feed, `request` kinds to
 * answers over HTTP. The rate of a kind is its chance per unit.
 */
export const FAULTS = {
  duplicate_row: { unit: 'row', isHard: true },
  out_of_order: { unit: 'row', isHard: false },
  late_row: { unit: 'row', isHard: true },
  frozen_quote: { unit: 'row', isHard: false },
  outlier: { unit: 'row', isHard: true },
  wrong_ohlc: { unit: 'row', isHard: true },
  bad_row: { unit: 'row', isHard: true },
  one_tick_off: { unit: 'row', isHard: false },
  cum_regress: { unit: 'row', isHard: true },
  late_adj_factor: { unit: 'row', isHard: true },
  restated_statement: { unit: 'row', isHard: false },
  dropped_minute: { unit: 'stock-minute', isHard: true },
  zone_shift: { unit: 'stock-day', isHard: true },
  stale: { unit: 'stock-day', isHard: true },
  missing_day: { unit: 'day', isHard: true },
  outage: { unit: 'day', isHard: true },
  truncated_page: { unit: 'page', isHard: true },
  latency: { unit: 'record', isHard: false },
  dup: { unit: 'record', isHard: true },
  reorder: { unit: 'record', isHard: true },
  price_spike: { unit: 'record', isHard: true },
  clock_skew: { unit: 'record', isHard: true },
  http_429: { unit: 'request', isHard: true },
  http_429_bare: { unit: 'request', isHard: true },
  error_code: { unit: 'request', isHard: true },
  server_error: { unit: 'request', isHard: true },
  connection_reset: { unit: 'request', isHard: true },
  slow_response: { unit: 'request', isHard: false },
} as const satisfies Readonly<Record<string, FaultAbout>>

export type FaultKind = keyof typeof FAULTS

export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[]

/** Which faults a feed has. Absent rates are 0; chances of the kinds that compete for one row, record or request add up to at most 1. */
export interface FaultConfig {
  readonly rates: Readonly<Partial<Record<FaultKind, number>>>
  /** `latency`: log-normal delay of a record. */
  readonly latencyMs?: { readonly median: number; readonly logSd: number }
  /** `slow_response`: how long an answer is held back. */
  readonly slowMs?: number
  /** What `http_429` says in Retry-After. */
  readonly retryAfterSeconds?: number
}

/** One injected fault: a row of `sim_truth_fault`. */
export interface Fault {
  readonly kind: FaultKind
  /** A code, `MKT` for a whole day or page, or the name of the vendor's interface. */
  readonly entity: string
  /** 0 when the request names no date. */
  readonly date: TradeDate
  /** NaN when the fault has no time of its own. */
  readonly at: EpochMs
  readonly detail: Readonly<Record<string, string | number>>
}

/** `sim_truth_fault` as columns; `detail` is JSON. */
export function faultFrame(faults: readonly Fault[]): Frame {
  return frameOf({
    kind: toLabels(faults.map(({ kind }) => kind)),
    entity: toLabels(faults.map(({ entity }) => entity)),
    trade_date: Uint32Array.from(faults, ({ date }) => date),
    at: Float64Array.from(faults, ({ at }) => at),
    detail: toLabels(faults.map(({ detail }) => JSON.stringify(detail))),
  })
}
