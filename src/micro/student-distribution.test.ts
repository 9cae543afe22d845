import { expect, test } from 'vitest'
import { studentDistribution } from './student-distribution.ts'

test('studentDistribution() equals the closed forms for 1 and 2 degrees of freedom', () => {
  const cauchy = studentDistribution(1)
  const two = studentDistribution(2)
  for (const t of [-30, -2.5, -0.7, -1e-3, 0, 1e-3, 0.4, 1, 3, 50]) {
    expect(cauchy(t)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12)
    expect(two(t)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12)
  }
})

test('studentDistribution() is the integral of its density where there is no closed form', () => {
  const df = 0.25
  const cdf = studentDistribution(df)
  const density = (t: number) => (1 + (t * t) / df) ** (-(df + 1) / 2)
  const integral = (to: number, steps: number) => {
    let sum = 0
    for (let i = 0; i < steps; i++) sum += density(((i + 0.5) * to) / steps)
    return (sum * to) / steps
  }
  // The ratio of two stretches needs no gamma function.
  expect((cdf(2) - 0.5) / (cdf(1) - 0.5)).toBeCloseTo(integral(2, 20_000) / integral(1, 20_000), 7)
})

test('studentDistribution() approaches the normal, reaches its ends and refuses nonsense', () => {
  expect(studentDistribution(1e7)(1.959963984540054)).toBeCloseTo(0.975, 6)
  expect([studentDistribution(3)(Infinity), studentDistribution(3)(-Infinity), studentDistribution(3)(NaN)]).toEqual([1, 0, NaN])
  expect(() => studentDistribution(0)).toThrow('degrees of freedom are positive, found 0')
})
