import { afterAll, beforeAll, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Frame } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { literalRows, type LiteralRow } from '../../../tests/laws/literal-rows.ts'
import { WarehouseRig } from '../../../tests/laws/warehouse-rig.ts'
import { dimStock } from '../dim/dim_stock.ts'
import { odsAdjFactor } from '../ods/ods_adj_factor.ts'
import { odsDaily } from '../ods/ods_daily.ts'
import { odsDailyQfq } from '../ods/ods_daily_qfq.ts'
import { odsStockSt } from '../ods/ods_stock_st.ts'
import type { Table } from '../table.ts'
import { dwdAdjFactor } from './dwd_adj_factor.ts'
import { dwdDaily } from './dwd_daily.ts'
import { dwdStockDailyStandard } from './dwd_stock_daily_standard.ts'
import { dwdStockLabelDaily } from './dwd_stock_label_daily.ts'

/* Rows in and rows out by hand (LAYOUT §6, proof 4): units, nulls, bad bars, suspensions, ex-dates. Every case is a stock of its own in one small market. */

const days = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260116))

/** 10 000 lots at 10.00: 1 000 000 shares, 10 000 000 CNY. */
const bar = (trade_date: number, change: LiteralRow = {}): LiteralRow => ({
  trade_date,
  open: 10,
  high: 10.2,
  low: 9.9,
  close: 10,
  pre_close: 10,
  pct_chg: 0,
  vol: 10_000,
  amount: 10_000,
  ...change,
})
const flat = (trade_date: number, close: number, pre_close = close): LiteralRow =>
  bar(trade_date, { open: close, high: close, low: close, close, pre_close, pct_chg: null, amount: close * 1000 })

/** Spec warehouse-dwd §4.2: day 3 gives ten for ten and 0.50 CNY, day 5 pays 0.02 CNY. */
const worked = [
  { trade_date: 20260105, close: 10.0, pre_close: 9.9, factor: 1, close_hfq: 10, ret_1d: 0.010101 },
  { trade_date: 20260106, close: 10.5, pre_close: 10.0, factor: 1, close_hfq: 10.5, ret_1d: 0.05 },
  { trade_date: 20260107, close: 5.1, pre_close: 5.0, factor: 2.1, close_hfq: 10.71, ret_1d: 0.02 },
  { trade_date: 20260108, close: 5.0, pre_close: 5.1, factor: 2.1, close_hfq: 10.5, ret_1d: -0.019608 },
  { trade_date: 20260109, close: 5.25, pre_close: 4.98, factor: (2.1 * 5) / 4.98, close_hfq: 11.069277, ret_1d: 0.054217 },
] as const
const workedBars = worked.map(({ trade_date, close, pre_close }) => flat(trade_date, close, pre_close))
const workedFactors = (from: number, scale: number) => worked.slice(from).map(({ trade_date, factor }) => ({ trade_date, adj_factor: factor * scale }))

/** What the vendors sent, stock by stock. */
const unadjusted: Readonly<Record<string, readonly LiteralRow[]>> = {
  '600001.SH': [bar(20260105, { close: 10.1, pct_chg: 1 })],
  '600002.SH': [bar(20260105, { pre_close: null, pct_chg: null }), bar(20260107, { pre_close: null, close: 10.5, high: 10.5, pct_chg: 5 })],
  '600003.SH': [
    bar(20260105),
    bar(20260106, { open: 9, high: 9, low: 9, close: 9, vol: 0, amount: 0 }),
    bar(20260107, { open: 0, high: 0, low: 0, close: 0, vol: 0, amount: 0 }),
    bar(20260108, { pre_close: null }),
  ],
  '600004.SH': [
    bar(20260105, { open: 0 }),
    bar(20260106, { high: 9.95, open: 9.95, amount: 9_950 }),
    bar(20260107, { low: 10.05, open: 10.1 }),
    bar(20260108, { high: 10 + 5e-7, open: 10 }),
  ],
  '600005.SH': [bar(20260105), bar(20260106, { vol: 0, amount: 0 })],
  '600006.SH': [bar(20260105, { close: 10.1, pct_chg: 1.019 }), bar(20260106, { close: 10.1, pct_chg: 1.021 }), bar(20260107, { close: 10.1, pct_chg: null })],
  '600007.SH': [bar(20260105, { amount: 10_250 }), bar(20260106, { amount: 10_252 }), bar(20260107, { amount: 9_849 })],
  '600008.SH': [bar(20260107, { close: 10.1, pct_chg: 1 }), bar(20260108, { pre_close: 10.1, close: 10.1 })],
  '600010.SH': workedBars,
  '600011.SH': workedBars,
  '600012.SH': workedBars,
  '600013.SH': [bar(20260105), bar(20260106), bar(20260107)],
  '600015.SH': [bar(20260105), bar(20260106), bar(20260114), bar(20260115)],
  '600016.SH': [bar(20260105), bar(20260106, { close: 11, high: 11 }), bar(20260109, { pre_close: 11, close: 9.9, low: 9.9, open: 9.9 })],
}

