import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BOLLINGER_PARAMS, bollingerBands, bollingerColumns, type BollingerColumns } from './bollinger-bands.ts'

const shared = process.env['FUPAN_SHARED'] ?? '../shared'
const factors = join(shared, 'data/tushare/600519.SH/stk_factor.csv')
const names = Object.keys(bollingerColumns(0)) as (keyof BollingerColumns)[]
const days = (length: number) => Int32Array.from({ length }, (_, i) => i)
const busy = (length: number) => Float64Array.from({ length }, (_, i) => 1000 + ((i * 7919) % 503))
const run = (close: readonly number[], volume: Float64Array = busy(close.length)) =>
  bollingerBands({ close: Float64Array.from(close), volume, day: days(close.length) })

test('bollingerBands() gives the three worked examples of spec bollinger §4', () => {
  const rising = run([...Array.from({ length: 19 }, (_, i) => (100 + i) / 10), 12.5])
  const one = (columns: BollingerColumns, name: keyof BollingerColumns) => columns[name][19]!
  expect(one(rising, 'mid')).toBeCloseTo(10.98, 12)
  expect([one(rising, 'upper'), one(rising, 'lower')].map((x) => x.toFixed(6))).toEqual(['12.255304', '9.704696'])
  expect([one(rising, 'price_position'), one(rising, 'band_width')].map((x) => x.toFixed(6))).toEqual(['109.593640', '0.232296'])
  const sample = bollingerBands(
    { close: Float64Array.from([...Array.from({ length: 19 }, (_, i) => (100 + i) / 10), 12.5]), volume: busy(20), day: days(20) },
    { ...BOLLINGER_PARAMS, ddof: 1 },
  )
  expect(one(sample, 'price_position').toFixed(6)).toBe('108.084695')
  const volume = new Float64Array(20).fill(100)
  volume[19] = 500
  const loud = run(
    Array.from({ length: 20 }, (_, i) => 10 + (i % 3)),
    volume,
  )
  expect([one(loud, 'v_mid'), one(loud, 'v_lower'), one(loud, 'v_price_position')].map((x) => x.toFixed(6))).toEqual(['120.000000', '-54.355958', '158.972474'])
  const flat = run(Array.from({ length: 20 }, () => 10.1))
  expect([one(flat, 'price_position'), one(flat, 'z_close'), one(flat, 'band_width'), one(flat, 'mid'), one(flat, 'upper'), one(flat, 'flags')]).toEqual([
    NaN,
    NaN,
    0,
    10.1,
    10.1,
    2,
  ])
})

test('bollingerBands() keeps a row with nulls and flag 1 for the first 19 bars', () => {
  const columns = run(Array.from({ length: 25 }, (_, i) => 10 + (i % 7)))
  for (const name of names.filter((name) => !['n_bars', 'span_days', 'flags'].includes(name))) expect(columns[name][18], name).toBeNaN()
  expect([columns.flags[18], columns.flags[19]]).toEqual([1, 0])
  expect([columns.n_bars[0], columns.n_bars[24]]).toEqual([1, 25])
  expect(bollingerBands({ close: Float64Array.of(1, 2), volume: Float64Array.of(1, 2), day: days(2), barsBefore: 9998 }).n_bars).toEqual(
    Int32Array.of(9999, 9999),
  )
})

test('bollingerBands() flags flat volume, and windows that span more than 40 market days', () => {
  const day = days(45).map((d) => (d >= 30 ? d + 21 : d))
  const columns = bollingerBands({ close: Float64Array.from(day, (d) => 10 + (d % 5)), volume: new Float64Array(45).fill(300), day })
  expect([columns.span_days[29], columns.span_days[30], columns.span_days[44]]).toEqual([20, 41, 41])
  expect([columns.flags[29], columns.flags[30]]).toEqual([4, 4 | 8])
  expect([columns.v_band_width[29], columns.v_price_position[29], columns.z_vol[29]]).toEqual([0, NaN, NaN])
})

