import fc from 'fast-check'
import { expect, test } from 'vitest'
import { segmentMinutes, SESSION_SHAPES, slotEnd, slotStart, type SessionShape } from '#core/kline-interval.ts'
import { formatClock } from '#core/shanghai-time.ts'
import { minuteBuckets } from './minute-buckets.ts'

const labelsOf = (shape: SessionShape, minutes: number, counting?: 'day' | 'segment') =>
  Array.from(minuteBuckets(segmentMinutes(shape), minutes, counting).lastSlot, (slot) => formatClock(slotEnd(shape, slot)).slice(0, 5)).join(' ')

test('minuteBuckets() gives the labels of spec simulator §17.3', () => {
  const { cn, hk, us } = SESSION_SHAPES
  expect(labelsOf(cn, 30)).toBe('10:00 10:30 11:00 11:30 13:30 14:00 14:30 15:00')
  expect(labelsOf(cn, 60)).toBe('10:30 11:30 14:00 15:00')
  expect(labelsOf(cn, 120)).toBe('11:30 15:00')
  expect(labelsOf(hk, 30)).toBe('10:00 10:30 11:00 11:30 12:00 13:30 14:00 14:30 15:00 15:30 16:00')
  expect(labelsOf(hk, 60)).toBe('10:30 11:30 13:30 14:30 15:30 16:00')
  expect(labelsOf(hk, 120)).toBe('11:30 14:30 16:00')
  expect(labelsOf(us, 60)).toBe('10:30 11:30 12:30 13:30 14:30 15:30 16:00')
  expect(labelsOf(us, 120)).toBe('11:30 13:30 15:30 16:00')
  expect(labelsOf(hk, 60, 'segment')).toBe('10:30 11:30 12:00 14:00 15:00 16:00')
})

test('minuteBuckets() counts the bars of spec simulator §17.3 and keeps Chinese buckets within a half day', () => {
  const counts = (shape: SessionShape) => [5, 15, 30, 60, 120].map((minutes) => minuteBuckets(segmentMinutes(shape), minutes).lastSlot.length)
  expect(counts(SESSION_SHAPES.cn)).toEqual([48, 16, 8, 4, 2])
  expect(counts(SESSION_SHAPES.hk)).toEqual([66, 22, 11, 6, 3])
  expect(counts(SESSION_SHAPES.us)).toEqual([78, 26, 13, 7, 4])
  expect(counts(SESSION_SHAPES.allDay)).toEqual([288, 96, 48, 24, 12])
  for (const minutes of [1, 5, 15, 30, 60, 120]) {
    const { firstSlot, lastSlot } = minuteBuckets([120, 120], minutes)
    expect(firstSlot.every((first, j) => first <= 120 === lastSlot[j]! <= 120)).toBe(true)
    expect(minuteBuckets([120, 120], minutes, 'segment')).toEqual(minuteBuckets([120, 120], minutes))
  }
})

test('minuteBuckets() puts the auction into the first bucket and bar 121 into bucket 25 of five minutes', () => {
  const { ofSlot, firstSlot } = minuteBuckets([120, 120], 5)
  expect([ofSlot[0], ofSlot[1], ofSlot[5], ofSlot[6], ofSlot[121]]).toEqual([0, 0, 0, 1, 24])
  expect(formatClock(slotStart(SESSION_SHAPES.cn, firstSlot[24]!))).toBe('13:00:00')
})

test('minuteBuckets() gives every slot one bucket, in order, none longer than asked and only a counted end shorter', () => {
  const session = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(session, fc.integer({ min: 1, max: 150 }), fc.constantFrom('day' as const, 'segment' as const), (segments, minutes, counting) => {
      const { ofSlot, firstSlot, lastSlot } = minuteBuckets(segments, minutes, counting)
      const ends = new Set(segments.map((_, i) => segments.slice(0, i + 1).reduce((sum, length) => sum + length, 0)))
      let next = 1
      for (const [j, first] of firstSlot.entries()) {
        expect(first).toBe(next)
        const length = lastSlot[j]! - first + 1
        expect(length <= minutes && (length === minutes || (counting === 'segment' ? ends.has(lastSlot[j]!) : j === firstSlot.length - 1))).toBe(true)
        for (let slot = first; slot <= lastSlot[j]!; slot++) expect(ofSlot[slot]).toBe(j)
        next = lastSlot[j]! + 1
      }
      expect(next).toBe(ofSlot.length)
    }),
    { numRuns: 60 },
  )
})

test('minuteBuckets() refuses minutes that are no positive whole number', () => {
  for (const minutes of [0, -5, 1.5, NaN]) expect(() => minuteBuckets([240], minutes)).toThrow(RangeError)
  expect(() => minuteBuckets([], 5)).toThrow(/no segment/)
  expect(() => minuteBuckets([0, 120], 5)).toThrow(RangeError)
})
