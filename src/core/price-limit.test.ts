import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { boardOf, exchangeOf, readCode, type Board } from './code.ts'
import { toCny, toMilli } from './milli.ts'
import { limitsOf, type LimitQuestion } from './price-limit.ts'
import { tradeDate } from './trade-date.ts'

const shared = process.env['FUPAN_SHARED'] ?? '../shared'
const hasShared = existsSync(join(shared, 'README.md'))
const date = tradeDate(20260703)
const limits = (prevClose: number, more: Partial<LimitQuestion> = {}) => {
  const found = limitsOf({ prevClose: toMilli(prevClose), exchange: 'SH', board: 'main', date, ...more })
  return found.noLimit ?? [toCny(found.up), toCny(found.down)]
}

test('limitsOf() rounds half up on Shanghai and Shenzhen, inwards on Beijing, and keeps one tick (spec warehouse-dwd §9.3)', () => {
  expect(limits(10.05)).toEqual([11.06, 9.05])
  expect(limits(4.26)).toEqual([4.69, 3.83])
  expect(limits(3.05)).toEqual([3.36, 2.75])
  expect(limits(9.95, { isSt: true })).toEqual([10.45, 9.45])
  expect(limits(12.33, { exchange: 'SZ', board: 'chinext' })).toEqual([14.8, 9.86])
  expect(limits(0.04)).toEqual([0.05, 0.03])
  expect(limits(0.01)).toEqual([0.02, 0.01])
  expect(limits(1.15)).toEqual([1.27, 1.04])
  for (const [prev, up, down] of [
    [84.63, 110.01, 59.25],
    [17.09, 22.21, 11.97],
    [2.85, 3.7, 2],
    [0.7, 0.91, 0.49],
  ] as const)
    expect(limits(prev, { exchange: 'BJ', board: 'bse' })).toEqual([up, down])
  expect(limits(4.709, { isFund: true })).toEqual([5.18, 4.238])
})

test('limitsOf() takes the percentage of the day', () => {
  const percent = (day: number, more: Partial<LimitQuestion> = {}) =>
    limitsOf({ prevClose: 10_000, exchange: 'SZ', board: 'main', date: tradeDate(day), ...more }).percent
  expect([percent(19961216), percent(20260706)]).toEqual([10, 10])
  expect([percent(19980421, { isSt: true }), percent(19980422, { isSt: true }), percent(20260705, { isSt: true }), percent(20260706, { isSt: true })]).toEqual([
    10, 5, 5, 10,
  ])
  expect([percent(20200823, { board: 'chinext' }), percent(20200824, { board: 'chinext' })]).toEqual([10, 20])
  expect([percent(20200821, { board: 'chinext', isSt: true }), percent(20200824, { board: 'chinext', isSt: true })]).toEqual([5, 20])
  expect([percent(20240102, { board: 'star', isSt: true }), percent(20240102, { board: 'bse', isSt: true })]).toEqual([20, 30])
  expect([percent(20070105, { isSShare: true }), percent(20070108, { isSShare: true }), percent(20260910, { isSShare: true, isSt: true })]).toEqual([10, 5, 5])
  expect(percent(20240102, { isSt: true, delistingDay: 2 })).toBe(10)
  expect(percent(20240102, { isFund: true, percent: 20 })).toBe(20)
  expect(limitsOf({ prevClose: 10_000, exchange: 'SH', board: 'main', date: tradeDate(19961213) })).toEqual({ noLimit: 'NONE' })
})

test('limitsOf() knows the days without limit (spec warehouse-dwd §9.2)', () => {
  const on = (day: number, board: Board, listDays: number, listDate?: number) =>
    limitsOf({
      prevClose: 10_000,
      exchange: board === 'bse' ? 'BJ' : 'SZ',
      board,
      date: tradeDate(day),
      listDays,
      ...(listDate === undefined ? {} : { listDate: tradeDate(listDate) }),
    }).noLimit
  expect([on(20230410, 'main', 1), on(20230414, 'main', 5), on(20230417, 'main', 6)]).toEqual(['IPO_WINDOW', 'IPO_WINDOW', undefined])
  // Listed on Friday 2023-04-07 under the old rules: the window of five days does not apply on Monday.
  expect([on(20230410, 'main', 2), on(20230410, 'main', 2, 20230407)]).toEqual([undefined, undefined])
  expect([on(20200824, 'chinext', 2), on(20200825, 'chinext', 2)]).toEqual([undefined, 'IPO_WINDOW'])
  expect([on(20190722, 'star', 1), on(20240105, 'star', 5), on(20240108, 'star', 6)]).toEqual(['IPO_WINDOW', 'IPO_WINDOW', undefined])
  expect([on(20240105, 'bse', 1), on(20240108, 'bse', 2)]).toEqual(['IPO_WINDOW', undefined])
  expect([on(20100104, 'main', 1), on(20100105, 'main', 2)]).toEqual(['IPO_WINDOW', undefined])
  expect(limitsOf({ prevClose: 10_330, exchange: 'SZ', board: 'main', date: tradeDate(20160104), listDays: 1 })).toEqual({ up: 14_880, down: 6_610 })
  const day = { prevClose: 1000, exchange: 'SH', board: 'main' } as const
  expect(limitsOf({ ...day, date: tradeDate(20210104), delistingDay: 1 }).noLimit).toBe('DELIST_FIRST')
  expect(limitsOf({ ...day, date: tradeDate(20201230), delistingDay: 1 }).percent).toBe(10)
  expect(limitsOf({ ...day, date: tradeDate(20210104), isRelisting: true }).noLimit).toBe('RELIST')
})

