import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLabels, labelAt, MISSING, type Column, type Frame } from '#core/frame.ts'
import type { Decoded, FileContext, RawTable } from '#core/import-kind.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { findTable } from '#warehouse/tables.ts'
import { contextOf } from './file-context.ts'
import { importKinds } from './kinds/index.ts'
import { splitCells, splitRecord } from './split-cells.ts'

const today = tradeDate(20260926)

function tableOf(text: string): RawTable {
  const [first, ...rest] = text.trim().split('\n')
  const header = splitRecord(first!)
  return { header, ...splitCells(rest.join('\n'), header.length, 2, true) }
}

function kind(name: string) {
  return importKinds.find((each) => each.name === name)!
}

function decode(name: string, text: string, path = 'x.csv', said: { code?: string; date?: string } = {}): Decoded {
  return kind(name).decode(tableOf(text), contextOf(path, { today, ...said }))
}

function frameFor(decoded: Decoded, table: string): Frame {
  return decoded.frames.find((each) => each.table === table)!.frame
}

function column(decoded: Decoded, table: string, name: string): (number | string | undefined)[] {
  return listed(frameFor(decoded, table).columns[name]!)
}

function listed(values: Column): (number | string | undefined)[] {
  return isLabels(values) ? [...values.index].map((_, row) => labelAt(values, row)) : [...values]
}

const reasons = (decoded: Decoded) => decoded.rejected.map(({ line, reason }) => `${line} ${reason}`)
const at = (date: number, time: string) => instantOf(tradeDate(date), clockTime(time))

const daily = 'ts_code,trade_date,open,high,low,close,pre_close,change,pct_chg,vol,amount'

test('tushare_daily decodes by name, not by position, and says why a row is left out', () => {
  const decoded = decode(
    'tushare_daily',
    `amount,vol,pct_chg,change,pre_close,close,low,high,open,trade_date,ts_code
2657486.636,18194.92,-0.24,-3.56,1462.26,1458.70,1456.00,1465.73,1462.08,20251022,600519.SH
1,1,,,,0,1,1,1,20251022,000001.SZ
1,1,,,,1.1,1.1,1.1,1.1,20260927,000001.SZ
1,1,,,,1.1,1.1,1.1,1.1,20261301,000001.SZ
1,1,,,,1.1,1.1,1.1,1.1,20251022,AAPL
1,1,,,,1.1,1.1,1.1,1.1,20251022,000300.SH
1,1,,,,1.1,1.1,1.1,,20251022,000002.SZ
x,1,,,,1.1,1.1,1.1,1.1,20251022,000002.SZ
1,-1,,,,1.1,1.1,1.1,1.1,20251022,000002.SZ
1,1,,,,1.1234,1.1,1.1,1.1,20251022,000002.SZ
1,1,,,,1.1,1.1,1.1,1.1,,000002.SZ
1,1,,,,0.527,0.527,0.527,0.527,20251022,900901.SH`,
  )
  expect(reasons(decoded)).toEqual([
    '3 BAD_PRICE',
    '4 FUTURE_DATE',
    '5 BAD_DATE',
    '6 BAD_CODE',
    '7 BAD_CODE',
    '8 BAD_PRICE',
    '9 BAD_NUMBER',
    '10 BAD_NUMBER',
    '11 BAD_PRICE',
    '12 MISSING_KEY',
  ])
  expect(decoded.rejected[8]!.found).toContain('0.01 grid')
  expect(column(decoded, 'ods_daily', 'ts_code')).toEqual(['600519.SH', '900901.SH'])
  expect(column(decoded, 'ods_daily', 'vol')).toEqual([18194.92, 1])
  expect(column(decoded, 'ods_daily', 'pre_close')).toEqual([1462.26, NaN])
})

test('tushare_daily keeps both rows of a repeated key in file order: the loader lets the last one count', () => {
  const decoded = decode('tushare_daily', `${daily}\n600519.SH,20251022,1,1,1,1,,,,1,1\n600519.SH,20251022,2,2,2,2,,,,1,1`)
  expect(column(decoded, 'ods_daily', 'close')).toEqual([1, 2])
  expect(decoded.rejected).toEqual([])
})

