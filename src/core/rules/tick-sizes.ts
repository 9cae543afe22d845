import type { Market } from '../market-profile.ts'
import { defineRule } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'

/** 最小变动价位 up to a price, both in the market's currency; the last band has no end. */
export interface TickBand {
  readonly upTo: number
  readonly tick: number
}

/** The bands of Hong Kong that no reform has touched. */
const LOW: readonly TickBand[] = [band(0.25, 0.001), band(0.5, 0.005), band(10, 0.01)]
const HIGH: readonly TickBand[] = [band(100, 0.05), band(200, 0.1), band(500, 0.2), band(1000, 0.5), band(2000, 1), band(5000, 2), band(Infinity, 5)]

/** 最小变动价位 of shares by market. */
export const tickSizes = defineRule<Market, readonly TickBand[]>({
  name: 'tick_sizes',
  label: { zh: '最小变动价位', en: 'Tick sizes' },
  about: 'Bands of price, each with its smallest step, in the market’s currency.',
  rows: {
    cn: [{ from: tradeDate(19901219), value: [band(Infinity, 0.01)], source: 'SSE and SZSE trading rules 3.3: 0.01 CNY for A shares' }],
    hk: [
      { from: tradeDate(20060724), value: [...LOW, band(20, 0.02), ...HIGH], source: 'Rules of the Exchange (HKEX), Second Schedule, spread table A' },
      {
        from: tradeDate(20250804),
        value: [...LOW, band(20, 0.01), band(50, 0.02), ...HIGH],
        source: 'HKEX circular, reduction of minimum spreads phase 1, effective 2025-08-04: narrower from 10 to 50 dollars',
      },
    ],
    us: [
      {
        from: tradeDate(20010409),
        value: [band(1, 0.0001), band(Infinity, 0.01)],
        source: 'Regulation NMS Rule 612 (sub-penny rule); decimal prices since 2001-04-09',
      },
    ],
    crypto: [{ from: tradeDate(19900101), value: [band(Infinity, 0.01)], source: 'Specification of the simulated market §6.1: 0.01 quote units' }],
  },
})

function band(upTo: number, tick: number): TickBand {
  return { upTo, tick }
}
