import { expect, test } from 'vitest'
import {
  fixed,
  formatAge,
  formatAmount,
  formatChange,
  formatCount,
  formatInstant,
  formatPrice,
  formatShare,
  formatSigned,
  formatTick,
  tickOf,
  UNKNOWN,
  formatTurnover,
} from './format.ts'

test('formatPrice() shows as many decimals as the tick has', () => {
  expect(formatPrice(12.3)).toBe('12.30')
  expect(formatPrice(1.2345, tickOf('510300.SH'))).toBe('1.234')
  expect(tickOf('600519.SH')).toBe(0.01)
  expect(tickOf('159915.SZ')).toBe(0.001)
})

test('formatChange() always carries the sign, except for zero', () => {
  expect(formatChange(0.0123)).toBe('+1.23%')
  expect(formatChange(-0.1)).toBe('−10.00%')
  expect(formatChange(0)).toBe('0.00%')
  expect(formatChange(-0.000_001)).toBe('0.00%')
  expect(formatSigned(0.004, 2)).toBe('0.00')
})

test('every formatter shows a dash for what is not known, never 0', () => {
  for (const missing of [null, undefined, NaN, Infinity]) {
    for (const format of [formatPrice, formatChange, formatShare, formatSigned, formatCount] as const) expect(format(missing)).toBe(UNKNOWN)
    expect(formatAmount(missing, 'en')).toBe(UNKNOWN)
    expect(formatAge(missing, 'en')).toBe(UNKNOWN)
    expect(fixed(missing, 2)).toBe(UNKNOWN)
  }
})

test('formatAmount() speaks 万 and 亿 in Chinese, K, M and B in English', () => {
  expect(formatAmount(123_456_789, 'zh-CN')).toBe('1.23亿')
  expect(formatAmount(123_456_789, 'en')).toBe('123.46M')
  expect(formatAmount(-45_600, 'zh-CN', 'signed')).toBe('−4.56万')
  expect(formatAmount(45_600, 'en', 'signed')).toBe('+45.60K')
  expect(formatAmount(987, 'zh-CN')).toBe('987')
})

test('formatAmount() never rounds up into a figure of five digits', () => {
  expect(formatAmount(99_999_999, 'zh-CN')).toBe('1.00亿')
  expect(formatAmount(9999.9, 'zh-CN')).toBe('1.00万')
  expect(formatAmount(999_999_999, 'en')).toBe('1.00B')
})

test('formatTick() drops the decimals of round figures only', () => {
  expect(formatTick(60_000_000, 'zh-CN')).toBe('6000万')
  expect(formatTick(-250_000_000, 'zh-CN')).toBe('−2.50亿')
  expect(formatTick(0, 'en')).toBe('0')
})

test('formatInstant() is Shanghai time', () => {
  expect(formatInstant(Date.UTC(2026, 0, 5, 18, 30, 5))).toBe('2026-01-06 02:30:05')
})

test('formatAge() takes the largest whole unit', () => {
  expect(formatAge(8_900, 'zh-CN')).toBe('8秒')
  expect(formatAge(12 * 60_000, 'en')).toBe('12m')
  expect(formatAge(3 * 3_600_000 + 1, 'en')).toBe('3h')
  expect(formatAge(2 * 86_400_000, 'zh-CN')).toBe('2天')
  expect(formatAge(-5, 'en')).toBe('0s')
})

test('formatTurnover() has a decimal more for minutes', () => {
  expect([formatTurnover(0.000042, true), formatTurnover(0.0123, false), formatTurnover(undefined, false)]).toEqual(['0.004%', '1.23%', UNKNOWN])
})
