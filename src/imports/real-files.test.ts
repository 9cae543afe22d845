import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { labels, numbers, type Frame } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { parquetColumns } from '#warehouse/engine/file-columns.ts'
import { openFile } from './decode-file.ts'
import { contextOf } from './file-context.ts'
import { kindFor, missingContext } from './recognise.ts'

// Recorded files of the shared data folder: every one that DECISIONS §5 covers, with the rows it has and the dirt its README lists.
const shared = process.env['FUPAN_SHARED'] ?? join(import.meta.dirname, '../../../shared')
const data = join(shared, 'data')
const hasShared = existsSync(data)
const today = tradeDate(20260926)

async function decoded(path: string) {
  const open = await openFile({ path: join(data, path), today })
  let read = 0
  const rows: Record<string, number> = {}
  const rejected: Record<string, number> = {}
  const frames: Record<string, Frame[]> = {}
  for await (const chunk of open.decoded) {
    read += chunk.rowsRead
    for (const { reason } of chunk.rejected) rejected[reason] = (rejected[reason] ?? 0) + 1
    for (const { table, frame } of chunk.frames) {
      rows[table] = (rows[table] ?? 0) + frame.length
      frames[table] = [...(frames[table] ?? []), frame]
    }
  }
  return { kind: open.kind.name, read, rows, rejected, frames }
}

const sum = (frames: readonly Frame[], column: string) => frames.reduce((total, frame) => [...numbers(frame, column)].reduce((a, b) => a + b, total), 0)

