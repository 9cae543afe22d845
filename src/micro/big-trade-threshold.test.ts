import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BIG_TRADE_PARAMS, bigTradeThreshold, tradeValuePercentiles, type BigTradeSample } from './big-trade-threshold.ts'

const vectorFile = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectorFile)
const full: BigTradeSample = { p90: 300_000, p95: 400_000, days: 60, trades: 100_000, dailyBars: 60, meanAmount: 400e6 }

test.skipIf(!hasShared)('tradeValuePercentiles() interpolates between order statistics as in the worked example (needs FUPAN_SHARED)', () => {
  const { pct7 } = JSON.parse(readFileSync(vectorFile, 'utf8')) as { pct7: { values: number[]; p90: number; p95: number } }
  const found = tradeValuePercentiles(Float64Array.from(pct7.values).toReversed())
  expect(found.p90).toBeCloseTo(pct7.p90, 8)
  expect(found.p95).toBeCloseTo(pct7.p95, 8)
  expect(tradeValuePercentiles(new Float64Array(0))).toEqual({ p90: NaN, p95: NaN })
})

test('bigTradeThreshold() takes the percentile of a full sample, P95 unless told P90', () => {
  expect(bigTradeThreshold(full)).toEqual({ threshold: 400_000, method: 'PCT' })
  expect(bigTradeThreshold(full, { ...BIG_TRADE_PARAMS, quantile: 0.9 })).toEqual({ threshold: 300_000, method: 'PCT' })
})

test('bigTradeThreshold() blends a short sample with 5 bp of daily turnover', () => {
  expect(bigTradeThreshold({ ...full, days: 10 })).toEqual({ threshold: 300_000, method: 'BLEND' })
  expect(bigTradeThreshold({ ...full, days: 30, trades: 1250 })).toEqual({ threshold: 250_000, method: 'BLEND' })
  expect(bigTradeThreshold({ ...full, days: 10, dailyBars: 3 })).toEqual({ threshold: 300_000, method: 'BLEND' })
})

test('bigTradeThreshold() without a sample follows daily turnover within its bounds', () => {
  const adv = (meanAmount: number) => bigTradeThreshold({ ...full, days: 4, meanAmount })
  expect(adv(400e6)).toEqual({ threshold: 200_000, method: 'ADV' })
  expect(adv(1e6).threshold).toBe(100_000)
  expect(adv(100e9).threshold).toBe(2_000_000)
})

test('bigTradeThreshold() knows nothing at all and says FIXED', () => {
  expect(bigTradeThreshold({ p90: NaN, p95: NaN, days: 0, trades: 0, dailyBars: 0, meanAmount: NaN })).toEqual({ threshold: 200_000, method: 'FIXED' })
})

test('bigTradeThreshold() is never below the floor', () => {
  expect(bigTradeThreshold({ ...full, p95: 12_000 })).toEqual({ threshold: 50_000, method: 'PCT' })
})
