import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { deflatedSharpe, expectedMaximumSharpe, minimumTrackLength, probabilisticSharpe, sharpeSample } from './sharpe-statistics.ts'

const vectorFile = join(process.env.FUPAN_SHARED ?? '../shared', 'fixtures/vectors/backtest.json')
const hasShared = existsSync(vectorFile)

test.skipIf(!hasShared)('sharpeSample(), PSR, DSR and MinTRL match the vectors (needs FUPAN_SHARED)', () => {
  const { returns, metrics, dsr_paper: paper } = JSON.parse(readFileSync(vectorFile, 'utf8'))
  const sample = sharpeSample(Float64Array.from(returns))
  expect(sample.sharpe).toBeCloseTo(metrics.sr_period, 12)
  expect(sample.skewness).toBeCloseTo(metrics.skew, 12)
  expect(sample.kurtosis).toBeCloseTo(metrics.kurt_raw, 12)
  expect(probabilisticSharpe(sample)).toBeCloseTo(metrics.psr0, 10)
  expect(expectedMaximumSharpe(0.01, 50)).toBeCloseTo(metrics.sr0_N50_v001, 10)
  expect(deflatedSharpe(sample, 0.01, 50)).toBeCloseTo(metrics.dsr, 10)
  expect(minimumTrackLength(sample)).toBeCloseTo(metrics.mintrl95, 9)
  const daily = { sharpe: paper.SR_ann / Math.sqrt(paper.periods), count: paper.T, skewness: paper.skew, kurtosis: paper.kurt }
  expect(expectedMaximumSharpe(paper.V_ann, paper.N)).toBeCloseTo(paper.sr0_ann, 10)
  expect(deflatedSharpe(daily, paper.V_ann / paper.periods, paper.N)).toBeCloseTo(paper.dsr, 10)
})

test('expectedMaximumSharpe() approximates the mean of the largest of N normals', () => {
  const rng = seededRng(7)
  let sum = 0
  for (let draw = 0; draw < 4000; draw++) sum += Math.max(...Array.from({ length: 40 }, () => rng.normal()))
  // The paper's approximation is good to about 2 % at N = 40; 4,000 draws know the mean to 0.008.
  expect(Math.abs(expectedMaximumSharpe(1, 40) - sum / 4000)).toBeLessThan(0.06)
  expect(expectedMaximumSharpe(1, 1)).toBe(0)
  expect(() => expectedMaximumSharpe(1, 0)).toThrow('Cannot expect a maximum')
})

test('probabilisticSharpe() of returns without skill passes 0.95 at about the nominal rate', () => {
  const rng = seededRng('no skill')
  let passed = 0
  for (let run = 0; run < 3000; run++) if (probabilisticSharpe(sharpeSample(Float64Array.from({ length: 120 }, () => 0.01 * rng.normal()))) >= 0.95) passed++
  // 5 % nominal; the share of 3,000 runs has a deviation of 0.4 %: three of them, rounded up.
  expect(Math.abs(passed / 3000 - 0.05)).toBeLessThan(0.013)
})

test('deflatedSharpe() of the best of 20 without skill passes 0.95 at most as often as it says', () => {
  const rng = seededRng('best of twenty')
  let passed = 0
  let naive = 0
  for (let run = 0; run < 300; run++) {
    const trials = Array.from({ length: 20 }, () => sharpeSample(Float64Array.from({ length: 120 }, () => 0.01 * rng.normal())))
    const best = trials.reduce((a, b) => (b.sharpe > a.sharpe ? b : a))
    const mean = trials.reduce((sum, trial) => sum + trial.sharpe, 0) / 20
    const variance = trials.reduce((sum, trial) => sum + (trial.sharpe - mean) ** 2, 0) / 19
    if (deflatedSharpe(best, variance, 20) >= 0.95) passed++
    if (probabilisticSharpe(best) >= 0.95) naive++
  }
  // The best of many varies less than one estimate does, so the test is conservative: at most 5 % + 3 deviations of 1.3 %.
  expect(passed / 300).toBeLessThan(0.088)
  // The same runs without deflation: 1 − 0.95^20 = 64 % would pass.
  expect(naive / 300).toBeGreaterThan(0.5)
})

test('minimumTrackLength() is where the PSR reaches the confidence, and never comes for a loser', () => {
  const sample = { sharpe: 0.1, count: 0, skewness: -0.5, kurtosis: 6 }
  const length = minimumTrackLength(sample, 0.02, 0.9)
  expect(probabilisticSharpe({ ...sample, count: length }, 0.02)).toBeCloseTo(0.9, 12)
  expect(minimumTrackLength(sample, 0.1)).toBe(Infinity)
  expect(minimumTrackLength(sharpeSample(Float64Array.of(1, 1)))).toBeNaN()
  expect(probabilisticSharpe(sharpeSample(Float64Array.of(1)))).toBeNaN()
})
