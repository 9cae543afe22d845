import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { frameOf, numbers, toLabels, type Frame } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { absentRows, checkRows } from './check-rows.ts'
import { openFile } from './decode-file.ts'

const DAILY = { name: 'ods_daily', grain: ['trade_date', 'ts_code'] }

type Bar = readonly [code: string, date: number, open: number, high: number, low: number, close: number, vol: number, amount: number]

function bars(...rows: readonly Bar[]): Frame {
  const column = (at: number) => Float64Array.from(rows, (row) => row[at] as number)
  return frameOf({
    ts_code: toLabels(rows.map(([code]) => code)),
    trade_date: Uint32Array.from(rows, ([, date]) => date),
    open: column(2),
    high: column(3),
    low: column(4),
    close: column(5),
    vol: column(6),
    amount: column(7),
  })
}

/** 1,000 lots at 10.05 on average are 1,005 thousand CNY. */
const GOOD: Bar = ['600000.SH', 20260105, 10, 10.2, 9.9, 10.1, 1000, 1005]
const other = (code: string, change: Partial<Record<number, number>>): Bar =>
  GOOD.map((value, at) => (at === 0 ? code : (change[at] ?? value))) as unknown as Bar

test('checkRows() keeps good bars as they are', () => {
  const frame = bars(GOOD, other('000001.SZ', {}), other('000002.SZ', { 6: 0, 7: 0 }))
  const checked = checkRows(frame, DAILY)
  expect(checked.frame).toBe(frame)
  expect(checked.rejected).toEqual([])
})

test('checkRows() does not take the points of an index for prices, and takes no rows for repeated without a whole key', () => {
  const frame = bars(['000300.SH', 20260105, 4000, 4010, 3990, 4005, 1e8, 2e8], ['000300.SH', 20260106, 4000, 4010, 3990, 4005, 1e8, 2e8])
  expect(checkRows(frame, { name: 'ods_index_daily', grain: DAILY.grain }).frame).toBe(frame)
  expect(checkRows(frame, { name: 'some_table', grain: [] }).rejected).toEqual([])
  expect(checkRows(frame, { name: 'some_table', grain: ['ts_code', 'end_date'] }).rejected).toEqual([])
})

test.each([
  ['a price of 0', { 2: 0 }, 'BAD_PRICE'],
  ['a negative price', { 5: -10.1 }, 'BAD_PRICE'],
  ['a negative volume', { 6: -1 }, 'BAD_NUMBER'],
  ['a high below the close', { 3: 10.05 }, 'BAD_OHLC'],
  ['a low above the open', { 4: 10.01 }, 'BAD_OHLC'],
  ['a close beyond the range', { 5: 14 }, 'BAD_OHLC'],
  ['a turnover in CNY instead of thousands', { 7: 1_005_000 }, 'BAD_VWAP'],
  ['a mean just above the high and a tick', { 7: 1021.1 }, 'BAD_VWAP'],
] as const)('checkRows() rejects %s with its reason and its place, and keeps the rows around it', (_, change, reason) => {
  const { frame, rejected } = checkRows(bars(GOOD, other('000001.SZ', change), other('000002.SZ', {})), DAILY)
  expect(rejected).toEqual([{ line: 2, reason, found: expect.stringMatching(/^ts_code=000001\.SZ trade_date=20260105 open=/) as string }])
  expect(frame.length).toBe(2)
  expect(numbers(frame, 'close')).toEqual(Float64Array.of(10.1, 10.1))
})

test('checkRows() allows a mean within a tick of the range, because turnover is rounded', () => {
  expect(checkRows(bars(other('000001.SZ', { 7: 1020.9 }), other('000002.SZ', { 7: 989.1 })), DAILY).rejected).toEqual([])
})

test('checkRows() lets the last of several rows of a stock and date count', () => {
  const { frame, rejected } = checkRows(bars(GOOD, other('000001.SZ', {}), other('600000.SH', { 5: 10.15 })), DAILY)
  expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([[1, 'DUPLICATE']])
  expect(numbers(frame, 'close')).toEqual(Float64Array.of(10.1, 10.15))
})

