import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wilderAtr } from './wilder-atr.ts'

const golden = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'data/golden/stock_indicators')
const hasShared = existsSync(golden)
const columns = (rows: readonly (readonly number[])[]) =>
  [0, 1, 2].map((k) => Float64Array.from(rows, (row) => row[k]!)) as [Float64Array, Float64Array, Float64Array]

test('wilderAtr() by hand: ranges 2, 3 and a gap of 4 with period 2', () => {
  const [high, low, close] = columns([
    [11, 9, 10],
    [12, 10, 11],
    [13, 10, 12],
    [16, 15, 16],
  ])
  expect([...wilderAtr(high, low, close, 2)]).toEqual([NaN, NaN, 2.5, 3.25])
})

test('wilderAtr() equals a slow sum over the true ranges', () => {
  const bar = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
  fc.assert(
    fc.property(fc.array(bar, { maxLength: 60, size: 'max' }), fc.integer({ min: 1, max: 20 }), (rows, period) => {
      const [high, low, close] = columns(rows.map(([c, up, down]) => [c + up, c - down, c]))
      const ranges = rows.map((_, i) => (i === 0 ? NaN : Math.max(high[i]! - low[i]!, Math.abs(high[i]! - close[i - 1]!), Math.abs(low[i]! - close[i - 1]!))))
      const slow = (i: number): number =>
        i < period ? NaN : i === period ? ranges.slice(1, period + 1).reduce((a, b) => a + b, 0) / period : (slow(i - 1) * (period - 1) + ranges[i]!) / period
      for (const [i, atr] of wilderAtr(high, low, close, period).entries())
        if (i < period) expect(atr).toBeNaN()
        else expect(atr).toBeCloseTo(slow(i), 9)
    }),
  )
})

test('wilderAtr() refuses columns of unequal length and a period of nothing', () => {
  const three = new Float64Array(3)
  expect(() => wilderAtr(three, three, new Float64Array(2), 2)).toThrow('Cannot average true ranges: all columns')
  expect(() => wilderAtr(three, three, three, 0)).toThrow('the period is a positive whole number, found 0')
})

test.skipIf(!hasShared)('wilderAtr() equals the published values of 502 days at period 14 (needs FUPAN_SHARED)', () => {
  const [header, ...lines] = readFileSync(join(golden, 'quotes_default.csv'), 'utf8').trim().split(/\r?\n/)
  const names = header!.toLowerCase().split(',')
  const [high, low, close] = columns(lines.map((line) => ['high', 'low', 'close'].map((name) => Number(line.split(',')[names.indexOf(name)]))))
  const expected = JSON.parse(gunzipSync(readFileSync(join(golden, 'atr.standard.json.gz'))).toString()) as { atr: number | null }[]
  const atr = wilderAtr(high, low, close, 14)
  expect(expected.length).toBe(atr.length)
  for (const [i, { atr: published }] of expected.entries())
    if (published === null) expect(atr[i]).toBeNaN()
    else expect(atr[i]).toBeCloseTo(published, 9)
})