test('tushare_fina_indicator gives equal content one fingerprint, whatever the order of columns or the zeros of a number', () => {
  const one = decode(
    'tushare_fina_indicator',
    'ts_code,ann_date,end_date,eps,roe,turn_days\n600519.SH,20250430,20250331,21.38,10.92,\n600519.SH,20250501,20250331,21.38,10.92,',
  )
  const other = decode('tushare_fina_indicator', 'roe,eps,end_date,ann_date,ts_code\n10.920,21.38,20250331,20250430,600519.SH')
  const [first, second] = column(one, 'ods_fina_indicator', 'row_hash')
  expect(first).toMatch(/^[0-9a-f]{16}$/)
  expect(second).not.toBe(first)
  expect(column(other, 'ods_fina_indicator', 'row_hash')).toEqual([first])
})

test('tushare_fina_indicator keeps fields it does not know as JSON, without the empty ones', () => {
  const decoded = decode('tushare_fina_indicator', 'ts_code,ann_date,end_date,eps,turn_days,memo,gross_margin\n600519.SH,,20250331,21.38,1544.2,,x')
  expect(column(decoded, 'ods_fina_indicator', 'ext_json')).toEqual(['{"turn_days":1544.2,"gross_margin":"x"}'])
  expect(column(decoded, 'ods_fina_indicator', 'ann_date')).toEqual([NaN])
})

test('tushare_stk_factor reads the short interface and the pro one into the same columns', () => {
  const short = decode(
    'tushare_stk_factor',
    'ts_code,trade_date,close,close_qfq,macd_dif,kdj_j,pct_change\n600519.SH,20251023,1467.98,1467.98,-1.344,74.159,0.6362',
  )
  const pro = decode(
    'tushare_stk_factor',
    'ts_code,trade_date,close,close_qfq,macd_dif_qfq,kdj_qfq,pct_chg,asi_bfq\n600519.SH,20251023,1467.98,1467.98,-1.344,74.159,0.6362,3',
  )
  for (const [decoded, api] of [
    [short, 'stk_factor'],
    [pro, 'stk_factor_pro'],
  ] as const) {
    expect(column(decoded, 'ods_stk_factor', 'macd_dif_qfq')).toEqual([-1.344])
    expect(column(decoded, 'ods_stk_factor', 'kdj_qfq')).toEqual([74.159])
    expect(column(decoded, 'ods_stk_factor', 'pct_chg')).toEqual([0.6362])
    expect(column(decoded, 'ods_stk_factor', 'src_api')).toEqual([api])
  }
  expect(column(pro, 'ods_stk_factor', 'ext_json')).toEqual(['{"asi_bfq":3}'])
})

test('tushare_margin reads columns that carry the prefix of their data set', () => {
  const decoded = decode('tushare_margin', 'market_margin_trade_date,market_margin_exchange_id,market_margin_rzye\n20251023,SSE,1232014143922.0\n20251023,,1')
  expect(column(decoded, 'ods_margin', 'rzye')).toEqual([1232014143922])
  expect(reasons(decoded)).toEqual(['3 MISSING_KEY'])
})

test('tushare_trade_cal takes future days, and Shanghai where no exchange is named', () => {
  const decoded = decode('tushare_trade_cal', 'cal_date,is_open,pretrade_date\n20261231,1,20261230\n20260926,0,20260925\n20260928,2,20260925')
  expect(column(decoded, 'ods_trade_cal', 'exchange')).toEqual(['SSE', 'SSE'])
  expect(column(decoded, 'ods_trade_cal', 'is_open')).toEqual([1, 0])
  expect(column(decoded, 'ods_trade_cal', 'day_idx')).toEqual([5343, NaN])
  expect(reasons(decoded)).toEqual(['4 BAD_NUMBER'])
})

test('session_calendar closes the days between the listed sessions', () => {
  const decoded = decode(
    'session_calendar',
    ',open,close,break_start,break_end\n2026-09-24T00:00:00Z,2026-09-24T01:30:00Z,,,\n2026-09-28T00:00:00Z,2026-09-28T01:30:00Z,,,\n2026-09-28T00:00:00Z,2026-09-28T01:30:00Z,,,\nx,x,,,',
  )
  expect(column(decoded, 'ods_trade_cal', 'cal_date')).toEqual([20260924, 20260925, 20260926, 20260927, 20260928])
  expect(column(decoded, 'ods_trade_cal', 'is_open')).toEqual([1, 0, 0, 0, 1])
  expect(column(decoded, 'ods_trade_cal', 'pretrade_date')).toEqual([NaN, 20260924, 20260924, 20260924, 20260924])
  expect(reasons(decoded)).toEqual(['4 DUPLICATE', '5 BAD_DATE'])
})