const files: readonly (readonly [path: string, kind: string, read: number, rows: Record<string, number>, rejected?: Record<string, number>])[] = [
  ['daily_qfq/tushare_qfq_2012_202303.csv.gz', 'tushare_daily_qfq', 554_693, { ods_daily_qfq: 554_693 }],
  [
    'daily_raw/baostock_raw_2020_202504.csv.gz',
    'baostock_daily',
    173_093,
    { ods_daily: 172_933, ods_daily_basic: 172_933, ods_suspend_d: 160, ods_stock_st: 647 },
  ],
  ['minute/bars15m_2025_202604.csv.gz', 'minute_bars', 286_608, { ods_minute_bar: 286_099 }, { BAD_PRICE: 509 }],
  ['minute/600519_1min_202603.csv.gz', 'minute_bars', 723, { ods_minute_bar: 723 }],
  ['minute/300766_5min.csv.gz', 'minute_bars', 1536, { ods_minute_bar: 1536 }],
  ['ticks_l1/300027.SZ/2018-01-15.csv.gz', 'tick_detail', 3368, { ods_tick: 3366 }, { ZERO_VOLUME: 2 }],
  ['ticks_l1/300027.SZ/2018-01-16.csv.gz', 'tick_detail', 2945, { ods_tick: 2942 }, { ZERO_VOLUME: 3 }],
  ['ticks_l1/300027.SZ/2018-01-17.csv.gz', 'tick_detail', 4029, { ods_tick: 4027 }, { ZERO_VOLUME: 2 }],
  ['ticks_l1/300027.SZ/2018-01-18.csv.gz', 'tick_detail', 2915, { ods_tick: 2912 }, { ZERO_VOLUME: 3 }],
  ['ticks_l1/300027.SZ/2018-01-19.csv.gz', 'tick_detail', 3514, { ods_tick: 3514 }],
  ['ticks_l1/300550.SZ/2017-12-26.csv.gz', 'tick_detail', 411, { ods_tick: 408 }, { ZERO_VOLUME: 3 }],
  ['ticks_l1/300550.SZ/2017-12-27.csv.gz', 'tick_detail', 308, { ods_tick: 305 }, { ZERO_VOLUME: 3 }],
  ['ticks_l1/300550.SZ/2017-12-28.csv.gz', 'tick_detail', 422, { ods_tick: 418 }, { ZERO_VOLUME: 4 }],
  ['ticks_l1/300550.SZ/2017-12-29.csv.gz', 'tick_detail', 384, { ods_tick: 381 }, { ZERO_VOLUME: 3 }],
  ['ticks_l1/300550.SZ/2018-01-02.csv.gz', 'tick_detail', 310, { ods_tick: 308 }, { ZERO_VOLUME: 2 }],
  ['ticks_l1/600977.SH/2018-01-15.csv.gz', 'tick_detail', 2214, { ods_tick: 2135 }, { ZERO_VOLUME: 79 }],
  ['ticks_l1/600977.SH/2018-01-16.csv.gz', 'tick_detail', 1881, { ods_tick: 1810 }, { ZERO_VOLUME: 71 }],
  ['ticks_l1/600977.SH/2018-01-17.csv.gz', 'tick_detail', 3255, { ods_tick: 3149 }, { ZERO_VOLUME: 106 }],
  ['ticks_l1/600977.SH/2018-01-18.csv.gz', 'tick_detail', 2058, { ods_tick: 1994 }, { ZERO_VOLUME: 64 }],
  ['ticks_l1/600977.SH/2018-01-19.csv.gz', 'tick_detail', 2020, { ods_tick: 1924 }, { ZERO_VOLUME: 96 }],
  ['ticks_l1/300027.SZ/dayk_bfq.csv.gz', 'vendor_dayk', 1851, { ods_daily: 1851 }],
  ['ticks_l1/300027.SZ/dayk_hfq.csv.gz', 'vendor_dayk_hfq', 1850, { ods_daily_hfq: 1850, ods_adj_factor: 1850 }],
  ['ticks_l1/300550.SZ/dayk_bfq.csv.gz', 'vendor_dayk', 317, { ods_daily: 317 }],
  ['ticks_l1/300550.SZ/dayk_hfq.csv.gz', 'vendor_dayk_hfq', 317, { ods_daily_hfq: 317, ods_adj_factor: 317 }],
  ['ticks_l1/600977.SH/dayk_bfq.csv.gz', 'vendor_dayk', 399, { ods_daily: 399 }],
  ['ticks_l1/600977.SH/dayk_hfq.csv.gz', 'vendor_dayk_hfq', 399, { ods_daily_hfq: 399, ods_adj_factor: 399 }],
  ['l2/600519.SH_20230201/trade.csv.gz', 'l2_trade_sh', 27_135, { ods_tick: 27_135 }],
  ['l2/600519.SH_20230201/entrust.csv.gz', 'l2_order_sh', 54_735, { ods_l2_order: 54_735 }],
  ['l2/600519.SH_20230201/snapshot.csv.gz', 'l2_snapshot_sh', 5109, { ods_quote: 5109 }],
  ['l2/000001.SZ_20220930/snapshot5.csv.gz', 'l2_snapshot5', 4742, { ods_quote: 4742 }],
  ['l2/000001.SZ_20220930/transactions.csv.gz', 'l2_trade_sz', 40_861, { ods_tick: 40_861 }],
  ['l2/600000.SH_20200102/trade.csv.gz', 'l2_trade_ids', 26_169, { ods_tick: 26_169 }],
  ['tushare/600519.SH/daily_hfq.csv', 'tushare_daily_hfq', 500, { ods_daily_hfq: 500 }],
  ['tushare/600519.SH/daily_basic.csv', 'tushare_daily_basic', 500, { ods_daily_basic: 500 }],
  ['tushare/600519.SH/fina_indicator.csv', 'tushare_fina_indicator', 14, { ods_fina_indicator: 14 }],
  ['tushare/600519.SH/margin_detail.csv', 'tushare_margin_detail', 500, { ods_margin_detail: 500 }],
  ['tushare/600519.SH/cyq_perf.csv', 'tushare_cyq_perf', 500, { ods_cyq_perf: 500 }],
  ['tushare/600519.SH/stk_holdernumber.csv', 'tushare_stk_holdernumber', 14, { ods_stk_holdernumber: 14 }],
  ['tushare/600519.SH/stk_factor.csv', 'tushare_stk_factor', 500, { ods_stk_factor: 500 }],
  ['tushare/510300.SH/fund_daily.csv', 'tushare_fund_daily', 500, { ods_fund_daily: 500 }],
  ['tushare/510300.SH/fund_adj.csv', 'tushare_fund_adj', 500, { ods_fund_adj: 500 }],
  ['tushare/510300.SH/index_daily_tracked.csv', 'tushare_index_dailybasic', 500, { ods_index_dailybasic: 500 }],
  ['tushare/510300.SH/factor_pro.csv', 'tushare_idx_factor_pro', 500, { ods_idx_factor_pro: 500 }],
  ['tushare/index/000300.SH_daily.csv', 'tushare_index_daily', 500, { ods_index_daily: 500 }],
  ['tushare/market/moneyflow.csv', 'tushare_moneyflow_mkt_dc', 500, { ods_moneyflow_mkt_dc: 500 }],
  ['tushare/market/hsgt_moneyflow.csv', 'tushare_moneyflow_hsgt', 209, { ods_moneyflow_hsgt: 209 }],
  ['tushare/market/market_margin.csv', 'tushare_margin', 1500, { ods_margin: 1500 }],
  ['tushare/trade_cal.csv', 'tushare_trade_cal', 500, { ods_trade_cal: 500 }],
  ['calendar/xshg_sessions.csv.gz', 'session_calendar', 8809, { ods_trade_cal: 13_178 }],
  ['reference/stock_basic_202303.csv', 'tushare_stock_basic', 5122, { dim_stock: 5122 }],
  ['reference/hs300_constituents_20240819.csv', 'baostock_index_member', 300, { ods_index_member: 300 }],
]

