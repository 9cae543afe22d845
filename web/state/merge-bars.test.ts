import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KlineColumns } from './chart-frame.ts'
import { joinBars, leavesHole, withLive, withTail } from './merge-bars.ts'

const bars = (time: readonly number[], close: number, final = true): KlineColumns => {
  const each = (value: number) => time.map(() => value)
  return { time: [...time], open: each(1), high: each(9), low: each(1), close: each(close), volume: each(100), amount: each(200), final: time.map(() => final) }
}
const live = (time: number, close: number, final = false) => ({ time, open: 1, high: 9, low: 1, close, volume: 5, amount: 6, final })

test('joinBars() keeps pages in order', () => {
  expect(joinBars([bars([1, 2, 3], 1), bars([4, 5], 2)])).toMatchObject({ time: [1, 2, 3, 4, 5], close: [1, 1, 1, 2, 2] })
})

test('joinBars() has every bar once and none missing, wherever a series is cut and however much the cuts overlap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 3 })), { maxLength: 20 }),
      (count, cuts) => {
        const time = Array.from({ length: count }, (_, i) => i)
        const pages: KlineColumns[] = []
        let at = 0
        for (const [size, overlap] of [...cuts, [count, 0] as const]) {
          if (at >= count) break
          pages.push(bars(time.slice(Math.max(0, at - overlap), at + size), 1))
          at += size
        }
        expect(joinBars(pages).time).toEqual(time)
      },
    ),
  )
})

test('withTail() lets the younger reading say how a bar is', () => {
  expect(withTail(bars([1, 2, 3], 1), bars([3, 4], 2))).toMatchObject({ time: [1, 2, 3, 4], close: [1, 1, 2, 2] })
  expect(leavesHole(bars([1, 2], 1), bars([2, 3], 1))).toBe(false)
  expect(leavesHole(bars([1, 2], 1), bars([3], 1))).toBe(true)
})

test('withLive() moves the forming bar and leaves settled ones alone', () => {
  const known = withTail(bars([1, 2], 1), bars([3], 1, false))
  const merged = withLive(known, [live(2, 7, true), live(3, 8, true), live(4, 9)], 2)
  expect(merged).toMatchObject({ time: [1, 2, 3, 4], close: [1, 1, 16, 18], volume: [100, 100, 5, 5], final: [true, true, true, false] })
  expect(withLive(known, [live(1, 7, true)], 2)).toBe(known)
})