test('bollingerBands() scores the width from 60 widths on, on short windows with flag 32, and is 0 where nothing varies', () => {
  const columns = run(Array.from({ length: 160 }, (_, i) => 10 + Math.sin(i) + i / 50))
  // 60 widths exist at bar 19 + 60, 120 at bar 19 + 120.
  expect([columns.band_width_zscore[77], columns.flags[77]]).toEqual([NaN, 0])
  expect(columns.band_width_zscore[78]).not.toBeNaN()
  expect([columns.flags[78], columns.flags[137], columns.flags[138]]).toEqual([32, 32, 0])
  const flat = run(
    Array.from({ length: 100 }, () => 3.33),
    new Float64Array(100).fill(7),
  )
  expect([flat.band_width_zscore[99], flat.v_band_width_zscore[99]]).toEqual([0, 0])
})

test('bollingerBands() gives the bands in the price scale of the day when told the factors', () => {
  const close = Float64Array.from({ length: 30 }, (_, i) => 20 + (i % 4))
  const plain = bollingerBands({ close, volume: busy(30), day: days(30) })
  const scaled = bollingerBands({ close, volume: busy(30), day: days(30), adjFactor: new Float64Array(30).fill(4) })
  expect([scaled.mid[29], scaled.upper[29], scaled.lower[29]]).toEqual([plain.mid[29]! / 4, plain.upper[29]! / 4, plain.lower[29]! / 4])
  expect([scaled.v_mid[29], scaled.v_upper[29], scaled.v_lower[29]]).toEqual([plain.v_mid[29]! * 4, plain.v_upper[29]! * 4, plain.v_lower[29]! * 4])
  expect(scaled.price_position).toEqual(plain.price_position)
  expect(() => bollingerBands({ close, volume: busy(29), day: days(30) })).toThrow('Cannot compute bands: all columns must have the 30 rows of close, found 29')
})

const history = fc
  .record({
    close: fc.array(fc.double({ min: 0.5, max: 2000, noNaN: true }), { minLength: 141, maxLength: 300 }),
    flatFrom: fc.integer({ min: 0, max: 300 }),
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  .map(({ close, flatFrom, seed }) => {
    const prices = Float64Array.from(close, (price, i) => (i >= flatFrom && i < flatFrom + 30 ? close[flatFrom]! : price))
    return {
      close: prices,
      volume: prices.map((_, i) => 100 + ((i * seed) % 9973)),
      day: Int32Array.from(close, (_, i) => i + Math.floor(i / 50) * 9),
      adjFactor: prices.map((_, i) => 1 + Math.floor(i / 40) * 0.25),
    }
  })

test('bollingerBands() of the last 140 bars equals the whole history, bit for bit (law 2)', () => {
  fc.assert(
    fc.property(history, (bars) => {
      const whole = bollingerBands(bars)
      for (let end = 140; end <= bars.close.length; end += 7) {
        const from = end - 140
        const alone = bollingerBands({
          close: bars.close.slice(from, end),
          volume: bars.volume.slice(from, end),
          day: bars.day.slice(from, end),
          adjFactor: bars.adjFactor.slice(from, end),
          barsBefore: from,
        })
        for (const name of names)
          if (!Object.is(alone[name][139], whole[name][end - 1])) expect.fail(`${name} at ${end}: ${alone[name][139]} is not ${whole[name][end - 1]}`)
      }
    }),
    { numRuns: 25 },
  )
})

test('bollingerBands() never sees the future (law 1)', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: 140 }), (bars, cut) => {
      const poison = (x: Float64Array) => x.map((value, i) => (i > cut ? value * 1e9 : value))
      const whole = bollingerBands(bars)
      const poisoned = bollingerBands({ ...bars, close: poison(bars.close), volume: poison(bars.volume) })
      for (const name of names) expect(poisoned[name].slice(0, cut + 1)).toEqual(whole[name].slice(0, cut + 1))
    }),
    { numRuns: 25 },
  )
})