test('tushare_stock_basic derives board, exchange, pinyin initials and whether it is an A share', () => {
  const decoded = decode(
    'tushare_stock_basic',
    'ts_code,symbol,name,area,industry,list_date\n600519.SH,600519,贵州茅台,贵州,白酒,20010827\n300027.SZ,300027,华谊兄弟,浙江,影视音像,20091030\n688009.SH,688009,中国通号,,,20190722\n873527.BJ,873527,夜光明,,,20221027\n900901.SH,900901,云赛B股,,,19920221\n000002.SZ,000002,万科A,深圳,全国地产,19910129\n600000.SH,600000,,,,19991110\n510300.SH,510300,沪深300ETF,,,20120528\n000004.SZ,000004,*ST国华,,,bad',
  )
  expect(column(decoded, 'dim_stock', 'pinyin')).toEqual(['gzmt', 'hyxd', 'zgth', 'ygm', 'ysbg', 'wka'])
  expect(column(decoded, 'dim_stock', 'board')).toEqual(['main', 'chinext', 'star', 'bse', 'main', 'main'])
  expect(column(decoded, 'dim_stock', 'exchange')).toEqual(['SSE', 'SZSE', 'SSE', 'BSE', 'SSE', 'SZSE'])
  expect(column(decoded, 'dim_stock', 'is_a_share')).toEqual([1, 1, 1, 1, 0, 1])
  expect(reasons(decoded)).toEqual(['8 MISSING_KEY', '9 BAD_CODE', '10 BAD_DATE'])
})

const baostock = 'date,code,open,high,low,close,preclose,volume,amount,adjustflag,turn,tradestatus,pctChg,isST,peTTM,pbMRQ,psTTM,pcfNcfTTM'

test('baostock_daily turns shares and CNY into lots and thousands, and routes suspended and ST rows', () => {
  const decoded = decode(
    'baostock_daily',
    `${baostock}
2020-01-02,sh.600000,12.47,12.64,12.45,12.47,12.37,51629079.0,647446166.0,3,0.1837,1,0.8084,0,5.994733,0.762284,1.915555,-6.071904
2021-06-10,sh.600009,48.85,48.85,48.85,48.85,48.85,,,3,,0,0.0,0,-52.774736,3.270849,26.639656,66.795183
2021-02-19,sh.600515,6.79,6.79,6.79,6.79,7.15,7236500.0,49135835.0,3,0.4364,1,-5.035,1,-27.6,1.1,3.0,-10.1
2021-02-19,sh.600515,6.79,6.79,6.79,6.79,7.15,7236500.0,49135835.0,2,0.4364,1,-5.035,0,,,,
2021-02-19,sh.600515,6.79,0,6.79,6.79,7.15,1,1,3,0.4364,1,-5.035,0,,,,
2021-02-19,sh.600515,6.79,6.79,6.79,6.79,7.15,1,,3,0.4364,1,-5.035,0,,,,
2021-02-19,sh.000300,6.79,6.79,6.79,6.79,7.15,1,1,3,0.4364,1,-5.035,0,,,,
2021-02-19,sh.600515,6.79,6.79,6.79,6.79,7.15,1,1,9,0.4364,1,-5.035,0,,,,`,
  )
  expect(column(decoded, 'ods_daily', 'ts_code')).toEqual(['600000.SH', '600515.SH'])
  expect(column(decoded, 'ods_daily', 'vol')).toEqual([516290.79, 72365])
  expect(column(decoded, 'ods_daily', 'amount')).toEqual([647446.166, 49135.835])
  expect(column(decoded, 'ods_daily_basic', 'pe_ttm')).toEqual([5.994733, NaN])
  expect(column(decoded, 'ods_daily_qfq', 'close')).toEqual([6.79])
  expect(column(decoded, 'ods_suspend_d', 'ts_code')).toEqual(['600009.SH'])
  expect(column(decoded, 'ods_stock_st', 'trade_date')).toEqual([20210219])
  expect(reasons(decoded)).toEqual(['6 BAD_PRICE', '7 BAD_NUMBER', '8 BAD_CODE', '9 BAD_NUMBER'])
})

