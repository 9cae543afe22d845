import { expect, test } from 'vitest'
import { labelAt } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { codes, dates, optionalDates, optionalNumbers, prices, requiredNumbers, texts, wholeMilli } from './cells.ts'
import { Sieve } from './sieve.ts'

const sieveFor = (cells: readonly string[]) => new Sieve({ header: ['x'], columns: [cells], line: cells.map((_, i) => i + 2) })
const reasons = (sieve: Sieve) => sieve.rejections().map(({ line, reason }) => `${line} ${reason}`)

test('optionalNumbers() reads vendor blanks as NaN and rejects words and infinities', () => {
  const cells = ['1.5', '', ' ', 'None', 'NaN', '--', 'null', '-3', '1e3', 'Infinity', '12abc', '0x1F', '0']
  const sieve = sieveFor(cells)
  expect([...sieve.keep(optionalNumbers(cells, sieve))]).toEqual([1.5, NaN, NaN, NaN, NaN, NaN, NaN, -3, 1000, 0])
  expect(reasons(sieve)).toEqual(['11 BAD_NUMBER', '12 BAD_NUMBER', '13 BAD_NUMBER'])
})

test('requiredNumbers() divides exactly and rejects blanks and negative numbers', () => {
  const cells = ['51629079.0', '', '-1']
  const sieve = sieveFor(cells)
  expect([...sieve.keep(requiredNumbers(cells, sieve, { per: 100 }))]).toEqual([516290.79])
  expect(reasons(sieve)).toEqual(['3 BAD_NUMBER', '4 BAD_NUMBER'])
})

test('prices() must be above zero', () => {
  const cells = ['12.47', '0.0', '-1', '']
  const sieve = sieveFor(cells)
  expect([...sieve.keep(prices(cells, sieve))]).toEqual([12.47])
  expect(reasons(sieve)).toEqual(['3 BAD_PRICE', '4 BAD_PRICE', '5 BAD_PRICE'])
})

test('dates() tells a missing, a bad and a future date apart', () => {
  const cells = ['20260925', '20260925', '20260927', '', '20260231']
  const sieve = sieveFor(cells)
  expect([...sieve.keep(dates(cells, sieve, tradeDate(20260926)))]).toEqual([20260925, 20260925])
  expect(reasons(sieve)).toEqual(['4 FUTURE_DATE', '5 MISSING_KEY', '6 BAD_DATE'])
})

test('dates() without a limit lets the future pass, and optionalDates() lets it be unknown', () => {
  const cells = ['20991231', '']
  const sieve = sieveFor(cells)
  expect([...optionalDates(cells, sieve)]).toEqual([20991231, NaN])
  expect(reasons(sieve)).toEqual([])
})

test('codes() brings every spelling of a code to one value', () => {
  const cells = ['sh.600000', '600000.SH', 'XX', '', '600000', '000001.SZ']
  const sieve = sieveFor(cells)
  const found = sieve.keep(codes(cells, sieve))
  expect([...found.index].map((_, row) => labelAt(found, row))).toEqual(['600000.SH', '600000.SH', '600000.SH', '000001.SZ'])
  expect(found.values).toEqual(['600000.SH', '000001.SZ'])
  expect(reasons(sieve)).toEqual(['4 BAD_CODE', '5 MISSING_KEY'])
})

test('texts() trims, and knows nothing of blanks', () => {
  const found = texts(['银行 ', '', '银行', 'None'])
  expect([0, 1, 2, 3].map((row) => labelAt(found, row))).toEqual(['银行', undefined, '银行', undefined])
})

test('wholeMilli() rounds to whole 厘, keeps the unknown and rejects what 32 bits cannot hold', () => {
  const cells = ['1854.98', '9.0799', '', '3000000', '-1']
  const sieve = sieveFor(cells)
  expect([...sieve.keep(wholeMilli(optionalNumbers(cells, sieve), cells, sieve))]).toEqual([1_854_980, 9080, NaN])
  expect(reasons(sieve)).toEqual(['5 BAD_PRICE', '6 BAD_PRICE'])
})
