import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freeFloatValue, fundQuality, type FundWindow } from './fund-quality.ts'

const vectorFile = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectorFile)
const float = { value: 1e9, source: 'free' } as const

function windowOf(days: readonly (readonly [close: number, bigNet: number, totalValue: number])[], more: Partial<FundWindow> = {}): FundWindow {
  return {
    close: Float64Array.from(days, ([close]) => close),
    adjFactor: new Float64Array(days.length).fill(1),
    bigNet: Float64Array.from(days, ([, net]) => net),
    totalValue: Float64Array.from(days, ([, , value]) => value),
    bigBuyValue: new Float64Array(days.length),
    bigBuyVolume: new Float64Array(days.length),
    ...more,
  }
}

test.skipIf(!hasShared)('fundQuality() gives the metrics of the worked example (needs FUPAN_SHARED)', () => {
  const { pullback, fq } = JSON.parse(readFileSync(vectorFile, 'utf8')) as {
    pullback: { close: number[]; big_net: number[]; support_ratio: number }
    fq: { pos_days_ratio: number; trend_corr: number; cum: number[] }
  }
  const { status, values } = fundQuality(windowOf(pullback.close.map((close, i) => [close, pullback.big_net[i]!, 100] as const)), float)
  expect(status).toBe('OK')
  expect(values.pos_days_ratio).toBeCloseTo(fq.pos_days_ratio, 12)
  expect(values.trend_corr).toBeCloseTo(fq.trend_corr, 12)
  expect(values.big_net_sum).toBeCloseTo(fq.cum.at(-1)!, 12)
  expect(values.support_ratio).toBe(pullback.support_ratio)
  expect(values.n_pullbacks).toBe(2)
  expect(values.price_return).toBeCloseTo(10.9 / 9.5 - 1, 12)
})

test('fundQuality() divides flows by value and by the free float, and asks what big buyers paid on today’s basis', () => {
  const window = windowOf(
    [
      [10, 20, 1000],
      [10.5, -10, 1000],
      [11, 30, 2000],
    ],
    { adjFactor: Float64Array.of(1, 1, 2), bigBuyValue: Float64Array.of(400, 0, 1200), bigBuyVolume: Float64Array.of(20, 0, 80) },
  )
  const { values } = fundQuality(window, { value: 80_000, source: 'float' })
  expect(values.big_net_ratio_w).toBe(0.01)
  expect(values.turnover_ratio).toBe(0.05)
  // 20 shares before a 1:2 split are 40 of today's: 1600 CNY for 120 shares.
  expect(values.big_buy_vwap).toBeCloseTo(1600 / 120, 12)
  expect(values.big_cost_gain).toBeCloseTo(11 / (1600 / 120) - 1, 12)
  expect([values.trend_corr, values.support_ratio]).toEqual([NaN, NaN])
})

test('fundQuality() is INSUFFICIENT with under 80 % of days or without today, and then knows the price only', () => {
  const day = [10, 1, 100] as const
  const missing = [10, NaN, NaN] as const
  const statusOf = (days: readonly (readonly [number, number, number])[]) => fundQuality(windowOf(days), float).status
  expect(statusOf([missing, day, day, day, day])).toBe('OK')
  expect(statusOf([missing, missing, day, day, day])).toBe('INSUFFICIENT')
  expect(statusOf([day, day, day, day, missing])).toBe('INSUFFICIENT')
  const { values, pullbacks } = fundQuality(windowOf([missing, missing, [12, 1, 100]]), float)
  expect([values.price_return, values.big_net_sum, values.n_pullbacks, pullbacks]).toEqual([12 / 10 - 1, NaN, NaN, []])
})

test('fundQuality() calls a correlation with something that never moves 0', () => {
  const { values } = fundQuality(windowOf(Array.from({ length: 7 }, (_, i) => [10.1, i, 100] as const)), float)
  expect([values.trend_corr, values.trend_corr_diff]).toEqual([0, 0])
})

test('fundQuality() correlates daily changes with daily flows for the diagnostic', () => {
  const nets = [5, 1, -2, 3, 0, 4, -1]
  let close = 10
  const days = nets.map((net, i) => [(close += i === 0 ? 0 : net / 10), net, 100] as const)
  expect(fundQuality(windowOf(days), float).values.trend_corr_diff).toBeCloseTo(1, 9)
})

test('fundQuality() without a known float has no turnover ratio', () => {
  const days = [1, 2, 3].map((net) => [10, net, 100] as const)
  expect(fundQuality(windowOf(days), freeFloatValue(NaN, NaN, 10)).values.turnover_ratio).toBeNaN()
})

test('freeFloatValue() falls back to the float shares and says so', () => {
  expect(freeFloatValue(1000, 2000, 5)).toEqual({ value: 5000, source: 'free' })
  expect(freeFloatValue(NaN, 2000, 5)).toEqual({ value: 10_000, source: 'float' })
})