test('limitsOf() refuses a previous close that is not a price', () => {
  for (const bad of [0, -10, NaN]) expect(() => limits(bad)).toThrow(/previous close must be positive/)
})

test('limitsOf() equals the decimal definition for every price, by long arithmetic', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400_000 }), fc.constantFrom<'main' | 'chinext' | 'bse'>('main', 'chinext', 'bse'), (cents, board) => {
      const percent = { main: 10n, chinext: 20n, bse: 30n }[board]
      const hundredths = [BigInt(cents) * (100n + percent), BigInt(cents) * (100n - percent)] as const
      const [up, down] = board === 'bse' ? [hundredths[0] / 100n, (hundredths[1] + 99n) / 100n] : [(hundredths[0] + 50n) / 100n, (hundredths[1] + 50n) / 100n]
      const expected = [Math.max(Number(up), cents + 1), Math.max(Math.min(Number(down), cents - 1), 1)]
      const found = limitsOf({ prevClose: cents * 10, exchange: board === 'bse' ? 'BJ' : 'SZ', board, date })
      expect([found.up! / 10, found.down! / 10]).toEqual(expected)
    }),
  )
})

test.skipIf(!hasShared)('limitsOf() gives every limit vector of the specs (needs FUPAN_SHARED)', () => {
  type Vector = {
    readonly pre_close?: string
    readonly prev?: string
    readonly pct: number | string
    readonly rounding?: string
    readonly tick?: string
    readonly up: string
    readonly down: string
  }
  const read = (file: string, key: string) => (JSON.parse(readFileSync(join(shared, file), 'utf8')) as Record<string, Vector[]>)[key]!
  const vectors = [...read('spec/warehouse-vectors.json', 'limit'), ...read('fixtures/vectors/microstructure.json', 'limits')]
  expect(vectors.length).toBeGreaterThan(30)
  for (const vector of vectors) {
    const percent = Number(vector.pct) < 1 ? Math.round(Number(vector.pct) * 100) : Number(vector.pct)
    const exchange = vector.rounding === 'bse' ? 'BJ' : 'SZ'
    const found = limits(Number(vector.pre_close ?? vector.prev), {
      exchange,
      board: exchange === 'BJ' ? 'bse' : 'main',
      percent,
      isFund: vector.tick === '0.001',
    })
    expect(found, JSON.stringify(vector)).toEqual([Number(vector.up), Number(vector.down)])
  }
})

test.skipIf(!hasShared)('limitsOf() equals the limits Tencent sent for every stock on 2022-11-22 (needs FUPAN_SHARED)', () => {
  const text = new TextDecoder('gbk').decode(gunzipSync(readFileSync(join(shared, 'data/payloads/tencent_qt_20221122.gbk.txt.gz'))))
  const rows = text
    .split('\n')
    .filter((line) => line.includes('~'))
    .map((line) => ({ symbol: line.slice(2, 10), field: line.slice(line.indexOf('"') + 1).split('~') }))
  // No limit (-1), S 股 and rows without a price are not in the question.
  const stocks = rows.filter(({ field }) => field[61]?.startsWith('GP-A') === true && Number(field[47]) > 0 && Number(field[4]) > 0)
  expect(stocks.length).toBeGreaterThanOrEqual(443)
  const wrong = stocks.filter(({ symbol, field }) => {
    const code = readCode(symbol)
    const found = limits(Number(field[4]), {
      exchange: exchangeOf(code),
      board: boardOf(code),
      date: tradeDate(20221122),
      isSt: /ST/.test(field[1]!),
      isSShare: /^S[^T*]/.test(field[1]!),
    })
    return typeof found === 'string' || found[0] !== Number(field[47]) || found[1] !== Number(field[48])
  })
  expect(wrong.map(({ symbol, field }) => `${symbol} ${field[1]} ${field[4]} ${field[47]} ${field[48]}`)).toEqual([])
})