test('checkRows() goes by the key of the table: several rows of a stock and date may be right', () => {
  const frame = frameOf({
    ts_code: toLabels(['600000.SH', '600000.SH', '600000.SH']),
    trade_date: new Uint32Array(3).fill(20260105),
    price: Float64Array.of(9.9, 10, 10),
    percent: Float64Array.of(1, 2, 3),
  })
  expect(checkRows(frame, { name: 'ods_cyq_chips', grain: [...DAILY.grain, 'price'] }).rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'DUPLICATE'],
  ])
})

test('checkRows() wants records numbered once, positive, and at no price that turnover and neighbours contradict, the first of repeated ones counts', () => {
  const frame = frameOf({
    ts_code: toLabels(['600000.SH', '600000.SH', '600000.SH', '000001.SZ', '000001.SZ', '000001.SZ']),
    trade_date: new Uint32Array(6).fill(20260105),
    at: Float64Array.of(1, 1, 2, 1, 2, 3),
    seq: Uint32Array.of(0, 0, 1, 0, 1, 2),
    price: Int32Array.of(10_000, 10_010, 0, 9000, 9300, 9100),
    volume: new Float64Array(6).fill(100),
    amount: Float64Array.of(1e6, 1e6, 1e6, 9e5, 9e5, 9e5),
  })
  const checked = checkRows(frame, DAILY)
  expect(checked.rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'DUPLICATE'],
    [3, 'BAD_PRICE'],
    // 9.30 against a mean of 9.00, between 9.00 and 9.10; 9.10 is within two per cent.
    [5, 'BAD_VWAP'],
  ])
  expect(numbers(checked.frame, 'price')).toEqual(Int32Array.of(10_000, 9000, 9100))
})

test('absentRows() expects a bar of every stock with a factor that is not suspended, and a factor of every stock with either', () => {
  const named = (...codes: readonly string[]) => frameOf({ ts_code: toLabels(codes), trade_date: new Uint32Array(codes.length).fill(20260105) })
  const suspended = frameOf({
    ts_code: toLabels(['000003.SZ', '000004.SZ', '000005.SZ']),
    trade_date: new Uint32Array(3).fill(20260105),
    suspend_type: toLabels(['S', 'R', 'S']),
  })
  // 3 and 5 are suspended; 4 resumes and should trade; 2 and 5 lack a factor; 1 lacks a bar.
  expect(absentRows({ bars: [named('000002.SZ')], factors: [named('000001.SZ', '000003.SZ', '000004.SZ')], suspended: [suspended] })).toEqual([
    { table: 'ods_daily', date: 20260105, code: '000001.SZ' },
    { table: 'ods_daily', date: 20260105, code: '000004.SZ' },
    { table: 'ods_adj_factor', date: 20260105, code: '000002.SZ' },
    { table: 'ods_adj_factor', date: 20260105, code: '000005.SZ' },
  ])
})

const data = join(process.env['FUPAN_SHARED'] ?? '../shared', 'data')
test.skipIf(!existsSync(data))(
  'checkRows() calls at most 0.1 % of real rows bad: five years of daily bars, fifteen days of three-second records (needs FUPAN_SHARED)',
  async () => {
    const rejectedOf = async (paths: readonly string[], table: string) => {
      let [rows, rejected] = [0, 0]
      for (const path of paths)
        for await (const { frames } of (await openFile({ path, today: tradeDate(20260926) })).decoded)
          for (const { frame } of frames.filter((each) => each.table === table)) {
            rows += frame.length
            rejected += checkRows(frame, { name: table, grain: DAILY.grain }).rejected.length
          }
      return { rows, rejected }
    }
    const daily = await rejectedOf([join(data, 'daily_raw/baostock_raw_2020_202504.csv.gz')], 'ods_daily')
    const ticks = await rejectedOf(globSync(join(data, 'ticks_l1/*/*.csv.gz')).toSorted(), 'ods_tick')
    expect(daily.rows).toBeGreaterThan(170_000)
    expect(ticks.rows).toBeGreaterThan(25_000)
    expect(daily.rejected / daily.rows).toBeLessThanOrEqual(0.001)
    expect(ticks.rejected / ticks.rows).toBeLessThanOrEqual(0.001)
  },
)