test('baostock_index_member takes the index from the file name, and rejects every row when nothing names it', () => {
  const text = 'updateDate,code,code_name\n2024-08-19,sh.600000,浦发银行'
  expect(column(decode('baostock_index_member', text, 'hs300_20240819.csv'), 'ods_index_member', 'index_code')).toEqual(['000300.SH'])
  expect(column(decode('baostock_index_member', text, 'x.csv', { code: '000905.SH' }), 'ods_index_member', 'index_code')).toEqual(['000905.SH'])
  expect(reasons(decode('baostock_index_member', text, 'members.csv'))).toEqual(['2 MISSING_KEY'])
})

test('vendor_dayk turns shares and CNY into lots and thousands and reads the exchange from securityId', () => {
  const text =
    'timestamp,code,low,open,close,high,volume,turnover,securityId\n2018-03-29,000001,9.28,9.28,9.38,9.43,28972746,270918273,stock_sz_000001\n2018-03-30,000001,9.2811,9.28,9.38,9.43,1,1,stock_sz_000001'
  const decoded = decode('vendor_dayk', text)
  expect(column(decoded, 'ods_daily', 'ts_code')).toEqual(['000001.SZ'])
  expect(column(decoded, 'ods_daily', 'vol')).toEqual([289727.46])
  expect(column(decoded, 'ods_daily', 'amount')).toEqual([270918.273])
  expect(reasons(decoded)).toEqual(['3 BAD_PRICE'])
  const adjusted = decode(
    'vendor_dayk_hfq',
    'timestamp,code,low,open,close,high,volume,turnover,securityId,factor\n2018-03-28,300027,138.805,140.009,139.407,142.117,39947305.000,372523227.000,stock_sz_300027,15.055',
  )
  expect(column(adjusted, 'ods_adj_factor', 'adj_factor')).toEqual([15.055])
})

test('minute_bars tells lots from shares by the money, the length from the labels, and keeps minutes without trades', () => {
  const decoded = decode(
    'minute_bars',
    `datetime,symbol,open,high,low,close,volume,amount
2026-03-23 09:45:00,600004,9.61,9.68,9.51,9.53,4275300,40931568.0
2026-03-23 10:00:00,600004,9.53,9.53,9.53,9.53,0,0.0
2026-03-23 10:15:00,600004,0.0,9.53,9.53,9.53,12932,12335676.0
2026-03-23 10:30:00,600004,0,0,0,0,0,0
2026-03-23 10:45:00,600004,9.5,9.5,9.5,9.5,100,1000000
2026-03-23 02:00:00,600004,9.5,9.5,9.5,9.5,0,0
2026-03-32 10:45:00,600004,9.5,9.5,9.5,9.5,0,0
2026-03-23 11:00:00,600004,9.5,9.5,9.5,9.5,,`,
  )
  expect(column(decoded, 'ods_minute_bar', 'minutes')).toEqual([15, 15, 15])
  expect(column(decoded, 'ods_minute_bar', 'volume')).toEqual([4275300, 0, 1293200])
  expect(column(decoded, 'ods_minute_bar', 'open')).toEqual([9.61, 9.53, NaN])
  expect(column(decoded, 'ods_minute_bar', 'at')[0]).toBe(at(20260323, '09:45'))
  expect(reasons(decoded)).toEqual(['5 BAD_PRICE', '6 BAD_NUMBER', '7 BAD_TIME', '8 BAD_TIME', '9 BAD_NUMBER'])
})

test('minute_bars reads Chinese headers, and takes the length from the file name when labels do not tell', () => {
  const text = '时间,开盘,收盘,最高,最低,成交量,成交额\n2026-03-23 09:35:00,40.78,41.98,41.98,40.78,41088,169231678.0'
  expect(column(decode('minute_bars', text, '300766_5min.csv'), 'ods_minute_bar', 'minutes')).toEqual([5])
  expect(column(decode('minute_bars', text, '300766_5min.csv'), 'ods_minute_bar', 'volume')).toEqual([4108800])
  expect(reasons(decode('minute_bars', text, '300766.csv'))).toEqual(['2 BAD_TIME'])
})

