import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Frame } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { literalRows, type LiteralRow } from '../../../tests/laws/literal-rows.ts'
import { WarehouseRig } from '../../../tests/laws/warehouse-rig.ts'
import { dimStock } from '../dim/dim_stock.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { stockActivePool } from '../dws/stock_active_pool.ts'
import { stockFundQuality } from '../dws/stock_fund_quality.ts'
import type { Table } from '../table.ts'
import { strategyCandidates } from './strategy_candidates.ts'

/* Rows in and rows out by hand: a Friday before a week that begins on Monday, and the Thursday before it. */

const thursday = tradeDate(20260108)
const friday = tradeDate(20260109)

let rig: WarehouseRig

beforeAll(async () => {
  rig = await WarehouseRig.open()
  const stocks = ['600001.SH', '600002.SH', '600003.SH', '600004.SH', '600005.SH', '600006.SH']
  await rig.load(
    new Map<Table, Frame>([
      // Nobody has named 600006.SH yet.
      [
        dimStock,
        literalRows(
          dimStock,
          stocks.slice(0, 5).map((ts_code, i) => ({ ts_code, name: '甲乙丙丁戊'[i]!, board: 'main', exchange: 'SSE', list_status: 'L', is_a_share: 1 })),
        ),
      ],
      [
        dwdDaily,
        literalRows(
          dwdDaily,
          [thursday, friday].flatMap((day) => stocks.map((stock, i) => bar(day, stock, 10 + i, stock === '600004.SH' && day === friday ? 0 : 1))),
        ),
      ],
      [
        stockActivePool,
        literalRows(stockActivePool, [
          ...stocks.map((stock, i) => pooled(friday, stock, i + 1)),
          pooled(thursday, '600001.SH', 800),
          pooled(thursday, '600002.SH', 801),
        ]),
      ],
      [
        stockFundQuality,
        literalRows(stockFundQuality, [
          quality(friday, '600002.SH', 0.5),
          quality(friday, '600003.SH', 1.5),
          quality(thursday, '600003.SH', 9),
          quality(tradeDate(20251231), '600005.SH', 2),
          quality(tradeDate(20251230), '600001.SH', 3),
          { ...quality(thursday, '600006.SH', null), status: 'INSUFFICIENT' },
        ]),
      ],
    ]),
  )
  await rig.build(strategyCandidates, [thursday, friday])
})

afterAll(() => rig.close())

const rows = (columns: string, day: number) =>
  rig.engine.rows<Record<string, number | string | null>>(`select ${columns} from fupan.strategy_candidates where trade_date = ${day} order by candidate_rank`)

test('strategy_candidates ranks by the quality of the last five trading days, then by activity', async () => {
  // 2025-12-31 lies five trading days back (the new year's days are closed) and still counts; 2025-12-30 does not.
  expect(await rows('candidate_rank, ts_code, fund_quality_z, status, window_end, pool_rank', friday)).toEqual([
    { candidate_rank: 1, ts_code: '600005.SH', fund_quality_z: 2, status: 'OK', window_end: 20251231, pool_rank: 5 },
    { candidate_rank: 2, ts_code: '600003.SH', fund_quality_z: 1.5, status: 'OK', window_end: 20260109, pool_rank: 3 },
    { candidate_rank: 3, ts_code: '600002.SH', fund_quality_z: 0.5, status: 'OK', window_end: 20260109, pool_rank: 2 },
    { candidate_rank: 4, ts_code: '600001.SH', fund_quality_z: null, status: 'NO_WINDOW', window_end: null, pool_rank: 1 },
    { candidate_rank: 5, ts_code: '600006.SH', fund_quality_z: null, status: 'INSUFFICIENT', window_end: 20260108, pool_rank: 6 },
  ])
})

test('strategy_candidates leaves out a stock that did not trade, and one beyond rank 800', async () => {
  expect((await rows('ts_code', friday)).map(({ ts_code }) => ts_code)).not.toContain('600004.SH')
  expect(await rows('ts_code, pool_rank', thursday)).toEqual([{ ts_code: '600001.SH', pool_rank: 800 }])
})

test('strategy_candidates is for the next trading day, and calls an unnamed stock by its code', async () => {
  expect(await rows('valid_for, close, name, board', friday)).toEqual([
    { valid_for: 20260112, close: 14, name: '戊', board: 'main' },
    { valid_for: 20260112, close: 12, name: '丙', board: 'main' },
    { valid_for: 20260112, close: 11, name: '乙', board: 'main' },
    { valid_for: 20260112, close: 10, name: '甲', board: 'main' },
    { valid_for: 20260112, close: 15, name: '600006.SH', board: '' },
  ])
  expect(await rows('valid_for', thursday)).toEqual([{ valid_for: 20260109 }])
})

test('strategy_candidates says nothing of a window there is not', async () => {
  const shown = 'fund_quality_score, fund_quality_pct, window_start, window_days, price_return, big_net_sum, big_net_ratio_w, support_ratio, components_json'
  const [none] = (await rows(`ts_code, ${shown}`, friday)).filter(({ ts_code }) => ts_code === '600001.SH')
  expect(none).toEqual({ ts_code: '600001.SH', ...Object.fromEntries(shown.split(', ').map((name) => [name, null])), components_json: '[]' })
})

function bar(trade_date: number, ts_code: string, close: number, is_bar_valid: number): LiteralRow {
  return { trade_date, ts_code, open: close, high: close, low: close, close, vol_shares: 1000, amount_cny: 1000 * close, is_bar_valid }
}

function pooled(trade_date: number, ts_code: string, pool_rank: number): LiteralRow {
  return { trade_date, ts_code, pool_rank, activity_score: 1 - pool_rank / 1000, avg_amount: 5e7 }
}

function quality(trade_date: number, ts_code: string, fund_quality_z: number | null): LiteralRow {
  return {
    trade_date,
    ts_code,
    window_start: 20251215,
    window_end: trade_date,
    window_days: 9,
    status: 'OK',
    price_return: 0.1,
    fund_quality_z,
    components_json: '[]',
  }
}
