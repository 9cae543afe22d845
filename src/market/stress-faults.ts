import type { FaultConfig } from './fault.ts'

/**
 * 压力预设的故障: what a bad week of a vendor brings (spec simulator §2.3, §13). Rates of rows, records, stock-days, days, pages and requests: each kind comes a few times a day in
 * a market of a few hundred stocks.
 */
export const STRESS_FAULTS: FaultConfig = {
  rates: {
    duplicate_row: 0.0005,
    out_of_order: 0.0005,
    frozen_quote: 0.0002,
    outlier: 0.0002,
    wrong_ohlc: 0.0005,
    bad_row: 0.0002,
    one_tick_off: 0.0005,
    cum_regress: 0.0005,
    late_adj_factor: 0.0002,
    restated_statement: 0.01,
    late_row: 0.0002,
    dropped_minute: 0.0002,
    stale: 0.02,
    outage: 0.1,
    latency: 0.02,
    dup: 0.001,
    reorder: 0.001,
    price_spike: 0.0002,
    clock_skew: 0.0005,
    zone_shift: 0.001,
    truncated_page: 0.02,
    http_429: 0.02,
    http_429_bare: 0.01,
    error_code: 0.01,
    server_error: 0.02,
    connection_reset: 0.02,
    slow_response: 0.02,
  },
  latencyMs: { median: 800, logSd: 1 },
  slowMs: 5000,
  retryAfterSeconds: 2,
}
