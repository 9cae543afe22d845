import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withQuotesInForce } from './quotes-in-force.ts'
import { ticksByHand } from './ticks-by-hand.ts'

const start = ticksByHand('TBT', [{ time: '09:30:00', price: 10 }]).at[0]!
const dayAt = (offsets: readonly number[]) => {
  const day = ticksByHand(
    'TBT',
    offsets.map(() => ({ time: '09:30:00', price: 10 })),
  )
  offsets.forEach((offset, i) => (day.at[i] = start + offset))
  return day
}
const quotesAt = (offsets: readonly number[]) => ({
  at: Float64Array.from(offsets, (offset) => start + offset),
  bid1: Float64Array.from(offsets, (_, i) => 1000 + i),
  ask1: Float64Array.from(offsets, (_, i) => 2000 + i),
})

test('withQuotesInForce() takes the last quote strictly before the tick and at most six seconds old', () => {
  const { bid1, ask1 } = withQuotesInForce(dayAt([0, 1, 3000, 9000, 9001]), quotesAt([0, 3000, 3000]))
  expect([...bid1]).toEqual([NaN, 1000, 1000, 1002, NaN])
  expect([...ask1]).toEqual([NaN, 2000, 2000, 2002, NaN])
})

test('withQuotesInForce() agrees with a search through all quotes', () => {
  const times = fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 20 }).map((list) => list.toSorted((a, b) => a - b))
  fc.assert(
    fc.property(times, times, (ticks, quotes) => {
      const { bid1 } = withQuotesInForce(dayAt(ticks), quotesAt(quotes))
      ticks.forEach((at, i) => {
        const row = quotes.findLastIndex((quoted) => quoted < at && at - quoted <= 6000)
        expect(bid1[i]).toBe(row < 0 ? NaN : 1000 + row)
      })
    }),
  )
})
