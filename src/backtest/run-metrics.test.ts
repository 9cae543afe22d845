import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { bootstrapIntervals } from './bootstrap-intervals.ts'
import { capacity } from './capacity.ts'
import { dailyReturns, growthOf } from './daily-returns.ts'
import { drawdownTable, underwater } from './drawdowns.ts'
import { metricDefinitions } from './metric-definitions.ts'
import { monthlyReturns, yearlyReturns } from './period-returns.ts'
import type { ClosedTrade } from './result.ts'
import { returnMetrics, relativeMetrics } from './return-metrics.ts'
import { resampledPath } from './resampled-path.ts'
import { rollingMetrics } from './rolling-metrics.ts'
import { executionMetrics, runMetrics } from './run-metrics.ts'
import { sampleRun } from './test-run.ts'
import { tradeMetrics, tradesBy } from './trade-metrics.ts'

test('dailyReturns() start from the equity before the first day and growthOf() undoes them', () => {
  const returns = dailyReturns(Float64Array.of(110, 99, 99), 100)
  expect([...returns].map((value) => Number(value.toFixed(12)))).toEqual([0.1, -0.1, 0])
  expect(growthOf(returns)[2]).toBeCloseTo(0.99, 14)
  expect([...dailyReturns(Float64Array.of(5, 0, 3), NaN)]).toEqual([NaN, -1, NaN])
})

test('drawdownTable() finds each spell once, the open one too', () => {
  const returns = dailyReturns(Float64Array.of(90, 100, 120, 60, 90, 120, 130, 117), 100)
  const found = drawdownTable(returns)
  expect(found[0]).toEqual({ peak: 2, trough: 3, recovery: 5, depth: -0.5, daysUnderWater: 3 })
  // Two of 10 %; rounding orders them.
  expect(found.slice(1).toSorted((a, b) => a.peak - b.peak)).toEqual([
    { peak: -1, trough: 0, recovery: 1, depth: expect.closeTo(-0.1, 12), daysUnderWater: 2 },
    { peak: 6, trough: 7, depth: expect.closeTo(-0.1, 12), daysUnderWater: 1 },
  ])
  expect(Math.min(...underwater(returns))).toBe(-0.5)
  expect(drawdownTable(returns, 1)).toHaveLength(1)
})

test('rollingMetrics() of a window equal the metrics of that window alone', () => {
  const rng = seededRng(1)
  const market = Float64Array.from({ length: 40 }, () => 0.01 * rng.normal())
  const own = market.map((value) => 0.7 * value + 0.005 * rng.normal())
  const { sharpe, volatility, beta } = rollingMetrics(own, 15, market)
  const part = returnMetrics(own.slice(10, 25))
  expect(sharpe[24]).toBeCloseTo(part.sharpe, 12)
  expect(volatility[24]).toBeCloseTo(part.volatility, 12)
  expect(beta[24]).toBeCloseTo(relativeMetrics(own.slice(10, 25), market.slice(10, 25)).beta, 12)
  expect([sharpe[13], beta[13]]).toEqual([NaN, NaN])
  expect(() => rollingMetrics(own, 1)).toThrow('at least 2 days')
})

test('monthlyReturns() compound to yearlyReturns(), which compound to the total', () => {
  const dates = Uint32Array.of(20251230, 20251231, 20260105, 20260106, 20260203)
  const returns = Float64Array.of(0.1, -0.1, 0.02, NaN, 0.05)
  expect(monthlyReturns(dates, returns).map(({ year, month, days }) => [year, month, days])).toEqual([
    [2025, 12, 2],
    [2026, 1, 1],
    [2026, 2, 1],
  ])
  expect(yearlyReturns(dates, returns).map(({ year, days }) => [year, days])).toEqual([
    [2025, 2],
    [2026, 2],
  ])
  const total = yearlyReturns(dates, returns).reduce((level, { value }) => level * (1 + value), 1) - 1
  expect(total).toBeCloseTo(returnMetrics(returns).totalReturn, 14)
  expect(monthlyReturns(Uint32Array.of(20260105), Float64Array.of(NaN))[0]!.value).toBeNaN()
})

const trade = (netPnl: number, netReturn: number, exitReason = 'stop'): ClosedTrade => ({
  ...sampleRun().trades[0]!,
  netPnl,
  netReturn,
  daysHeld: 2,
  exitReason,
})

