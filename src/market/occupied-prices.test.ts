import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OccupiedPrices } from './occupied-prices.ts'

test('OccupiedPrices agrees with a set of levels on the next one to either side, crowded or far apart', () => {
  const size = 2500
  // Near one another within words of 32 levels, and across groups of 1,024.
  const level = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1000, max: 1060 }), fc.integer({ min: 0, max: size - 1 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), level), { maxLength: 80 }), fc.array(level, { minLength: 10, maxLength: 10 }), (steps, asked) => {
      const occupied = new OccupiedPrices(size)
      const levels = new Set<number>()
      for (const [adds, at] of steps) {
        if (adds) levels.add(at)
        else levels.delete(at)
        if (adds) occupied.add(at)
        else occupied.remove(at)
      }
      for (const at of [...asked, 0, size - 1]) {
        expect(occupied.atOrAbove(at)).toBe(Math.min(size, ...[...levels].filter((one) => one >= at)))
        expect(occupied.atOrBelow(at)).toBe(Math.max(-1, ...[...levels].filter((one) => one <= at)))
      }
      expect([occupied.atOrAbove(size), occupied.atOrBelow(-1)]).toEqual([size, -1])
    }),
    { numRuns: 150 },
  )
})