test.skipIf(!hasShared).each(files.map((file) => [file[0], file] as const))(
  'openFile() decodes %s (needs FUPAN_SHARED)',
  async (path, [, kind, read, rows, rejected = {}]) => {
    const result = await decoded(path)
    expect({ kind: result.kind, read: result.read, rows: result.rows, rejected: result.rejected }).toEqual({ kind, read, rows, rejected })
  },
)

test.skipIf(!hasShared)(
  'every text file of the shared data is a known kind, documentation, or refused with the kinds listed (needs FUPAN_SHARED)',
  async () => {
    const covered = new Set(files.map(([path]) => path))
    const others = globSync('**/*.{csv,csv.gz}', { cwd: data }).filter((path) => !covered.has(path))
    expect(others.filter((path) => !path.startsWith('golden/'))).toEqual(['tushare/column_description.csv'])
    for (const path of others) {
      const kind = path.startsWith('tushare/') ? 'refused' : expect.stringMatching(/^(?:unknown-kind|no-header)$/)
      await expect(openFile({ path: join(data, path), today }), path).rejects.toMatchObject({ kind })
    }
  },
)

test.skipIf(!hasShared)('l2 trades of 600519 sum to the exchange’s own totals, in shares and whole 厘 (needs FUPAN_SHARED)', async () => {
  const [trades, quotes] = [(await decoded('l2/600519.SH_20230201/trade.csv.gz')).frames, (await decoded('l2/600519.SH_20230201/snapshot.csv.gz')).frames]
  expect(sum(trades['ods_tick']!, 'volume')).toBe(3_397_389)
  expect(sum(trades['ods_tick']!, 'amount')).toBe(6_244_678_924_610)
  const last = quotes['ods_quote']![0]!
  expect(numbers(last, 'cum_volume').at(-1)).toBe(3_397_389)
  expect(numbers(last, 'cum_amount').at(-1)).toBe(6_244_678_924.61)
  const sides = labels(trades['ods_tick']![0]!, 'vendor_side')
  expect(sides.values.toSorted()).toEqual(['B', 'S'])
})

