import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apportionLots, settleAmount, tiltToMean } from './exact-amount.ts'

const weights = fc.array(fc.double({ min: 0.01, max: 50, noNaN: true }), { minLength: 1, maxLength: 60 })

test('apportionLots() shares out 10 lots by 1 : 2 : 1 as 3, 4, 3', () => {
  const volume = new Float64Array(3)
  // One lot each leaves 7: running shares 1.75, 5.25, 7 round to 2, 5, 7.
  apportionLots(10, Float64Array.of(1, 2, 1), volume)
  expect([...volume]).toEqual([3, 4, 3])
})

test('apportionLots() loses nothing, gives every record a lot and stays within one lot of its share', () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 0, max: 100_000 }), (list, spare) => {
      const volume = new Float64Array(list.length)
      apportionLots(spare + list.length, Float64Array.from(list), volume)
      const sum = list.reduce((total, weight) => total + weight, 0)
      expect(volume.reduce((total, lots) => total + lots, 0)).toBe(spare + list.length)
      for (const [i, weight] of list.entries()) {
        expect(volume[i]).toBeGreaterThanOrEqual(1)
        expect(Math.abs(volume[i]! - 1 - (spare * weight) / sum)).toBeLessThanOrEqual(1.0000001)
      }
    }),
  )
  expect(() => apportionLots(2, Float64Array.of(1, 1, 1), new Float64Array(3))).toThrow(/every record needs a lot/)
})

test('tiltToMean() reaches any mean well inside the values', () => {
  fc.assert(
    fc.property(weights, fc.double({ min: 0.2, max: 0.8, noNaN: true }), (list, target) => {
      const values = Float64Array.from(list, (_, i) => (list.length === 1 ? target : i / (list.length - 1)))
      const weight = Float64Array.from(list)
      tiltToMean(weight, values, target, 1)
      const sum = weight.reduce((total, value) => total + value, 0)
      const mean = weight.reduce((total, value, i) => total + value * values[i]!, 0) / sum
      expect(mean).toBeCloseTo(target, 3)
    }),
  )
})

test('settleAmount() reaches every amount that the prices allow, each record between its bid and its ask', () => {
  const record = fc.record({ bid: fc.integer({ min: 100, max: 140 }), spread: fc.integer({ min: 0, max: 3 }), lots: fc.integer({ min: 1, max: 500 }) })
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 2, maxLength: 30 }),
      fc.double({ min: 0.2, max: 0.8, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (list, where, start) => {
        const bid = Int32Array.from(list, (own) => own.bid)
        const spread = Int32Array.from(list, (own) => Math.max(1, own.spread))
        const volume = Float64Array.from(list, (own) => own.lots)
        const amount = Float64Array.from(list, (own, i) => own.bid * own.lots + Math.round(start * spread[i]! * own.lots))
        const lots = volume.reduce((sum, own) => sum + own, 0)
        // What one lot per record and the rest at the best price can reach at least and at most.
        const low = list.reduce((sum, own) => sum + own.bid, 0) + (lots - list.length) * Math.min(...bid)
        const high =
          list.reduce((sum, own, i) => sum + own.bid + spread[i]!, 0) + (lots - list.length) * Math.max(...list.map((own, i) => own.bid + spread[i]!))
        const target = Math.round(low + where * (high - low))
        // Between two volumes there is a gap of at most 43 ticks × lots, which the spreads must be able to fill.
        fc.pre(list.reduce((room, own, i) => room + spread[i]! * own.lots, 0) >= 200)
        settleAmount({ bid, spread, volume, amount }, target)
        expect(amount.reduce((sum, own) => sum + own, 0)).toBe(target)
        expect(volume.reduce((sum, own) => sum + own, 0)).toBe(lots)
        for (let i = 0; i < list.length; i++) {
          expect(volume[i]).toBeGreaterThanOrEqual(1)
          expect(amount[i]).toBeGreaterThanOrEqual(bid[i]! * volume[i]!)
          expect(amount[i]).toBeLessThanOrEqual((bid[i]! + spread[i]!) * volume[i]!)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('settleAmount() says so when no volumes can give the amount', () => {
  const records = { bid: Int32Array.of(10, 10), spread: Int32Array.of(0, 0), volume: Float64Array.of(5, 5), amount: Float64Array.of(50, 50) }
  expect(() => settleAmount(records, 101)).toThrow(/Cannot reach the day's amount/)
  // Four lots at 100 or 101 and one at 107 or 108 give 507…512, three and two 514…519: never 513.
  const gap = { bid: Int32Array.of(100, 107), spread: Int32Array.of(1, 1), volume: Float64Array.of(4, 1), amount: Float64Array.of(400, 107) }
  expect(() => settleAmount(gap, 513)).toThrow(/Cannot reach the day's amount/)
})