const forwardAdjusted: Readonly<Record<string, readonly LiteralRow[]>> = {
  '600008.SH': [flat(20260105, 5), flat(20260106, 5), flat(20260107, 5)],
  '600009.SH': [flat(20260105, 3)],
  '600014.SH': [bar(20260105), bar(20260106)],
}

const factors: Readonly<Record<string, readonly LiteralRow[]>> = {
  '600010.SH': workedFactors(0, 1),
  '600012.SH': workedFactors(3, 7),
  '600013.SH': [
    { trade_date: 20260105, adj_factor: 2 },
    { trade_date: 20260107, adj_factor: 3 },
  ],
  '600014.SH': [
    { trade_date: 20260105, adj_factor: 2 },
    { trade_date: 20260106, adj_factor: 3 },
  ],
}

let rig: WarehouseRig

beforeAll(async () => {
  rig = await WarehouseRig.open()
  await rig.load(
    new Map<Table, Frame>([
      [odsDaily, rowsFor(odsDaily, unadjusted)],
      [odsDailyQfq, rowsFor(odsDailyQfq, forwardAdjusted)],
      [odsAdjFactor, rowsFor(odsAdjFactor, factors)],
      [
        dimStock,
        literalRows(dimStock, [{ ts_code: '600016.SH', name: '甲', board: 'main', exchange: 'SSE', list_status: 'L', list_date: 20250102, is_a_share: 1 }]),
      ],
      [odsStockSt, literalRows(odsStockSt, [{ trade_date: 20260105, ts_code: '600017.SH', type: 'ST' }])],
    ]),
  )
  for (const table of [dwdDaily, dwdAdjFactor, dwdStockDailyStandard, dwdStockLabelDaily]) await rig.build(table, days)
})

afterAll(() => rig.close())

function rowsFor(table: Table, stocks: Readonly<Record<string, readonly LiteralRow[]>>): Frame {
  return literalRows(
    table,
    Object.entries(stocks).flatMap(([ts_code, own]) => own.map((each) => ({ ...each, ts_code }))),
  )
}

function rows(table: Table, code: string, columns: string): Promise<Record<string, number | string | null>[]> {
  return rig.engine.rows(`select ${columns} from fupan.${table.name} where ts_code = '${code}' order by trade_date`)
}

test('dwd_daily turns lots into shares and thousand CNY into CNY', async () => {
  expect(await rows(dwdDaily, '600001.SH', 'trade_date, close, pre_close, ret_1d, vol_shares, amount_cny, vwap, is_bar_valid, fix_flags')).toEqual([
    {
      trade_date: 20260105,
      close: 10.1,
      pre_close: 10,
      ret_1d: expect.closeTo(0.01, 12),
      vol_shares: 1_000_000,
      amount_cny: 10_000_000,
      vwap: 10,
      is_bar_valid: 1,
      fix_flags: 0,
    },
  ])
})

test('dwd_daily fills a missing reference price from the last own bar, and from nothing when there is none', async () => {
  expect(await rows(dwdDaily, '600002.SH', 'trade_date, pre_close, ret_1d, fix_flags')).toEqual([
    { trade_date: 20260105, pre_close: null, ret_1d: null, fix_flags: 0 },
    { trade_date: 20260107, pre_close: 10, ret_1d: expect.closeTo(0.05, 12), fix_flags: 1 },
  ])
})

test('dwd_daily takes the reference price from a bar that traded, not from a vendor row without trading or without a price', async () => {
  expect((await rows(dwdDaily, '600003.SH', 'trade_date, pre_close, fix_flags')).at(-1)).toEqual({ trade_date: 20260108, pre_close: 10, fix_flags: 1 })
})

