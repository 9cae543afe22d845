import { expect, test } from 'vitest'
import { incompleteBeta, logGamma } from './incomplete-beta.ts'
import { normalCdf, normalPdf, normalQuantile, studentTCdf } from './normal-distribution.ts'

// Values of published tables to 15 digits.
test.each([
  [0, 0.5],
  [0.5, 0.691462461274013],
  [1, 0.841344746068543],
  [1.959963984540054, 0.975],
  [2.5, 0.993790334674224],
  [3, 0.99865010196837],
  [3.5, 0.999767370920964],
  [-1, 0.158655253931457],
  [-4, 3.16712418331199e-5],
  [-6, 9.86587645037698e-10],
  [-10, 7.61985302416053e-24],
])('normalCdf(%d) is %d', (x, expected) => {
  expect(Math.abs(normalCdf(x) - expected)).toBeLessThan(2e-15)
  expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-12)
})

test('normalCdf() is the integral of normalPdf()', () => {
  const step = 1e-3
  let [area, worst] = [normalCdf(-8), 0]
  for (let x = -8; x < 8; x += step) {
    // Simpson on each step.
    area += (step / 6) * (normalPdf(x) + 4 * normalPdf(x + step / 2) + normalPdf(x + step))
    worst = Math.max(worst, Math.abs(area - normalCdf(x + step)))
  }
  expect(worst).toBeLessThan(1e-13)
})

test('normalCdf() is symmetric, ascends, and ends at 0 and 1', () => {
  for (let x = -9; x <= 9; x += 0.0625) {
    expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15)
    expect(normalCdf(x)).toBeGreaterThanOrEqual(normalCdf(x - 0.0625))
  }
  expect([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(NaN)]).toEqual([0, 1, NaN])
})

test('normalQuantile() is the inverse of normalCdf()', () => {
  for (const p of [1e-300, 1e-100, 1e-12, 1e-5, 0.001, 0.02425, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.999999]) {
    expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-12)
  }
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13)
  expect(normalQuantile(0.5)).toBeCloseTo(0, 15)
  expect([normalQuantile(0), normalQuantile(1), normalQuantile(-0.1), normalQuantile(NaN)]).toEqual([-Infinity, Infinity, NaN, NaN])
})

test('studentTCdf() gives its closed forms for 1, 2, 3 and 4 degrees of freedom', () => {
  for (let t = -30; t <= 30; t += 0.37) {
    expect(Math.abs(studentTCdf(t, 1) - (0.5 + Math.atan(t) / Math.PI))).toBeLessThan(1e-12)
    expect(Math.abs(studentTCdf(t, 2) - (0.5 + t / (2 * Math.sqrt(2 + t * t))))).toBeLessThan(1e-12)
    const u = t / Math.sqrt(3)
    const w = 1 + (t * t) / 4
    expect(Math.abs(studentTCdf(t, 4) - (0.5 + (3 / 8) * (t / Math.sqrt(w)) * (1 - (t * t) / (12 * w))))).toBeLessThan(1e-12)
    expect(Math.abs(studentTCdf(t, 3) - (0.5 + (u / (1 + u * u) + Math.atan(u)) / Math.PI))).toBeLessThan(1e-12)
  }
})

test('studentTCdf() meets the tables and becomes normal', () => {
  expect(studentTCdf(2.228139, 10)).toBeCloseTo(0.975, 7)
  expect(studentTCdf(1.697261, 30)).toBeCloseTo(0.95, 7)
  expect(Math.abs(studentTCdf(1.3, 1e7) - normalCdf(1.3))).toBeLessThan(1e-7)
  expect([studentTCdf(Infinity, 4), studentTCdf(-Infinity, 4), studentTCdf(0, 4), studentTCdf(NaN, 4)]).toEqual([1, 0, 0.5, NaN])
  expect(() => studentTCdf(1, 0)).toThrow(RangeError)
})

test('incompleteBeta() and logGamma() give what can be said in closed form', () => {
  for (let x = 0; x <= 1; x += 1 / 16) {
    expect(incompleteBeta(1, 1, x)).toBeCloseTo(x, 14)
    expect(incompleteBeta(2, 1, x)).toBeCloseTo(x * x, 14)
    expect(incompleteBeta(3.5, 0.5, x) + incompleteBeta(0.5, 3.5, 1 - x)).toBeCloseTo(1, 12)
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13)
  expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12)
  expect(() => incompleteBeta(0, 1, 0.5)).toThrow(RangeError)
})