const ticks = `timestamp,price,volume,turnover,direction
15:00:03,9.08,5238,4756104,1
14:57:03,9.08,85,77180,-1
14:57:00,9.07,0,54,-1
14:57:00,9.07,1,907,0
14:56:57,9.07,1,907,0
14:56:57,9.07,1,907,0
14:56:54,9.07,1,90700,0
14:56:51,0,1,907,0
14:56:48,9.07,-1,907,0
09:30:03,9.23,359,331357,1
09:25:03,9.22,2607,2403654,1
09:20:00,9.22,1,922,1`

test('tick_detail turns newest first into oldest first, lots into shares, CNY into whole 厘', () => {
  const decoded = decode('tick_detail', ticks, '300027.SZ/2018-01-15.csv')
  expect(column(decoded, 'ods_tick', 'seq')).toEqual([0, 1, 2, 3, 4, 5])
  expect(column(decoded, 'ods_tick', 'at')).toEqual(['09:25:03', '09:30:03', '14:56:57', '14:57:00', '14:57:03', '15:00:03'].map((time) => at(20180115, time)))
  expect(column(decoded, 'ods_tick', 'price')).toEqual([9220, 9230, 9070, 9070, 9080, 9080])
  expect(column(decoded, 'ods_tick', 'volume')).toEqual([260700, 35900, 100, 100, 8500, 523800])
  expect(column(decoded, 'ods_tick', 'amount')).toEqual([2403654000, 331357000, 907000, 907000, 77180000, 4756104000])
  // In the call auctions nobody is the aggressor, whatever the vendor writes.
  expect(column(decoded, 'ods_tick', 'vendor_side')).toEqual([undefined, 'B', 'M', 'M', 'S', undefined])
  expect(column(decoded, 'ods_tick', 'trade_count')).toEqual([NaN, NaN, NaN, NaN, NaN, NaN])
  expect(column(decoded, 'ods_tick', 'ts_code')[0]).toBe('300027.SZ')
  expect(reasons(decoded)).toEqual(['4 ZERO_VOLUME', '7 DUPLICATE', '8 BAD_NUMBER', '9 BAD_PRICE', '10 BAD_NUMBER', '13 BAD_TIME'])
})

test('tick_detail gives the same rows for the same file oldest first', () => {
  const [header, ...rows] = ticks.split('\n')
  const turned = decode('tick_detail', [header, ...rows.toReversed()].join('\n'), '300027.SZ/2018-01-15.csv')
  const original = decode('tick_detail', ticks, '300027.SZ/2018-01-15.csv')
  for (const name of ['at', 'price', 'volume', 'amount', 'seq']) expect(column(turned, 'ods_tick', name), name).toEqual(column(original, 'ods_tick', name))
})

test('tick_detail takes volume in shares where the money says so', () => {
  const decoded = decode('tick_detail', 'timestamp,price,volume,turnover,direction\n10:00:00,60.5,250,15125,1', 'x.csv', {
    code: '688009.SH',
    date: '20200102',
  })
  expect(column(decoded, 'ods_tick', 'volume')).toEqual([250])
})

const tradeSh =
  'DataStatus,TradeIndex,TradeChan,SecurityID,TradTime,TradPrice,TradVolume,TradeMoney,TradeBuyNo,TradeSellNo,TradeBSFlag,BizIndex,LocalTime,SeqNo'

test('l2_trade_sh keeps the flag of the exchange and drops a trade that came before', () => {
  const decoded = decode(
    'l2_trade_sh',
    `${tradeSh}
0,8502,6,600519,09:25:00.940,1854.98,100,185498.0,113304,38420,N,78259,,
0,8600,6,600519,09:30:00.100,1855.0,200,371000.0,1,2,B,1,,
0,8601,6,600519,09:30:00.100,1854.9,100,185490.0,3,2,S,1,,
0,8601,6,600519,09:30:00.100,1854.9,100,185490.0,3,2,S,1,,
0,8602,6,600519,09:30:00.200,1854.9,0,0,3,2,S,1,,
0,8603,6,600519,9h30,1854.9,100,1,3,2,S,1,,`,
    '600519.SH_20230201/trade.csv',
  )
  expect(column(decoded, 'ods_tick', 'seq')).toEqual([0, 1, 2])
  expect(column(decoded, 'ods_tick', 'at')[1]).toBe(at(20230201, '09:30:00.100'))
  expect(column(decoded, 'ods_tick', 'vendor_side')).toEqual([undefined, 'B', 'S'])
  expect(column(decoded, 'ods_tick', 'amount')).toEqual([185498000, 371000000, 185490000])
  expect(column(decoded, 'ods_tick', 'trade_count')).toEqual([1, 1, 1])
  expect(column(decoded, 'ods_tick', 'grain')).toEqual(['TBT', 'TBT', 'TBT'])
  expect(reasons(decoded)).toEqual(['5 DUPLICATE', '6 ZERO_VOLUME', '7 BAD_TIME'])
})

