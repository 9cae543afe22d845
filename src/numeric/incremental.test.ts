import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createBollinger, updateBollinger } from './incremental-bollinger.ts'
import { createEma, updateEma } from './incremental-ema.ts'
import { createMacd, updateMacd } from './incremental-macd.ts'
import { createMean, updateMean } from './incremental-mean.ts'
import { createRsi, updateRsi } from './incremental-rsi.ts'
import { rollingMean } from './rolling-mean.ts'

const shared = process.env['FUPAN_SHARED'] ?? '../shared'
const golden = join(shared, 'data/golden/stock_indicators')
const hasShared = existsSync(golden)
// Whole 厘 around 100 CNY, with flat stretches.
const path = fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 1, maxLength: 150 }).map((steps) => {
  let price = 100_000
  return steps.map((step) => (price += Math.abs(step) < 100 ? 0 : step * 10))
})

test('updateMean() equals the batch kernel on whole numbers, bit for bit', () => {
  fc.assert(
    fc.property(path, fc.integer({ min: 1, max: 30 }), (prices, window) => {
      const state = createMean(window)
      expect(prices.map((price) => updateMean(state, price))).toEqual([...rollingMean(Float64Array.from(prices), window)])
    }),
  )
})

test('updateBollinger() depends on its window alone, bit for bit, and equals the two-pass formula', () => {
  fc.assert(
    fc.property(path, fc.integer({ min: 2, max: 25 }), (prices, window) => {
      const long = createBollinger(window)
      for (const [i, price] of prices.entries()) {
        updateBollinger(long, price)
        if (i < window - 1) {
          expect(long.mid).toBeNaN()
          continue
        }
        const seen = prices.slice(i - window + 1, i + 1)
        const mean = seen.reduce((sum, x) => sum + x, 0) / window
        const deviation = Math.sqrt(seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / window)
        expect(Math.abs(long.mid - mean)).toBeLessThan(1e-9 * mean)
        expect(Math.abs(long.upper - (mean + 2 * deviation))).toBeLessThan(1e-9 * mean)
        if (seen.every((x) => x === price)) expect(long.position).toBeNaN()
        else expect(long.position).toBeCloseTo(50 + (25 * (price - mean)) / deviation, 6)
        // The same origin and the same window: whatever came between leaves no trace.
        const short = createBollinger(window)
        for (const x of [prices[0]!, ...seen]) updateBollinger(short, x)
        expect([short.mid, short.upper, short.lower, short.position]).toEqual([long.mid, long.upper, long.lower, long.position])
      }
    }),
    { numRuns: 60 },
  )
})

test('updateEma() starts at the first value, closes 2/(n+1) of the distance, and passes over NaN', () => {
  const state = createEma(3)
  expect([updateEma(state, 10), updateEma(state, 20), updateEma(state, NaN), updateEma(state, 15)]).toEqual([10, 15, 15, 15])
})

test('updateRsi() follows Wilder: plain mean first, then one part in n', () => {
  const state = createRsi(2)
  // Changes +2, −1 → G 1, L 0.5 → 66.67; +1 → G 1, L 0.25 → 80.
  expect([10, 12, 11].map((price) => updateRsi(state, price))[2]).toBeCloseTo(200 / 3, 12)
  expect(updateRsi(state, 12)).toBeCloseTo(80, 12)
  const flat = createRsi(2)
  expect([5, 5, 5].map((price) => updateRsi(flat, price))).toEqual([NaN, NaN, 50])
})

test('updateMacd() is the difference of two averages and twice its distance to a third', () => {
  const state = createMacd(1, 3, 3)
  updateMacd(state, 10)
  expect([state.dif, state.dea, state.histogram]).toEqual([0, 0, 0])
  updateMacd(state, 20)
  // Fast 20, slow 15: DIF 5, DEA 2.5.
  expect([state.dif, state.dea, state.histogram]).toEqual([5, 2.5, 5])
})

test('create…() refuses periods that make no sense', () => {
  for (const make of [() => createMean(0), () => createEma(0), () => createBollinger(1), () => createRsi(0.5)]) expect(make).toThrow(RangeError)
})

test.skipIf(!hasShared)('incremental indicators give the published results on 502 bars of SPY (needs FUPAN_SHARED)', () => {
  const read = (file: string) =>
    JSON.parse(gunzipSync(readFileSync(join(golden, `${file}.standard.json.gz`))).toString()) as Readonly<Record<string, number | null>>[]
  const [header, ...lines] = readFileSync(join(golden, 'quotes_default.csv'), 'utf8').trim().split(/\r?\n/)
  const column = header!.toLowerCase().split(',').indexOf('close')
  const closes = lines.map((line) => Number(line.split(',')[column]))
  expect(closes.length).toBe(502)
  const [bb, rsis, smas] = [read('bb'), read('rsi'), read('sma')]
  const band = createBollinger()
  const rsi = createRsi()
  const mean = createMean(20)
  for (const [i, close] of closes.entries()) {
    const cents = Math.round(close * 1000)
    updateBollinger(band, cents)
    near(band.mid / 1000, bb[i]!['sma'])
    near(band.upper / 1000, bb[i]!['upperBand'])
    near(band.position / 100, bb[i]!['percentB'])
    near(updateRsi(rsi, close), rsis[i]!['rsi'])
    near(updateMean(mean, cents) / 1000, smas[i]!['sma'])
  }
})

function near(found: number, expected: number | null | undefined): void {
  if (expected === null || expected === undefined) expect(found).toBeNaN()
  else expect(Math.abs(found - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)))
}
