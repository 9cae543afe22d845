import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { relativeMetrics, returnMetrics } from './return-metrics.ts'

const shared = process.env.FUPAN_SHARED ?? '../shared'
const vectorFile = join(shared, 'fixtures/vectors/backtest.json')
const golden = join(shared, 'data/golden/empyrical')
const hasShared = existsSync(vectorFile) && existsSync(golden)

const near = (found: number, expected: number, tolerance = 1e-10) =>
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)))

test.skipIf(!hasShared)('returnMetrics() match the vectors (needs FUPAN_SHARED)', () => {
  const { returns, metrics } = JSON.parse(readFileSync(vectorFile, 'utf8'))
  const found = returnMetrics(Float64Array.from(returns))
  near(found.totalReturn, metrics.total, 1e-12)
  near(found.cagr, metrics.cagr, 1e-12)
  near(found.volatility, metrics.vol, 1e-12)
  near(found.sharpe, metrics.sharpe, 1e-12)
  near(found.sortino, metrics.sortino, 1e-12)
  near(found.maxDrawdown, metrics.mdd, 1e-12)
  near(found.calmar, metrics.calmar, 1e-12)
  near(found.valueAtRisk95, metrics.var5, 1e-12)
  near(found.conditionalValueAtRisk95, metrics.cvar5, 1e-12)
  near(found.tailRatio, metrics.tail, 1e-12)
  near(found.dailyWinRate, metrics.win_rate_nonzero, 1e-12)
  near(found.dailyProfitFactor, metrics.profit_factor, 1e-12)
  near(found.omega, metrics.profit_factor, 1e-12)
  near(found.ulcerIndex, metrics.ulcer, 1e-12)
  near(found.skewness, metrics.skew, 1e-12)
  near(found.kurtosis, metrics.kurt_raw, 1e-12)
  near(found.probabilisticSharpe, metrics.psr0, 1e-12)
  near(found.minimumTrackLength, metrics.mintrl95, 1e-11)
})