test('l2_trade_sh takes date and time from the ts column of a Parquet file', () => {
  const header = 'ts,DataStatus,TradeIndex,TradeChan,SecurityID,TradPrice,TradVolume,TradeMoney,TradeBuyNo,TradeSellNo,TradeBSFlag,BizIndex,LocalTime,SeqNo'
  const text = `${header}\n2023-02-01 09:30:00.940000,0,8502,6,600519,1854.98,100,185498,113304,38420,B,78259,09:25:08.075,90265`
  expect(kind('l2_trade_sh').recognises(header.split(','), { path: '', fileName: '' })).toBe(true)
  expect(column(decode('l2_trade_sh', text), 'ods_tick', 'at')).toEqual([at(20230201, '09:30:00.940')])
})

test('l2_trade_ids takes the later order for the aggressor', () => {
  const decoded = decode(
    'l2_trade_ids',
    'SecurityID,Market,TradeTime,TradePrice,TradeQty,TradeAmount,BuyNum,SellNum\n600000,XSHG,2020.01.02T09:30:00.000,12.48,2000,24960,161622,26852\n600000,XSHG,2020.01.02T09:30:00.000,12.47,271,3379.36999999999989,132062,161903\n600000,XSHG,2020.01.02T09:30:00.000,12.47,271,3379.37,132062,161903',
  )
  expect(column(decoded, 'ods_tick', 'vendor_side')).toEqual(['B', 'S'])
  expect(column(decoded, 'ods_tick', 'amount')).toEqual([24960000, 3379370])
  expect(column(decoded, 'ods_tick', 'amount_est')).toEqual([0, 0])
  expect(reasons(decoded)).toEqual(['4 DUPLICATE'])
})

test('l2_trade_sz values a trade at price × volume, says so, and knows no aggressor in the call auctions', () => {
  const decoded = decode(
    'l2_trade_sz',
    'timestamp,bid_uid,ask_uid,price,volume\n2022-09-30 09:25:00.000,169096,10013,11.87,100\n2022-09-30 09:30:00.010,5,9,11.87,200\n2022-09-30 15:00:00.000,26571404,26618331,11.84,1000',
    '000001.SZ_20220930/transactions.csv',
  )
  expect(column(decoded, 'ods_tick', 'amount')).toEqual([1187000, 2374000, 11840000])
  expect(column(decoded, 'ods_tick', 'amount_est')).toEqual([1, 1, 1])
  expect(column(decoded, 'ods_tick', 'vendor_side')).toEqual([undefined, 'S', undefined])
})

test('l2_order_sh keeps additions and cancellations, and an order without a limit has no price', () => {
  const decoded = decode(
    'l2_order_sh',
    'DataStatus,OrderIndex,OrderChannel,SecurityID,OrderTime,OrderType,OrderNO,OrderPrice,Balance,OrderBSFlag,BizIndex,LocalTime,SeqNo\n0,1,6,600519,09:15:00.020,A,90,1745.0,50,S,1,,\n0,2,6,600519,09:15:01.020,D,90,0,50,S,1,,\n0,2,6,600519,09:15:01.020,D,90,0,50,S,1,,\n0,3,6,600519,09:15:01.020,X,90,0,50,S,1,,',
    '600519.SH_20230201/entrust.csv',
  )
  expect(column(decoded, 'ods_l2_order', 'action')).toEqual(['A', 'D'])
  expect(column(decoded, 'ods_l2_order', 'price')).toEqual([1745000, NaN])
  expect(reasons(decoded)).toEqual(['4 DUPLICATE', '5 BAD_ROW'])
})

