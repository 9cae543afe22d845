import { expect, test } from 'vitest'
import { labelAt, labels, numbers } from '#core/frame.ts'
import type { FileContext, RawTable } from '#core/import-kind.ts'
import { tradeDate } from '#core/trade-date.ts'
import { tushareStockSt } from './kinds/tushare-stock-st.ts'
import { tushareSuspendD } from './kinds/tushare-suspend-d.ts'
import { importKinds } from './kinds/index.ts'

const context: FileContext = { path: 'x.csv', fileName: 'x.csv', today: tradeDate(20260110) }

function table(header: string, ...rows: readonly string[]): RawTable {
  const cells = rows.map((row) => row.split(','))
  return { header: header.split(','), columns: header.split(',').map((_, k) => cells.map((row) => row[k]!)), line: cells.map((_, k) => k + 2) }
}

test('tushare_suspend_d reads whole days and windows, and rejects an unknown type', () => {
  const raw = table(
    'ts_code,trade_date,suspend_timing,suspend_type',
    '600000.SH,20260105,,S',
    '000001.SZ,20260105,09:30-10:00,S',
    '000001.SZ,20260106,,R',
    '000002.SZ,20260106,,X',
    '000003.SZ,20260210,,S',
  )
  const { frames, rejected } = tushareSuspendD.decode(raw, context)
  const { frame } = frames[0]!
  const text = (name: string) => Array.from({ length: frame.length }, (_, row) => labelAt(labels(frame, name), row))
  expect([frames[0]!.table, frame.length]).toEqual(['ods_suspend_d', 3])
  expect(text('suspend_type')).toEqual(['S', 'S', 'R'])
  expect(text('suspend_timing')).toEqual([undefined, '09:30-10:00', undefined])
  expect(text('suspend_timing_key')).toEqual(['', '09:30-10:00', ''])
  expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [5, 'BAD_ROW'],
    [6, 'FUTURE_DATE'],
  ])
})

test('tushare_stock_st reads a day’s list with and without names', () => {
  const raw = table('ts_code,trade_date,name,type,type_name', '600001.SH,20260105,ST邯钢,ST,风险警示板')
  const { frame } = tushareStockSt.decode(raw, context).frames[0]!
  expect([labelAt(labels(frame, 'name'), 0), labelAt(labels(frame, 'type'), 0), numbers(frame, 'trade_date')[0]]).toEqual(['ST邯钢', 'ST', 20260105])
  expect(tushareStockSt.decode(table('ts_code,trade_date,type,type_name', '600001.SH,20260105,,x'), context).rejected.map(({ reason }) => reason)).toEqual([
    'MISSING_KEY',
  ])
})

test('the two kinds recognise their own headers, and no other kind does', () => {
  const recognised = (header: string) => importKinds.filter((kind) => kind.recognises(header.split(','), context)).map(({ name }) => name)
  expect(recognised('ts_code,trade_date,suspend_timing,suspend_type')).toEqual(['tushare_suspend_d'])
  expect(recognised('ts_code,name,trade_date,type,type_name')).toEqual(['tushare_stock_st'])
})