test('dwd_daily drops a row without a price and keeps one that breaks high and low as invalid', async () => {
  expect(await rows(dwdDaily, '600004.SH', 'trade_date, is_bar_valid, fix_flags')).toEqual([
    { trade_date: 20260106, is_bar_valid: 0, fix_flags: 16 },
    { trade_date: 20260107, is_bar_valid: 0, fix_flags: 16 },
    { trade_date: 20260108, is_bar_valid: 1, fix_flags: 0 },
  ])
  expect(await rows(dwdStockDailyStandard, '600004.SH', 'trade_date, bar_no')).toEqual([{ trade_date: 20260108, bar_no: 1 }])
})

test('dwd_daily keeps a vendor row of a day without trading as invalid, without a mean price', async () => {
  expect((await rows(dwdDaily, '600005.SH', 'vol_shares, amount_cny, vwap, is_bar_valid, fix_flags')).at(-1)).toEqual({
    vol_shares: 0,
    amount_cny: 0,
    vwap: null,
    is_bar_valid: 0,
    fix_flags: 32,
  })
})

test('dwd_daily flags a percentage that is not that of the prices, and keeps the prices', async () => {
  expect(await rows(dwdDaily, '600006.SH', 'ret_1d, fix_flags')).toEqual([0, 2, 0].map((fix_flags) => ({ ret_1d: expect.closeTo(0.01, 12), fix_flags })))
})

test('dwd_daily flags a mean price outside high and low by more than half a percent', async () => {
  expect(await rows(dwdDaily, '600007.SH', 'vwap, fix_flags')).toEqual([
    { vwap: 10.25, fix_flags: 0 },
    { vwap: 10.252, fix_flags: 4 },
    { vwap: 9.849, fix_flags: 4 },
  ])
})

test('dwd_daily takes forward-adjusted bars until unadjusted ones begin, and the factor carries the prices across', async () => {
  expect(await rows(dwdDaily, '600008.SH', 'trade_date, close, adjusted_scale, fix_flags')).toEqual([
    { trade_date: 20260105, close: 5, adjusted_scale: 1, fix_flags: 256 },
    { trade_date: 20260106, close: 5, adjusted_scale: 1, fix_flags: 256 },
    { trade_date: 20260107, close: 10.1, adjusted_scale: 0, fix_flags: 0 },
    { trade_date: 20260108, close: 10.1, adjusted_scale: 0, fix_flags: 0 },
  ])
  expect(await rows(dwdAdjFactor, '600008.SH', 'adj_factor, origin')).toEqual([
    { adj_factor: 1, origin: 'none' },
    { adj_factor: 1, origin: 'none' },
    { adj_factor: expect.closeTo(0.5, 12), origin: 'implied' },
    { adj_factor: expect.closeTo(0.5, 12), origin: 'implied' },
  ])
  expect(await rows(dwdStockDailyStandard, '600008.SH', 'close_hfq')).toEqual([5, 5, 5.05, 5.05].map((close) => ({ close_hfq: expect.closeTo(close, 12) })))
  expect(await rows(dwdDaily, '600009.SH', 'close, adjusted_scale, fix_flags')).toEqual([{ close: 3, adjusted_scale: 1, fix_flags: 256 }])
})

test.each([
  ['600010.SH', 'vendor'],
  ['600011.SH', 'implied'],
])('dwd_stock_daily_standard gives the worked example of the spec for %s with %s factors', async (stock, origin) => {
  expect(await rows(dwdAdjFactor, stock, 'adj_factor, origin, is_filled')).toEqual(
    worked.map(({ factor }) => ({ adj_factor: expect.closeTo(factor, 12), origin, is_filled: 0 })),
  )
  expect(await rows(dwdStockDailyStandard, stock, 'trade_date, close_hfq, vol_adj, is_ex_day, ret_1d, log_ret_1d, bar_no, gap_days')).toEqual(
    worked.map(({ trade_date, close_hfq, ret_1d, factor }, i) => ({
      trade_date,
      close_hfq: expect.closeTo(close_hfq, 6),
      vol_adj: expect.closeTo(1_000_000 / factor, 3),
      is_ex_day: i === 2 || i === 4 ? 1 : 0,
      ret_1d: expect.closeTo(ret_1d, 6),
      log_ret_1d: expect.closeTo(Math.log(1 + ret_1d), 6),
      bar_no: i + 1,
      gap_days: i === 0 ? null : 1,
    })),
  )
  expect(worked[4].close_hfq / worked[0].close_hfq - 1).toBeCloseTo(0.106928, 6)
})