test('l2_snapshot_sh reads an empty level as 0 and one that is not given as unknown', () => {
  const decoded = decode(
    'l2_snapshot_sh',
    'UpdateTime,SecurityID,PreCloPrice,OpenPrice,HighPrice,LowPrice,LastPrice,TradNumber,TradVolume,Turnover,AskPrice1,AskVolume1,AskPrice2,AskVolume2,BidPrice1,BidVolume1\n09:14:00.000,600519,1845.76,0.0,0.0,0.0,0.0,0,0,0.0,,,,,,\n09:36:47.000,600519,1845.76,1854.98,1855.0,1846.05,1850.5,1582,198450,367631067.0,1850.83,100.0,0.0,0.0,1850.5,100.0',
    '600519.SH_20230201/snapshot.csv',
  )
  expect(column(decoded, 'ods_quote', 'last')).toEqual([NaN, 1850500])
  expect(column(decoded, 'ods_quote', 'prev_close')).toEqual([1845760, 1845760])
  expect(column(decoded, 'ods_quote', 'ask1')).toEqual([NaN, 1850830])
  expect(column(decoded, 'ods_quote', 'ask2')).toEqual([NaN, 0])
  expect(column(decoded, 'ods_quote', 'cum_amount')).toEqual([0, 367631067])
  expect(frameFor(decoded, 'ods_quote').columns['bid2']).toBeUndefined()
})

test('l2_snapshot5 sums intervals into the day so far and 分 into CNY', () => {
  const levels = 'bid_price_1,ask_price_1,bid_volume_1,ask_volume_1'
  const decoded = decode(
    'l2_snapshot5',
    `timestamp,open,high,low,close,volume,amount,${levels}
2022-09-30 09:25:00,11.87,11.87,11.87,11.87,354456,420739272.0,11.87,11.88,20144,23100
2022-09-30 09:30:03,11.86,11.9,11.86,11.88,371600,441298944.0,11.88,11.89,40300,100
2022-09-30 09:30:06,,,,11.88,0,0.0,11.88,11.89,40300,100
2022-09-30 09:30:09,11.85,11.86,11.85,11.86,100,118600,11.85,11.86,1,1`,
    '000001.SZ_20220930/snapshot5.csv',
  )
  expect(column(decoded, 'ods_quote', 'cum_volume')).toEqual([354456, 726056, 726056, 726156])
  expect(column(decoded, 'ods_quote', 'cum_amount')).toEqual([4207392.72, 8620382.16, 8620382.16, 8621568.16])
  expect(column(decoded, 'ods_quote', 'open')).toEqual([11870, 11870, 11870, 11870])
  expect(column(decoded, 'ods_quote', 'high')).toEqual([11870, 11900, 11900, 11900])
  expect(column(decoded, 'ods_quote', 'low')).toEqual([11870, 11860, 11860, 11850])
  expect(column(decoded, 'ods_quote', 'last')).toEqual([11870, 11880, 11880, 11860])
})

// ---- what holds for every kind ------------------------------------------------------------------------------------------------

test('price_levels takes the four columns that matter, names a level without an id by its price, keeps what it does not know, and says why a row is left out', () => {
  const text = `ts_code,calc_date,level_price,level_type,strength,desk
600519.SH,20260105,1400.5,support,0.8,a
600519.SH,20260105,1500,floor,,b
600519.SH,20260105,1600,resistance,1.2,c
600519.SH,20270105,1700,flip,,d
600519.SH,20260106,1450,flip,,e`
  expect(importKinds.filter((each) => each.recognises(tableOf(text).header, { path: '', fileName: '' })).map(({ name }) => name)).toEqual(['price_levels'])
  const decoded = decode('price_levels', text)
  expect(column(decoded, 'ods_price_level', 'level_id')).toEqual(['price 1400.5', 'price 1450'])
  expect(column(decoded, 'ods_price_level', 'level_type')).toEqual(['support', 'flip'])
  expect(column(decoded, 'ods_price_level', 'strength')).toEqual([0.8, NaN])
  expect(column(decoded, 'ods_price_level', 'remarks')).toEqual(['{"desk":"a"}', '{"desk":"e"}'])
  expect(reasons(decoded)).toEqual(['3 BAD_ROW', '4 BAD_NUMBER', '5 FUTURE_DATE'])
})

