import { expect, test } from 'vitest'
import { tradeDate } from '#core/trade-date.ts'
import { contextOf } from './file-context.ts'

const today = tradeDate(20260926)
const said = { today }

test('contextOf() reads code and date from the file name and the folders above it', () => {
  expect(contextOf('/x/ticks_l1/300027.SZ/2018-01-15.csv.gz', said)).toMatchObject({ fileName: '2018-01-15.csv.gz', code: '300027.SZ', date: 20180115 })
  expect(contextOf('l2/600519.SH_20230201/trade.csv.gz', said)).toMatchObject({ code: '600519.SH', date: 20230201 })
  expect(contextOf('trade_600519_20230201.zstd.parquet', said)).toMatchObject({ code: '600519.SH', date: 20230201 })
  expect(contextOf('sz000001.csv', said)).toMatchObject({ code: '000001.SZ' })
})

test('contextOf() takes neither a month for a code nor one of two dates', () => {
  const context = contextOf('minute/600519_1min_202603.csv.gz', said)
  expect(context.code).toBe('600519.SH')
  expect(context.date).toBeUndefined()
  expect(contextOf('bars_20200101_20201231.csv', said).date).toBeUndefined()
  expect(contextOf('600519_000001.csv', said).code).toBeUndefined()
})

test('contextOf() lets the user overrule the path and refuses what it cannot read', () => {
  expect(contextOf('300027.SZ/2018-01-15.csv', { today, code: 'sh600519', date: '20260105' })).toMatchObject({ code: '600519.SH', date: 20260105 })
  expect(() => contextOf('a.csv', { today, code: 'moutai' })).toThrow('--code')
  expect(() => contextOf('a.csv', { today, date: '2026-02-30' })).toThrow('--date')
})
