import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyBars } from '#numeric/fold-bars.ts'
import { pageOf } from './kline-page.ts'

const instants = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 25 }).map((values) => values.toSorted((a, b) => a - b))
const edge = fc.oneof(fc.constant(undefined), fc.integer({ min: -5, max: 65 }))

test('pageOf() is what filtering the bars and taking the first or last of them gives', () => {
  fc.assert(
    fc.property(
      instants,
      fc.record({ forward: fc.boolean(), limit: fc.integer({ min: 1, max: 12 }), from: edge, to: edge, after: edge, before: edge }),
      fc.tuple(edge, edge),
      (times, asked, ends) => {
        const wanted = { ...asked, from: asked.from ?? -Infinity, to: asked.to ?? Infinity, after: asked.after ?? -Infinity, before: asked.before ?? Infinity }
        const range = [ends[0] ?? -Infinity, ends[1] ?? Infinity] as const
        // A label may lie before its key, as that of a week does.
        const key = Float64Array.from(times, (time) => time + 0.5)
        const series = { key, time: Float64Array.from(times), bars: emptyBars(times.length), final: new Uint8Array(times.length) }
        const { first, end, hasOlder, hasNewer } = pageOf(series, wanted, range)
        const own = times.filter((time) => time >= wanted.from && time <= wanted.to && time + 0.5 > wanted.after && time + 0.5 < wanted.before)
        const expected = wanted.forward ? own.slice(0, wanted.limit) : own.slice(-wanted.limit)
        expect(times.slice(first, end)).toEqual(expected)
        if (expected.length === 0) return
        expect(hasOlder).toBe(times.some((time) => time < expected[0]! && time >= range[0]))
        expect(hasNewer).toBe(times.some((time) => time > expected.at(-1)! && time <= range[1]))
      },
    ),
    { numRuns: 300 },
  )
})
