import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalCdf } from '#numeric/normal-distribution.ts'
import { bulkBuyVolume, bulkFlow, bulkScale, vpin } from './bulk-volume.ts'

const vectorFile = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectorFile)
const change = fc.integer({ min: -30, max: 30 })

test.skipIf(!hasShared)('bulkBuyVolume() classifies the worked example (needs FUPAN_SHARED)', () => {
  const { bvc } = JSON.parse(readFileSync(vectorFile, 'utf8')) as { bvc: { bars: [number, number][]; sigma: number; buy: number[]; imb: number } }
  const bars = { priceChange: Float64Array.from(bvc.bars, ([move]) => move), volume: Float64Array.from(bvc.bars, ([, shares]) => shares) }
  const buy = bulkBuyVolume(bars, new Float64Array(3).fill(bvc.sigma), normalCdf)
  buy.forEach((shares, i) => expect(shares).toBeCloseTo(bvc.buy[i]!, 6))
  const total = bars.volume.reduce((sum, x) => sum + x, 0)
  expect((2 * buy.reduce((sum, x) => sum + x, 0) - total) / total).toBeCloseTo(bvc.imb, 9)
})

test('bulkBuyVolume() gives a bar all to one side when nothing ever moved before, and half when it did not move', () => {
  const bars = { priceChange: Float64Array.of(10, -10, 0, 10), volume: new Float64Array(4).fill(100) }
  expect([...bulkBuyVolume(bars, Float64Array.of(0, 0, 0, NaN), normalCdf)]).toEqual([100, 0, 50, NaN])
})

test('bulkScale() is the sample standard deviation of all changes before the bar', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), fc.integer({ min: 0, max: 10 }), (changes, minBars) => {
      const scale = bulkScale(Float64Array.from(changes), minBars)
      changes.forEach((_, n) => {
        const before = changes.slice(0, n)
        const mean = before.reduce((sum, x) => sum + x, 0) / n
        const slow = Math.sqrt(before.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1))
        if (n < Math.max(2, minBars)) expect(scale[n]).toBeNaN()
        else expect(scale[n]!).toBeCloseTo(slow, 9)
      })
    }),
  )
})

test('vpin() averages the imbalance of full buckets and cuts a bar where a bucket is full', () => {
  // Buckets of 100: [100 bought], [50 bought + 50 sold], [100 sold].
  expect(vpin(Float64Array.of(150, 0), Float64Array.of(150, 150), 100, 3)).toBeCloseTo((1 + 0 + 1) / 3, 12)
  expect(vpin(Float64Array.of(150, 0), Float64Array.of(150, 150), 100, 2)).toBeCloseTo(0.5, 12)
  expect(vpin(Float64Array.of(150, 0), Float64Array.of(150, 149), 100, 3)).toBeNaN()
  expect(vpin(Float64Array.of(150), Float64Array.of(150), NaN, 1)).toBeNaN()
})

test('vpin() is blind to unclassified bars that only fill buckets it does not use', () => {
  expect(vpin(Float64Array.of(NaN, 100, 0), Float64Array.of(100, 100, 100), 100, 2)).toBe(1)
  expect(vpin(Float64Array.of(NaN, 100, 0), Float64Array.of(100, 100, 100), 100, 3)).toBeNaN()
})

test('vpin() of whole shares equals filling the buckets share by share', () => {
  const bar = fc.record({ buy: fc.integer({ min: 0, max: 1 }), volume: fc.integer({ min: 0, max: 40 }) })
  fc.assert(
    fc.property(fc.array(bar, { maxLength: 20 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5 }), (bars, size, buckets) => {
      const shares = bars.flatMap(({ buy, volume }) => Array.from({ length: volume }, () => (buy === 1 ? 1 : -1)))
      const full = Math.floor(shares.length / size)
      const filled = Array.from({ length: full }, (_, b) => Math.abs(shares.slice(b * size, (b + 1) * size).reduce<number>((sum, x) => sum + x, 0)) / size)
      const slow = full < buckets ? NaN : filled.slice(-buckets).reduce((sum, x) => sum + x, 0) / buckets
      const volume = Float64Array.from(bars, (one) => one.volume)
      const fast = vpin(
        volume.map((v, i) => v * bars[i]!.buy),
        volume,
        size,
        buckets,
      )
      if (Number.isNaN(slow)) expect(fast).toBeNaN()
      else expect(fast).toBeCloseTo(slow, 9)
    }),
  )
})

test('bulkFlow() needs 120 earlier bars and then reads today alone', () => {
  const bars = (length: number, move: number) => ({
    priceChange: Float64Array.from({ length }, (_, i) => (i % 2 === 0 ? move : -move)),
    volume: new Float64Array(length).fill(1000),
  })
  const today = { priceChange: Float64Array.of(10, 10), volume: Float64Array.of(1000, 3000) }
  expect(bulkFlow(bars(119, 10), today, 100_000, normalCdf).imbalance).toBeNaN()
  const { imbalance, vpin: toxicity } = bulkFlow(bars(120, 10), today, 100_000, normalCdf)
  expect(imbalance).toBeCloseTo(2 * normalCdf(1) - 1, 2)
  expect(toxicity).toBeNaN()
  const seen = bulkFlow(bars(400, 10), today, 100_000, normalCdf).vpin
  expect(seen).toBeGreaterThan(0)
  expect(seen).toBeLessThan(0.2)
})