test('bollingerBands() equals the two-pass formulas within 1e-9, and positions stay within ±√19', () => {
  fc.assert(
    fc.property(history, (bars) => {
      const found = bollingerBands(bars)
      const price = slowBands(bars.close)
      const volume = slowBands(bars.volume)
      const pairs = [
        [found.z_close, price.z],
        [found.band_width, price.width],
        [found.band_width_zscore, price.widthZ],
        [found.v_band_width, volume.width],
        [found.v_band_width_zscore, volume.widthZ],
        [found.z_vol, volume.z],
        [found.price_position, price.z.map((z) => 50 + 25 * z)],
      ] as const
      for (const [values, expected] of pairs)
        for (const [i, value] of values.entries()) {
          if (Number.isNaN(expected[i]!) !== Number.isNaN(value) || Math.abs(value - expected[i]!) > 1e-9 * Math.max(1, Math.abs(value)))
            expect.fail(`${i}: ${value} is not ${expected[i]}`)
        }
      for (const position of [...found.price_position, ...found.v_price_position].filter((x) => !Number.isNaN(x))) {
        expect(position).toBeGreaterThan(-58.9725)
        expect(position).toBeLessThan(158.9725)
      }
    }),
    { numRuns: 25 },
  )
})

test('bollingerBands() does not see the scale of prices or the unit of volume (law 5)', () => {
  fc.assert(
    fc.property(history, fc.constantFrom(0.125, 2, 1024), (bars, scale) => {
      const scaled = bollingerBands({ ...bars, close: bars.close.map((x) => x * scale), volume: bars.volume.map((x) => x / scale) })
      const plain = bollingerBands(bars)
      for (const name of ['price_position', 'band_width', 'band_width_zscore', 'v_price_position', 'v_band_width', 'v_band_width_zscore', 'flags'] as const)
        expect(scaled[name]).toEqual(plain[name])
    }),
    { numRuns: 25 },
  )
})

/** The formulas of spec bollinger §2 as they are written. */
function slowBands(x: Float64Array): { z: number[]; width: number[]; widthZ: number[] } {
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
  const deviation = (list: readonly number[], ddof: number) => Math.sqrt(list.reduce((sum, value) => sum + (value - mean(list)) ** 2, 0) / (list.length - ddof))
  const z: number[] = []
  const width: number[] = []
  const widthZ: number[] = []
  for (let i = 0; i < x.length; i++) {
    const seen = Array.from(x.slice(Math.max(0, i - 19), i + 1))
    const [m, s] = [mean(seen), deviation(seen, 0)]
    const isFlat = s <= 1e-9 * m
    z.push(i < 19 || isFlat ? NaN : (x[i]! - m) / s)
    width.push(i < 19 ? NaN : isFlat ? 0 : (4 * s) / m)
    const widths = width.slice(-120).filter((value) => !Number.isNaN(value))
    const spread = widths.length < 60 ? NaN : deviation(widths, 1)
    widthZ.push(Number.isNaN(spread) ? NaN : spread <= 1e-12 ? 0 : (width[i]! - mean(widths)) / spread)
  }
  return { z, width, widthZ }
}

test.skipIf(!existsSync(factors))('bollingerBands() reproduces the vendor’s published bands of 600519 to their three digits (needs FUPAN_SHARED)', () => {
  const [header, ...lines] = readFileSync(factors, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))
  const rows = lines.toReversed()
  const column = (name: string) => Float64Array.from(rows, (row) => Number(row[header!.indexOf(name)]))
  const found = bollingerBands({ close: column('close_qfq'), volume: column('vol'), day: days(rows.length) })
  for (const [ours, theirs] of [
    [found.mid, column('boll_mid')],
    [found.upper, column('boll_upper')],
    [found.lower, column('boll_lower')],
  ] as const)
    for (let i = 19; i < rows.length; i++) expect(Math.abs(ours[i]! - theirs[i]!), `row ${i}`).toBeLessThanOrEqual(0.000501)
  expect(rows.length).toBeGreaterThan(400)
})