/** empyrical's formulas (0.5.x, stats.py) the long way: arrays of levels, sorting, sums. */
const slow = {
  mean: (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length,
  std: (x: number[]) => Math.sqrt(x.reduce((a, b) => a + (b - slow.mean(x)) ** 2, 0) / (x.length - 1)),
  levels: (x: number[]) => x.reduce((all, r) => [...all, all.at(-1)! * (1 + r)], [100]),
  annual: (x: number[]) => (slow.levels(x).at(-1)! / 100) ** (252 / x.length) - 1,
  drawdown: (x: number[]) => Math.min(...slow.levels(x).map((level, i, all) => (level - Math.max(...all.slice(0, i + 1))) / Math.max(...all.slice(0, i + 1)))),
  percentile: (x: number[], p: number) => {
    const sorted = x.toSorted((a, b) => a - b)
    const at = (p / 100) * (x.length - 1)
    const low = Math.floor(at)
    return sorted[low]! * (1 - (at - low)) + (sorted[low + 1] ?? 0) * (at - low)
  },
  correlation: (x: number[], y: number[]) => {
    const [mx, my] = [slow.mean(x), slow.mean(y)]
    const cov = slow.mean(x.map((v, i) => (v - mx) * (y[i]! - my)))
    return cov / Math.sqrt(slow.mean(x.map((v) => (v - mx) ** 2)) * slow.mean(y.map((v) => (v - my) ** 2)))
  },
}

const column = (file: string, at: number, header: boolean) =>
  readFileSync(join(golden, file), 'utf8')
    .trim()
    .split('\n')
    .slice(header ? 1 : 0)
    .map((line) => [line.split(',')[0]!, Number(line.split(',')[at])] as const)

test.skipIf(!hasShared)("returnMetrics() and relativeMetrics() equal empyrical's definitions on its own test data (needs FUPAN_SHARED)", () => {
  const market = new Map(column('factor_returns.csv', 1, true))
  // The file is in percent: as fractions it would lose more than everything in a day.
  const rows = column('returns.csv', 1, false).filter(([date]) => market.has(date))
  const r = rows.map(([, value]) => value / 100)
  const b = rows.map(([date]) => market.get(date)! / 100)
  expect(r.length).toBeGreaterThan(450)
  const rf = 0.0001
  const found = returnMetrics(Float64Array.from(r), { periodsPerYear: 252, riskFree: (1 + rf) ** 252 - 1, acceptable: 0.0002 })
  const excess = r.map((value) => value - rf)
  const beyond = r.map((value) => value - 0.0002)
  near(found.totalReturn, slow.levels(r).at(-1)! / 100 - 1)
  near(found.cagr, slow.annual(r))
  near(found.volatility, slow.std(r) * Math.sqrt(252))
  near(found.sharpe, (slow.mean(excess) / slow.std(excess)) * Math.sqrt(252))
  near(found.sortino, (slow.mean(beyond) * 252) / (Math.sqrt(slow.mean(beyond.map((v) => Math.min(v, 0) ** 2))) * Math.sqrt(252)))
  near(found.maxDrawdown, slow.drawdown(r))
  near(found.calmar, slow.annual(r) / Math.abs(slow.drawdown(r)))
  near(found.valueAtRisk95, slow.percentile(r, 5))
  near(found.conditionalValueAtRisk95, slow.mean(r.toSorted((x, y) => x - y).slice(0, Math.trunc((r.length - 1) * 0.05) + 1)))
  near(found.tailRatio, Math.abs(slow.percentile(r, 95)) / Math.abs(slow.percentile(r, 5)))
  near(found.omega, r.filter((v) => v > 0).reduce((x, y) => x + y, 0) / -r.filter((v) => v < 0).reduce((x, y) => x + y, 0))
  const logs = r.reduce<number[]>((all, v) => [...all, (all.at(-1) ?? 0) + Math.log(1 + v)], [])
  near(found.stability, slow.correlation(logs.keys().toArray(), logs) ** 2)

  const relative = relativeMetrics(Float64Array.from(r), Float64Array.from(b), { periodsPerYear: 252, riskFree: (1 + rf) ** 252 - 1, acceptable: 0 })
  const [mr, mb] = [slow.mean(r), slow.mean(b)]
  const beta = slow.mean(r.map((v, i) => (v - mr) * (b[i]! - mb))) / slow.mean(b.map((v) => (v - mb) ** 2))
  near(relative.beta, beta)
  near(relative.alpha, (1 + slow.mean(r.map((v, i) => v - rf - beta * (b[i]! - rf)))) ** 252 - 1)
  const active = r.map((v, i) => v - b[i]!)
  // excess_sharpe there, times √P here.
  near(relative.informationRatio, (slow.mean(active) / slow.std(active)) * Math.sqrt(252))
  for (const [name, sign] of [
    ['upCapture', 1],
    ['downCapture', -1],
  ] as const) {
    const side = (x: number[]) => x.filter((_, i) => b[i]! * sign > 0)
    near(relative[name], slow.annual(side(r)) / slow.annual(side(b)))
  }
})

test('returnMetrics() leave unknown days out and have no ratio where nothing can be divided', () => {
  const gaps = returnMetrics(Float64Array.of(0.01, NaN, -0.02, 0.03))
  expect(gaps).toEqual(returnMetrics(Float64Array.of(0.01, -0.02, 0.03)))
  const flat = returnMetrics(Float64Array.of(0.001, 0.001, 0.001))
  expect(flat).toMatchObject({ sharpe: NaN, sortino: NaN, calmar: NaN, omega: NaN, maxDrawdown: 0, dailyWinRate: 1, probabilisticSharpe: NaN })
  const nothing = returnMetrics(new Float64Array())
  expect(Object.entries(nothing).filter(([, value]) => !Number.isNaN(value))).toEqual([['days', 0]])
})

test('returnMetrics() of a ruin keep the loss and invent no growth rate', () => {
  expect(returnMetrics(Float64Array.of(0.1, -1))).toMatchObject({ totalReturn: -1, cagr: -1, maxDrawdown: -1, stability: NaN })
  expect(returnMetrics(Float64Array.of(-0.5, -1.5, -0.1)).cagr).toBeNaN()
})

test('returnMetrics() count a loss on the first day as drawdown', () => {
  expect(returnMetrics(Float64Array.of(-0.5, 0.2))).toMatchObject({ maxDrawdown: -0.5 })
})

test('relativeMetrics() have no answer without a benchmark', () => {
  const found = relativeMetrics(Float64Array.of(0.01, 0.02), Float64Array.of(NaN, NaN))
  expect(Object.values(found).every(Number.isNaN)).toBe(true)
  expect(() => relativeMetrics(Float64Array.of(1), new Float64Array())).toThrow('same days')
})
