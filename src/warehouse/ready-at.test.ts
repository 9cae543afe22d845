import { instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { odsDaily } from './ods/ods_daily.ts'
import { odsMarginDetail } from './ods/ods_margin_detail.ts'
import { readyAfter, readyInstant } from './ready-at.ts'

const at = (date: number, hour: number) => instantOf(tradeDate(date), hour * 3_600_000)

test('readyInstant() is the evening of the day for bars and the next morning for margin', () => {
  expect(readyInstant(odsDaily, tradeDate(20260630))).toBe(at(20260630, 17))
  expect(readyInstant(odsMarginDetail, tradeDate(20260630))).toBe(at(20260701, 9))
})

test('readyAfter() refuses what is not a time', () => {
  expect(() => readyAfter('tomorrow')).toThrow(/Cannot read when a table is ready/)
})
