import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exRightReference } from './corporate-actions.ts'

test('exRightReference() gives 13.93 for 20.00 with 0.50 cash and 4 for 10 (spec simulator §9.4)', () => {
  expect(exRightReference(20_000, { cash: 500, bonusPerTen: 4 })).toBe(13_930)
  expect(20_000 / 13_930).toBeCloseTo(1.43575, 6)
})

test('exRightReference() gives 5.00 and 4.98 and the factors 2.1 and 2.108434 of spec warehouse-dwd §4.2', () => {
  expect(exRightReference(10_500, { cash: 500, bonusPerTen: 10 })).toBe(5000)
  expect(exRightReference(5000, { cash: 20, bonusPerTen: 0 })).toBe(4980)
  expect((10_500 / 5000) * (5000 / 4980)).toBeCloseTo(2.108434, 6)
})

test('exRightReference() rounds half up to the tick like exact fractions do', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 300_000 }), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 10 }), (cents, cash, bonusPerTen) => {
      const close = 10 * cents
      fc.pre(close > cash + 20)
      // In units of 1/(20 × parts) 厘: twice the numerator against half a tick.
      const numerator = 10n * BigInt(close - cash)
      const parts = BigInt(10 + bonusPerTen)
      const ticks = (2n * numerator + 10n * parts) / (20n * parts)
      expect(BigInt(exRightReference(close, { cash, bonusPerTen }))).toBe(10n * (ticks > 1n ? ticks : 1n))
    }),
  )
})
