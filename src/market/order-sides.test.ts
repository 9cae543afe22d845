import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Stream } from './keyed-stream.ts'
import { CLASS_FROM } from './money-flow.ts'
import { divideSide } from './order-sides.ts'

const stream = () => new Stream(1, 'book', 'test')
const YUAN = 1000

test('divideSide() puts every trade into one order, whose value is that of its trades and lies in its class, whatever the budget', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 2_000_000 }), fc.boolean()), { minLength: 1, maxLength: 300 }),
      fc.array(fc.nat({ max: 100 }), { minLength: 4, maxLength: 4 }),
      (trades, weights) => {
        const value = Float64Array.from(trades, ([yuan]) => yuan * YUAN)
        const total = value.reduce((sum, own) => sum + own, 0)
        const whole = weights.reduce((sum, own) => sum + own, 0)
        const budget = Float64Array.from(weights, (own) => (whole === 0 ? total / 4 : (total * own) / whole))
        const { orderOf, sizes, values, takes } = divideSide({ value, active: Uint8Array.from(trades, ([, takes]) => (takes ? 1 : 0)) }, budget, stream())
        const found = new Float64Array(values.length)
        for (const [i, order] of orderOf.entries()) found[order]! += value[i]!
        expect([...found]).toEqual(values)
        expect(takes.length).toBe(values.length)
        for (const [order, own] of values.entries()) if (own > 0) expect(CLASS_FROM.findLastIndex((from) => own >= from)).toBe(sizes[order])
      },
    ),
    { numRuns: 200, seed: 7 },
  )
})

test('divideSide() follows a budget by hand: of a hundred trades of 10,000 CNY half in small orders and half in large ones', () => {
  const value = new Float64Array(100).fill(10_000 * YUAN)
  const budget = Float64Array.of(500_000 * YUAN, 0, 500_000 * YUAN, 0)
  const { sizes, values } = divideSide({ value, active: new Uint8Array(100) }, budget, stream())
  const of = (size: number) => values.filter((_, order) => sizes[order] === size).reduce((sum, own) => sum + own, 0)
  expect([of(0), of(1), of(2), of(3)]).toEqual([500_000 * YUAN, 0, 500_000 * YUAN, 0])
  expect(Math.min(...values.filter((_, order) => sizes[order] === 2))).toBeGreaterThanOrEqual(200_000 * YUAN)
})

test('divideSide() keeps those who take apart from those who rest', () => {
  const value = new Float64Array(400).fill(20_000 * YUAN)
  const active = Uint8Array.from(value, (_, i) => (Math.floor(i / 7) % 2 === 0 ? 1 : 0))
  const { orderOf, takes } = divideSide({ value, active }, Float64Array.of(2e9, 2e9, 4e9, 0), stream())
  for (const [i, order] of orderOf.entries()) expect(takes[order]).toBe(active[i])
})