test('tushare_dividend takes rows that have an ex-date, the whole interface or its middle', () => {
  const text = `ts_code,end_date,ann_date,div_proc,stk_div,stk_bo_rate,stk_co_rate,cash_div,cash_div_tax,record_date,ex_date,pay_date,div_listdate,imp_ann_date,base_date,base_share
600519.SH,20251231,20260401,实施,0,,,27.6,27.673,20260618,20260619,20260619,,20260612,20251231,125619.78
000001.SZ,20251231,20260401,预案,0.1,,,0,0.5,,,,,,,`
  expect(importKinds.filter((each) => each.recognises(tableOf(text).header, { path: '', fileName: '' })).map(({ name }) => name)).toEqual(['tushare_dividend'])
  const decoded = decode('tushare_dividend', text)
  expect(column(decoded, 'ods_dividend', 'trade_date')).toEqual([20260619])
  expect(column(decoded, 'ods_dividend', 'cash_div_tax')).toEqual([27.673])
  expect(reasons(decoded)).toEqual(['3 MISSING_KEY'])
})

test('importKinds have names of their own and fill tables that exist', () => {
  expect(new Set(importKinds.map((each) => each.name)).size).toBe(importKinds.length)
  for (const each of importKinds) for (const table of each.tables) expect(findTable(table), `${each.name} fills ${table}`).toBeDefined()
})

const cells = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('12.34', '100', '1', '0', '', '20200102', '600519.SH', '600519', '2020-01-02', '2020-01-02 09:45:00', '09:30:05', '3', 'B', 'A'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '-1',
      'nan',
      'Infinity',
      '20991231',
      'sh.000300',
      '1e300',
      '0.0001',
      'N',
      'D',
      'S',
      '510300.SH',
      'stock_sz_300027',
      'SSE',
      '茅台',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
)

test.each(importKinds.map((each) => [each.name, each] as const))(
  '%s uses or rejects every row, throws at nothing, and fits the columns of its tables',
  (_name, each) => {
    const header = each.columns
    const context: FileContext = contextOf('hs300_5min.csv', { today, code: '600519.SH', date: '20200102' })
    fc.assert(
      fc.property(fc.array(fc.array(cells, { minLength: header.length, maxLength: header.length }), { maxLength: 8 }), (rows) => {
        const table: RawTable = { header, columns: header.map((_, i) => rows.map((row) => row[i]!)), line: rows.map((_, i) => i + 2) }
        const { frames, rejected } = each.decode(table, context)
        expect(new Set(rejected.map(({ line }) => line)).size).toBe(rejected.length)
        expect(rejected.every(({ line, found }) => line >= 2 && line < rows.length + 2 && found.length <= 200)).toBe(true)
        const used = rows.length - rejected.length
        const length = (name: string) => frames.filter((frame) => frame.table === name).reduce((sum, { frame }) => sum + frame.length, 0)
        if (each.name === 'baostock_daily')
          expect(['ods_daily', 'ods_daily_qfq', 'ods_daily_hfq', 'ods_suspend_d'].reduce((sum, name) => sum + length(name), 0)).toBe(used)
        else if (each.name !== 'session_calendar') expect(length(each.tables[0]!)).toBe(used)
        for (const { table: name, frame } of frames) expectFits(name, frame)
      }),
      { numRuns: 60 },
    )
  },
)

/** Every column exists in the table, no column that is never missing lacks a value, and whole numbers are whole. */
function expectFits(name: string, frame: Frame): void {
  const { columns } = findTable(name)!
  for (const given of Object.keys(frame.columns)) expect(columns[given], `${name}.${given}`).toBeDefined()
  for (const [own, definition] of Object.entries(columns)) {
    const given = frame.columns[own]
    if (!definition.nullable) expect(given, `${name}.${own} is never missing`).toBeDefined()
    if (given === undefined) continue
    expect(isLabels(given), `${name}.${own}`).toBe(['code', 'text', 'category', 'json'].includes(definition.kind))
    const missing = isLabels(given) ? given.index.indexOf(MISSING) : given.findIndex((value: number) => Number.isNaN(value))
    if (!definition.nullable) expect(missing, `${name}.${own} is never missing`).toBe(-1)
    if (isLabels(given) || !['date', 'milli', 'count', 'yesno', 'instant'].includes(definition.kind)) continue
    const limit = definition.kind === 'instant' ? Number.MAX_SAFE_INTEGER : 2 ** 31
    for (const value of given)
      if (!Number.isNaN(value)) expect(Number.isInteger(value) && Math.abs(value) < limit, `${name}.${own} is whole: ${value}`).toBe(true)
    if (own === 'price' && name === 'ods_tick') for (const value of given) expect(value, 'a tick has a price').toBeGreaterThan(0)
  }
}
