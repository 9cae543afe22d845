import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exRightReference } from './corporate-actions.ts'

test('exRightReference() gives 13.93 for 20.00 with 0.50 cash and 4 for 10 (spec simulator §9.4)', () => {
  expect(exRightReference(20_000, { cash: 500, bonusPerTen: 4, rightsPerTen: 0, rightsPrice: 0 })).toBe(13_930)
  expect(20_000 / 13_930).toBeCloseTo(1.43575, 6)
})

test('exRightReference() gives 13.59 with rights of 3 for 10 at 12.00 in addition (spec simulator §9.4)', () => {
  expect(exRightReference(20_000, { cash: 500, bonusPerTen: 4, rightsPerTen: 3, rightsPrice: 12_000 })).toBe(13_590)
  expect(20_000 / 13_590).toBeCloseTo(1.47167, 6)
})

test('exRightReference() gives 5.00 and 4.98 and the factors 2.1 and 2.108434 of spec warehouse-dwd §4.2', () => {
  expect(exRightReference(10_500, { cash: 500, bonusPerTen: 10, rightsPerTen: 0, rightsPrice: 0 })).toBe(5000)
  expect(exRightReference(5000, { cash: 20, bonusPerTen: 0, rightsPerTen: 0, rightsPrice: 0 })).toBe(4980)
  expect((10_500 / 5000) * (5000 / 4980)).toBeCloseTo(2.108434, 6)
})

test('exRightReference() rounds half up to the tick like exact fractions do', () => {
  const whole = (max: number) => fc.integer({ min: 0, max })
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 300_000 }), whole(1000), whole(10), whole(3), whole(1000), (cents, cash, bonusPerTen, rightsPerTen, rights) => {
      const close = 10 * cents
      fc.pre(close > cash + 20)
      const rightsPrice = 10 * rights
      // In units of 1/(20 × parts) 厘: twice the numerator against half a tick.
      const numerator = 10n * BigInt(close - cash) + BigInt(rightsPerTen * rightsPrice)
      const parts = BigInt(10 + bonusPerTen + rightsPerTen)
      const ticks = (2n * numerator + 10n * parts) / (20n * parts)
      expect(BigInt(exRightReference(close, { cash, bonusPerTen, rightsPerTen, rightsPrice }))).toBe(10n * (ticks > 1n ? ticks : 1n))
    }),
  )
})