test('dwd_adj_factor goes on from the chain of reference prices where the vendor begins in the middle', async () => {
  expect(await rows(dwdAdjFactor, '600012.SH', 'adj_factor, origin')).toEqual(
    worked.map(({ factor }, i) => ({ adj_factor: expect.closeTo(factor, 12), origin: i < 3 ? 'implied' : 'vendor' })),
  )
  expect(await rows(dwdStockDailyStandard, '600012.SH', 'is_ex_day')).toEqual([0, 0, 1, 0, 1].map((is_ex_day) => ({ is_ex_day })))
})

test('dwd_adj_factor carries the last vendor factor over a day the vendor left out', async () => {
  expect(await rows(dwdAdjFactor, '600013.SH', 'adj_factor, origin, is_filled')).toEqual([
    { adj_factor: 2, origin: 'vendor', is_filled: 0 },
    { adj_factor: 2, origin: 'vendor', is_filled: 1 },
    { adj_factor: 3, origin: 'vendor', is_filled: 0 },
  ])
})

test('dwd_adj_factor leaves forward-adjusted bars alone, whatever factors the vendor has', async () => {
  expect(await rows(dwdAdjFactor, '600014.SH', 'adj_factor, origin')).toEqual([
    { adj_factor: 1, origin: 'none' },
    { adj_factor: 1, origin: 'none' },
  ])
})

test('dwd_stock_daily_standard counts bars and gaps across a suspension, whatever range is built', async () => {
  expect(await rows(dwdStockDailyStandard, '600015.SH', 'trade_date, bar_no, gap_days')).toEqual([
    { trade_date: 20260105, bar_no: 1, gap_days: null },
    { trade_date: 20260106, bar_no: 2, gap_days: 1 },
    { trade_date: 20260114, bar_no: 3, gap_days: 6 },
    { trade_date: 20260115, bar_no: 4, gap_days: 1 },
  ])
  expect(await rig.build(dwdStockDailyStandard, days.slice(6))).toMatchObject({ written: 0, deleted: 0 })
})

test('dwd_stock_label_daily knows a suspended stock, its limits unknown while it does not trade, and counts its days', async () => {
  const listed = aShareCalendar.between(tradeDate(20250102), tradeDate(20260105)) + 1
  const columns = 'trade_date, is_st, list_days, is_suspended, suspend_days, limit_pct, up_limit, down_limit, is_limit_up, is_limit_down'
  const unknown = { limit_pct: null, up_limit: null, down_limit: null, is_limit_up: null, is_limit_down: null }
  expect((await rows(dwdStockLabelDaily, '600016.SH', columns)).slice(0, 5)).toEqual([
    {
      trade_date: 20260105,
      is_st: 0,
      list_days: listed,
      is_suspended: 0,
      suspend_days: 0,
      limit_pct: 0.1,
      up_limit: 11,
      down_limit: 9,
      is_limit_up: 0,
      is_limit_down: 0,
    },
    {
      trade_date: 20260106,
      is_st: null,
      list_days: listed + 1,
      is_suspended: 0,
      suspend_days: 0,
      limit_pct: 0.1,
      up_limit: 11,
      down_limit: 9,
      is_limit_up: 1,
      is_limit_down: 0,
    },
    { trade_date: 20260107, is_st: null, list_days: listed + 2, is_suspended: 1, suspend_days: 1, ...unknown },
    { trade_date: 20260108, is_st: null, list_days: listed + 3, is_suspended: 1, suspend_days: 2, ...unknown },
    {
      trade_date: 20260109,
      is_st: null,
      list_days: listed + 4,
      is_suspended: 0,
      suspend_days: 0,
      limit_pct: 0.1,
      up_limit: 12.1,
      down_limit: 9.9,
      is_limit_up: 0,
      is_limit_down: 1,
    },
  ])
})

test('dwd_daily changes nothing when the same rows arrive again, and follows a corrected one', async () => {
  await rig.load(new Map<Table, Frame>([[odsDaily, rowsFor(odsDaily, unadjusted)]]))
  expect(await rig.build(dwdDaily, days)).toMatchObject({ written: 0, deleted: 0, changed: [] })
  await rig.load(new Map<Table, Frame>([[odsDaily, rowsFor(odsDaily, { '600013.SH': [bar(20260106, { vol: 20_000, amount: 20_000 })] })]]))
  expect(await rig.build(dwdDaily, days)).toMatchObject({ written: 1, deleted: 0, changed: [20260106] })
  expect(await rows(dwdDaily, '600013.SH', 'vol_shares')).toEqual([1_000_000, 2_000_000, 1_000_000].map((vol_shares) => ({ vol_shares })))
})
