import { expect, test } from 'vitest'
import type { RawTable } from '#core/import-kind.ts'
import { tradeDate } from '#core/trade-date.ts'
import { contextOf } from './file-context.ts'
import { importKinds } from './kinds/index.ts'
import { kindFor, missingContext } from './recognise.ts'
import { splitCells, splitRecord } from './split-cells.ts'

const today = tradeDate(20260926)
const daily = 'ts_code,trade_date,open,high,low,close,pre_close,change,pct_chg,vol,amount'
const raw = `${daily}\n600519.SH,20251022,1462.08,1465.73,1456,1458.7,1462.26,,,1,1`
const adjusted = `${daily}\n600519.SH,20251022,12142.572,12172.888,12092.08,12114.5035,,,,1,1`

function recognised(text: string, path = 'download.csv', kind?: string): string {
  const [first, ...rest] = text.split('\n')
  const header = splitRecord(first!)
  const sample: RawTable = { header, ...splitCells(rest.join('\n'), header.length, 2, true) }
  try {
    return kindFor(header, contextOf(path, { today }), { sample, ...(kind === undefined ? {} : { kind }) }).name
  } catch (error) {
    return (error as Error).message
  }
}

test('kindFor() tells adjusted from unadjusted daily bars by the file name, else by the price grid', () => {
  expect(recognised(raw)).toBe('tushare_daily')
  expect(recognised(raw, 'daily_qfq/2012.csv')).toBe('tushare_daily_qfq')
  expect(recognised(adjusted, '600519_hfq.csv')).toBe('tushare_daily_hfq')
  expect(recognised(adjusted, '前复权.csv')).toBe('tushare_daily_qfq')
  expect(recognised(raw, 'daily_raw.csv')).toBe('tushare_daily')
})

test('kindFor() demands --kind for adjusted bars in a file that does not say how', () => {
  const message = recognised(adjusted)
  expect(message).toMatch(/^Cannot tell what download\.csv is: .*0\.01 grid.* Say --kind .*--kind tushare_daily_qfq or --kind tushare_daily_hfq/)
  expect(recognised(adjusted, 'download.csv', 'tushare-daily-qfq')).toBe('tushare_daily_qfq')
})

test('kindFor() looks at rows throughout the sample: a first stock that never paid does not hide the others', () => {
  const plain = Array.from({ length: 6000 }, (_, i) => `688015.SH,20230317,21.85,22.32,21.84,22.19,21.76,0.43,1.9,${i},1`)
  const text = [daily, ...plain, ...Array.from({ length: 300 }, () => adjusted.split('\n')[1])].join('\n')
  expect(recognised(text)).toContain('Cannot tell')
})

test('kindFor() tells funds and indices from stocks by their codes, and refuses a mixture', () => {
  expect(recognised(raw.replace('600519.SH', '510300.SH'))).toBe('tushare_fund_daily')
  expect(recognised(raw.replace('600519.SH', '000300.SH'))).toBe('tushare_index_daily')
  expect(recognised(`${raw}\n510300.SH,20251022,4.1,4.2,4.0,4.1,,,,1,1`)).toContain('Cannot tell')
  expect(recognised('ts_code,trade_date,adj_factor\n510300.SH,20251023,1.235')).toBe('tushare_fund_adj')
  expect(recognised('ts_code,trade_date,adj_factor\n600519.SH,20251023,8.305')).toBe('tushare_adj_factor')
})

test('kindFor() with --kind still needs the columns of that kind', () => {
  expect(recognised(raw, 'download.csv', 'tick_detail')).toMatch(/Cannot read download\.csv as tick_detail: it also reads timestamp/)
  expect(recognised(raw, 'download.csv', 'tushare_dayli')).toMatch(/Did you mean tushare_daily\?/)
})

test('kindFor() names the nearest kind of an unknown header, and lists all kinds', () => {
  const message = recognised('date,open,high,low,close,volume\n2017-01-03,1,1,1,1,1')
  expect(message).toContain('The nearest kind is minute_bars: it also reads datetime, symbol, amount')
  for (const { name } of importKinds) expect(message).toContain(name)
  expect(recognised('dt,ticker,materials\n2017-01-03,1,1')).not.toContain('nearest')
})

test('kindFor() refuses documentation with a reason', () => {
  expect(recognised('当前列名,一级来源,二级分类,tushare接口链接,字段名,中文含义,英文含义,单位\ntrade_date,common,date,,,,,')).toContain(
    'describes the columns of other files',
  )
})

test('kindFor() gives every kind back for its own header', () => {
  const shared = [
    'tushare_daily',
    'tushare_daily_qfq',
    'tushare_daily_hfq',
    'tushare_fund_daily',
    'tushare_index_daily',
    'tushare_adj_factor',
    'tushare_fund_adj',
    'tushare_daily_basic',
    'tushare_index_dailybasic',
  ]
  for (const kind of importKinds) {
    const others = importKinds.filter((other) => other !== kind && other.recognises(kind.columns, { path: '', fileName: '' })).map(({ name }) => name)
    expect(kind.recognises(kind.columns, { path: '', fileName: '' }), kind.name).toBe(true)
    expect(
      others.filter((name) => !shared.includes(name) || !shared.includes(kind.name)),
      `others with the header of ${kind.name}`,
    ).toEqual([])
  }
})

test('missingContext() asks only for what neither the path nor the columns say', () => {
  const kind = (name: string) => importKinds.find((each) => each.name === name)!
  const nowhere = contextOf('trade.csv', { today })
  expect(missingContext(kind('tick_detail'), ['timestamp'], nowhere)).toEqual(['code', 'date'])
  expect(missingContext(kind('tick_detail'), ['timestamp'], contextOf('300027.SZ/2018-01-15.csv', { today }))).toEqual([])
  expect(missingContext(kind('l2_trade_sh'), ['TradTime'], nowhere)).toEqual(['date'])
  expect(missingContext(kind('l2_trade_sh'), ['ts'], nowhere)).toEqual([])
  expect(missingContext(kind('minute_bars'), ['datetime', 'symbol'], nowhere)).toEqual([])
  expect(missingContext(kind('minute_bars'), ['datetime'], nowhere)).toEqual(['code'])
})