test('tradeMetrics() by hand: two wins of 4 %, one loss of 2 %, one scratch', () => {
  const trades = [trade(400, 0.04), trade(400, 0.04, 'target'), trade(-200, -0.02), trade(0, 0)]
  const found = tradeMetrics(trades)
  expect(found).toMatchObject({ trades: 4, winRate: 0.5, profitFactor: 4, payoff: 2, netPnl: 600, meanDaysHeld: 2, bestReturn: 0.04, worstReturn: -0.02 })
  expect(found.expectancy).toBeCloseTo(0.015, 14)
  expect(found.kelly).toBeCloseTo(0.25, 14)
  expect(tradesBy(trades, ({ exitReason }) => exitReason).map(({ key, trades }) => [key, trades])).toEqual([
    ['stop', 3],
    ['target', 1],
  ])
  expect(tradesBy(trades, () => undefined)).toEqual([])
  expect(tradeMetrics([])).toMatchObject({ trades: 0, winRate: NaN, profitFactor: NaN, kelly: NaN, bestReturn: NaN, netPnl: 0 })
})

test('executionMetrics() annualise what was traded over mean equity', () => {
  const run = { equity: Float64Array.of(100, 100), exposure: Float64Array.of(0.5, 1), tradedAmount: Float64Array.of(80, 20), cost: Float64Array.of(0.5, 0.1) }
  const found = executionMetrics(run, 4)
  expect(found).toMatchObject({ turnover: 1, meanExposure: 0.75, totalCost: 0.6 })
  expect(found.costShare).toBeCloseTo(0.012, 14)
})

test('runMetrics() has a definition for every number, and every definition a number', () => {
  expect(Object.keys(runMetrics(sampleRun())).toSorted()).toEqual(Object.keys(metricDefinitions).toSorted())
})

test('capacity() is where impact equals the other costs', () => {
  const found = capacity([{ amount: 1e6, averageDailyAmount: 1e8, volatility: 0.02 }], 1e7, 2800)
  // Impact: 1e6 · 0.7 · 0.02 · 0.1 = 1,400; other costs 2,800: √k = 2.
  expect(found.equity).toBeCloseTo(4e7, 0)
  expect(found.curve.find(({ multiple }) => multiple === 1)!.costShare).toBeCloseTo(4200 / 1e7, 12)
  expect(capacity([], 1e7, 2800).equity).toBeNaN()
})

test('resampledPath() of the days as they were equals the metrics', () => {
  const rng = seededRng(2)
  const returns = Float64Array.from({ length: 200 }, () => 0.0005 + 0.01 * rng.normal())
  const conventions = { periodsPerYear: 242, riskFree: 0.02, acceptable: 0 }
  const { sharpe, cagr, maxDrawdown } = returnMetrics(returns, conventions)
  const found = resampledPath(returns, Int32Array.from(returns.keys()), conventions)
  expect(found.sharpe).toBeCloseTo(sharpe, 10)
  expect(found.cagr).toBeCloseTo(cagr, 12)
  expect(found.maxDrawdown).toBeCloseTo(maxDrawdown, 12)
  expect(resampledPath(Float64Array.of(0.01, 0.01), Int32Array.of(1, 0), conventions).sharpe).toBeNaN()
})

test('bootstrapIntervals() hold the estimate, repeat with the seed, and cover the truth about as often as they say', () => {
  const rng = seededRng('coverage')
  let covered = 0
  for (let run = 0; run < 120; run++) {
    const returns = Float64Array.from({ length: 250 }, () => 0.001 + 0.01 * rng.normal())
    const { sharpe } = bootstrapIntervals(returns, rng, undefined, { draws: 200, meanBlock: 5 })
    if (sharpe.low <= 0.1 * Math.sqrt(252) && sharpe.high >= 0.1 * Math.sqrt(252)) covered++
  }
  // 95 % nominal; 120 runs have a deviation of 2 %, blocks and 200 draws cost a few points.
  expect(covered / 120).toBeGreaterThan(0.86)
  const returns = Float64Array.from({ length: 100 }, () => 0.001 + 0.01 * rng.normal())
  const once = bootstrapIntervals(returns, seededRng(1))
  expect(bootstrapIntervals(returns, seededRng(1))).toEqual(once)
  expect(once.cagr.low).toBeLessThan(once.cagr.estimate)
  expect(once.maxDrawdown.high).toBeGreaterThan(once.maxDrawdown.estimate)
  expect(bootstrapIntervals(Float64Array.of(0.1), seededRng(1)).sharpe).toEqual({ estimate: NaN, low: NaN, high: NaN })
})
