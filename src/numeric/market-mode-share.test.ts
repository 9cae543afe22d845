import { seededRng } from '#core/rng.ts'
import { expect, test } from 'vitest'
import { marketModeShare } from './market-mode-share.ts'

test('marketModeShare() of two columns with correlation ρ is (1 + ρ) / 2', () => {
  const a = Float64Array.of(1, -1, 1, -1)
  const b = Float64Array.of(1, -1, -1, 1)
  const half = Float64Array.from(a, (x, i) => x + b[i]!)
  expect(marketModeShare([a, a])).toBeCloseTo(1, 12)
  expect(marketModeShare([a, b])).toBeCloseTo(0.5, 12)
  // a against a + b: correlation 1 / √2.
  expect(marketModeShare([a, half])).toBeCloseTo((1 + Math.SQRT1_2) / 2, 12)
})

test('marketModeShare() of one common factor with loading √ρ is about ρ + (1 − ρ) / N, whatever the scale and some missing days', () => {
  const rng = seededRng('mode')
  const [stocks, days, rho] = [200, 2000, 0.3]
  const factor = Float64Array.from({ length: days }, () => rng.normal())
  const columns = Array.from({ length: stocks }, (_, k) =>
    Float64Array.from(factor, (f) => (rng.next() < 0.02 ? NaN : 5 + k * (Math.sqrt(rho) * f + Math.sqrt(1 - rho) * rng.normal()))),
  )
  // The first column has no variance and is left out. Missing days thin the common part out by 2 %.
  expect(Math.abs(marketModeShare(columns) - (rho + (1 - rho) / stocks))).toBeLessThan(0.02)
  expect(marketModeShare([])).toBeNaN()
  expect(marketModeShare([new Float64Array(5).fill(3)])).toBeNaN()
})
