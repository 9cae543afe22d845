import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StockReply } from '../api.ts'
import { priceScale, roleScore, spreadLabels } from './level-list.ts'

test('roleScore() is the score of the role the level has now', () => {
  const scores = { supportScore: 0.1, supportPct: 0.2, resistanceScore: 0.3, resistancePct: 0.4, flipScore: 0.5, flipPct: null }
  expect(roleScore({ type: 'support', ...scores })).toEqual({ score: 0.1, pct: 0.2 })
  expect(roleScore({ type: 'resistance', ...scores })).toEqual({ score: 0.3, pct: 0.4 })
  expect(roleScore({ type: 'flip', ...scores })).toEqual({ score: 0.5, pct: null })
})

test('priceScale() brings a price of a day onto the scale of the chart', () => {
  const bollinger = { date: [20260105, 20260106, 20260107], adjFactor: [2, null, 4] } as unknown as StockReply['bollinger']
  expect(priceScale(bollinger, 20260105, 'qfq')).toBe(0.5)
  // The factor of the 6th is not known: that of the 5th.
  expect(priceScale(bollinger, 20260106, 'qfq')).toBe(0.5)
  expect(priceScale(bollinger, 20260107, 'qfq')).toBe(1)
  expect(priceScale(bollinger, 20260105, 'hfq')).toBe(2)
  expect(priceScale(bollinger, 20260105, 'none')).toBe(1)
  expect(priceScale(bollinger, 20200101, 'qfq')).toBe(1)
  expect(priceScale(undefined, 20260105, 'qfq')).toBe(1)
})

test('spreadLabels() leaves labels with room where they belong and moves touching ones apart evenly', () => {
  expect(spreadLabels([20, 60], 10, 0, 100)).toEqual([20, 60])
  expect(spreadLabels([50, 52], 10, 0, 100)).toEqual([46, 56])
  expect(spreadLabels([1, 2], 10, 0, 100)).toEqual([5, 15])
  expect(spreadLabels([99], 10, 0, 100)).toEqual([95])
  expect(spreadLabels([], 10, 0, 100)).toEqual([])
})

test('spreadLabels() never lets two labels overlap, keeps their order and stays inside', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -50, max: 450, noNaN: true }), { maxLength: 30 }), (ys) => {
      const wanted = ys.toSorted((a, b) => a - b)
      const found = spreadLabels(wanted, 14, 0, 400)
      const room = Math.min(14, 400 / Math.max(1, wanted.length))
      expect(found).toHaveLength(wanted.length)
      for (const [i, y] of found.entries()) {
        expect(y).toBeGreaterThanOrEqual(room / 2 - 1e-6)
        expect(y).toBeLessThanOrEqual(400 - room / 2 + 1e-6)
        if (i > 0) expect(y - found[i - 1]!).toBeGreaterThanOrEqual(room - 1e-6)
      }
    }),
  )
})
