import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Latency } from './latency.ts'

test('Latency gives quantiles right to 7 % against the sorted readings', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.1, max: 5e7, noNaN: true }), { minLength: 1, maxLength: 400 }),
      fc.constantFrom(0.5, 0.9, 0.99, 1),
      (readings, q) => {
        const latency = new Latency()
        for (const reading of readings) latency.record(reading)
        const exact = readings.toSorted((a, b) => a - b)[Math.ceil(q * readings.length) - 1]!
        expect(latency.quantile(q)).toBeGreaterThanOrEqual(exact * 0.999)
        expect(latency.quantile(q)).toBeLessThanOrEqual(exact * 1.07 + 0.07)
        expect(latency.max).toBe(Math.max(...readings))
      },
    ),
  )
})

test('Latency adds histograms, and knows nothing before the first reading', () => {
  const [a, b] = [new Latency(), new Latency()]
  expect(a.quantile(0.5)).toBeNaN()
  for (let i = 1; i <= 99; i++) a.record(10)
  b.record(1000)
  a.add(b)
  expect(a.summary()).toMatchObject({ count: 100, max: 1000 })
  expect(a.quantile(0.99)).toBeLessThan(11)
  expect(a.quantile(1)).toBe(1000)
})