test.skipIf(!hasShared)('l2 trades of 000001 and its interval snapshots sum to the same shares and CNY (needs FUPAN_SHARED)', async () => {
  const [trades, quotes] = [
    (await decoded('l2/000001.SZ_20220930/transactions.csv.gz')).frames,
    (await decoded('l2/000001.SZ_20220930/snapshot5.csv.gz')).frames,
  ]
  expect(sum(trades['ods_tick']!, 'volume')).toBe(53_723_019)
  expect(sum(trades['ods_tick']!, 'amount')).toBe(638_906_947_770)
  const last = quotes['ods_quote']![0]!
  expect(numbers(last, 'cum_volume').at(-1)).toBe(53_723_019)
  expect(numbers(last, 'cum_amount').at(-1)).toBe(638_906_947.77)
})

test.skipIf(!hasShared)('tick detail runs forward and agrees with the vendor’s day bar within 0.1 % (needs FUPAN_SHARED)', async () => {
  const bars = (await decoded('ticks_l1/300027.SZ/dayk_bfq.csv.gz')).frames['ods_daily']![0]!
  const row = numbers(bars, 'trade_date').indexOf(20180117)
  const ticks = (await decoded('ticks_l1/300027.SZ/2018-01-17.csv.gz')).frames['ods_tick']!
  const at = numbers(ticks[0]!, 'at')
  expect([...at]).toEqual([...at].toSorted((a, b) => a - b))
  expect([...numbers(ticks[0]!, 'seq')]).toEqual([...at.keys()])
  expect(sum(ticks, 'amount') / 1e6 / numbers(bars, 'amount')[row]!).toBeCloseTo(1, 3)
  expect(sum(ticks, 'volume') / 100 / numbers(bars, 'vol')[row]!).toBeCloseTo(1, 3)
})

test.skipIf(!hasShared)('minute bars: lots become shares, a zero open is unknown, minutes without trades stay (needs FUPAN_SHARED)', async () => {
  const one = (await decoded('minute/600519_1min_202603.csv.gz')).frames['ods_minute_bar']![0]!
  expect(new Set(numbers(one, 'minutes'))).toEqual(new Set([1]))
  expect(numbers(one, 'open').filter((open: number) => Number.isNaN(open))).toHaveLength(723)
  expect(numbers(one, 'volume')[0]).toBe(22_700)
  expect(numbers(one, 'volume').filter((volume: number) => volume === 0)).toHaveLength(5)
  const fifteen = (await decoded('minute/bars15m_2025_202604.csv.gz')).frames['ods_minute_bar']!
  expect(new Set(fifteen.flatMap((frame) => [...numbers(frame, 'minutes')]))).toEqual(new Set([15]))
  expect(fifteen.reduce((count, frame) => count + numbers(frame, 'volume').filter((volume: number) => volume === 0).length, 0)).toBe(3)
})

test.skipIf(!hasShared)('the session calendar agrees with the shipped one: the same day numbers as TuShare’s file (needs FUPAN_SHARED)', async () => {
  const sessions = (await decoded('calendar/xshg_sessions.csv.gz')).frames['ods_trade_cal']![0]!
  const numberOf = new Map([...numbers(sessions, 'cal_date')].map((date, row) => [date, numbers(sessions, 'day_idx')[row]]))
  expect([...numbers(sessions, 'is_open')].reduce((a, b) => a + b, 0)).toBe(8809)
  expect(numberOf.get(20261231)).toBe(5343)
  const vendor = (await decoded('tushare/trade_cal.csv')).frames['ods_trade_cal']![0]!
  for (const [row, date] of [...numbers(vendor, 'cal_date')].entries()) expect(numbers(vendor, 'day_idx')[row]).toBe(numberOf.get(date))
})

test.skipIf(!hasShared)('kindFor() recognises the Parquet files by the columns they share with the text files (needs FUPAN_SHARED)', async () => {
  for (const [name, expected] of [
    ['trade_600519_20230201.zstd.parquet', 'l2_trade_sh'],
    ['stk_factor_600519.snappy.parquet', 'tushare_stk_factor'],
  ] as const) {
    const path = join(data, 'parquet', name)
    const context = contextOf(path, { today })
    const header = await parquetColumns(path)
    const kind = kindFor(header, context)
    expect(kind.name).toBe(expected)
    expect(missingContext(kind, header, context)).toEqual([])
  }
})
