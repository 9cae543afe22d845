import type { Frame } from '#core/frame.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { strategyCandidates } from '#warehouse/ads/strategy_candidates.ts'
import { dimStock } from '#warehouse/dim/dim_stock.ts'
import { dwdAdjFactor } from '#warehouse/dwd/dwd_adj_factor.ts'
import { dwdDaily } from '#warehouse/dwd/dwd_daily.ts'
import { abuPriceLevels } from '#warehouse/dws/abu_price_levels.ts'
import { bigTradeThreshold } from '#warehouse/dws/big_trade_threshold.ts'
import { dwsLevelTestOutcome } from '#warehouse/dws/dws_level_test_outcome.ts'
import { stockActivePool } from '#warehouse/dws/stock_active_pool.ts'
import { stockFundQuality } from '#warehouse/dws/stock_fund_quality.ts'
import { stockLevelMicrostructure } from '#warehouse/dws/stock_level_microstructure.ts'
import { stockLevelScoreDaily } from '#warehouse/dws/stock_level_score_daily.ts'
import { stockMicrostructureDaily } from '#warehouse/dws/stock_microstructure_daily.ts'
import { odsTick } from '#warehouse/ods/ods_tick.ts'
import type { Table } from '#warehouse/table.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { literalRows, type LiteralRow } from '../../../tests/laws/literal-rows.ts'
import { WarehouseRig } from '../../../tests/laws/warehouse-rig.ts'
import type { Route, RouteContext } from '../route.ts'
import { candidates } from './candidates.ts'
import { microCandidates } from './micro-candidates.ts'
import { microDaily } from './micro-daily.ts'
import { microFundQuality } from './micro-fund-quality.ts'
import { microLevelScores } from './micro-level-scores.ts'
import { microLevelTests } from './micro-level-tests.ts'
import { microLevels } from './micro-levels.ts'
import { microPool } from './micro-pool.ts'
import { microTicks } from './micro-ticks.ts'

/* Rows by hand in a warehouse of its own: each route is asked as a client would, and its answer read back through its own schema. */

const thursday = tradeDate(20260108)
const friday = tradeDate(20260109)
const code = '600001.SH'
const at = (date: number, hour: number, minute: number, second = 0) => instantOf(tradeDate(date), ((hour * 60 + minute) * 60 + second) * 1000)

let rig: WarehouseRig
let context: RouteContext

beforeAll(async () => {
  rig = await WarehouseRig.open()
  const rows: readonly (readonly [Table, readonly LiteralRow[]])[] = [
    [
      dimStock,
      [code, '600002.SH', '600003.SH'].map((ts_code, i) => ({ ts_code, name: '甲乙丙'[i]!, board: 'main', exchange: 'SSE', list_status: 'L', is_a_share: 1 })),
    ],
    [dwdDaily, [{ trade_date: friday, ts_code: code, open: 10, high: 10.2, low: 9.9, close: 10.1, vol_shares: 1000, amount_cny: 10_100, is_bar_valid: 1 }]],
    // 1 for 2 between the calculation and the Friday: prices halve.
    [
      dwdAdjFactor,
      [
        { trade_date: thursday, ts_code: code, adj_factor: 1 },
        { trade_date: friday, ts_code: code, adj_factor: 2 },
      ],
    ],
    [
      stockActivePool,
      [
        { trade_date: friday, ts_code: '600002.SH', pool_rank: 2, activity_score: 0.5, avg_amount: 4e7 },
        { trade_date: friday, ts_code: code, pool_rank: 1, activity_score: 0.9, avg_amount: 5e7, max_vpos: 120, rows_in_window: 20 },
        { trade_date: thursday, ts_code: '600003.SH', pool_rank: 1, activity_score: 0.7, avg_amount: 3e7 },
      ],
    ],
    [
      stockMicrostructureDaily,
      [
        { trade_date: thursday, ts_code: code, big_net_value: -5e5, total_value: 1e7, tick_count: 900, grain: 'AGG3S', quality: 'OK' },
        { trade_date: friday, ts_code: code, big_net_value: 2e6, big_net_open: 3e6, big_net_mid: -5e5, big_net_close: -5e5, tick_count: 1000, grain: 'AGG3S' },
      ],
    ],
    [stockFundQuality, [quality(thursday, code, 0.2), quality(friday, code, 1.5), quality(friday, '600002.SH', null), quality(friday, '600003.SH', 2)]],
    [
      abuPriceLevels,
      [level('below', 19, 'support', { strength: 0.6, held: 3, broken: 1, last_touch: 20251230 }), level('above', 22, 'resistance', { strength: 0.4 })],
    ],
    [
      stockLevelScoreDaily,
      [
        {
          trade_date: friday,
          ts_code: code,
          level_id: 'below',
          level_type: 'support',
          support_absorption_score_L: 0.71,
          support_pct: 0.82,
          pct_ref: 'own',
          n_tests_support: 4,
          last_test_date: friday,
        },
      ],
    ],
    [
      stockLevelMicrostructure,
      [
        levelTest(thursday, 'below', 1, { value_total: 6e6, big_net_value: 7e5, support_absorption_score_test: 0.85, score_exante: 0.8, p_exit: 19.2 }),
        levelTest(friday, 'below', 1, { exit_side: 'open', t_exit: null, t_confirm: null }),
        levelTest(friday, 'above', 1, { level_type: 'resistance', approach: 'below', exit_side: 'below', t_entry: at(friday, 13, 30) }),
      ],
    ],
    [dwsLevelTestOutcome, [{ trade_date: friday, ts_code: code, test_date: thursday, level_id: 'below', test_id: 1, p_exit: 19.2, future_return_1d: 0.052 }]],
    [bigTradeThreshold, [{ trade_date: friday, ts_code: code, grain_class: 'AGG', threshold: 100_000, method: 'PCT' }]],
    [
      odsTick,
      [
        tick(0, at(friday, 9, 25), 10, 5000, null),
        tick(1, at(friday, 9, 30, 3), 10.02, 20_000, 'B'),
        tick(2, at(friday, 9, 30, 5), 10.01, 2000, 'S'),
        tick(3, at(friday, 10, 0, 0), 10, 30_000, 'S'),
        tick(4, at(friday, 15, 0, 0), 10.1, 1000, null),
      ],
    ],
    [
      strategyCandidates,
      [
        {
          trade_date: friday,
          ts_code: code,
          valid_for: 20260112,
          candidate_rank: 1,
          selected: 1,
          name: '甲',
          board: 'main',
          close: 10.1,
          rank_score: 0.8,
          support_price: 10,
          support_level_id: 'below',
          support_type: 'support',
          support_tests: 4,
          stop_price: 9.85,
          target_price: 11,
          room: 6.67,
          status: 'OK',
          components_json: '[{"metric":"trend_corr","value":0.3,"z":1,"weight":0.1,"contribution":0.1}]',
          reasons_json: '[{"filter":"F1","pass":true,"threshold":1,"value":1},{"filter":"F4","pass":true,"threshold":0.6,"note":"untested"}]',
        },
        { trade_date: friday, ts_code: '600002.SH', valid_for: 20260112, candidate_rank: 2, first_failed: 'F2', name: '乙', close: 20, status: 'OK' },
        { trade_date: friday, ts_code: '600003.SH', valid_for: 20260112, candidate_rank: 3, first_failed: 'F3', name: '丙', close: 30, status: 'NO_WINDOW' },
      ],
    ],
  ]
  await rig.load(new Map<Table, Frame>(rows.map(([table, own]) => [table, literalRows(table, own)])))
  context = {
    engine: rig.engine,
    clock: { now: () => at(friday, 20, 0), sleep: () => Promise.resolve() },
    warehouse: { lastCompleted: () => friday, simulated: true },
    live: {},
  } as unknown as RouteContext
})

afterAll(() => rig.close())

/** What a client gets that asks with these words. */
async function ask<Query extends z.ZodType, Reply extends z.ZodType>(
  route: Route<string, Query, Reply>,
  query: Readonly<Record<string, string>>,
): Promise<z.output<Reply>> {
  const answer: unknown = JSON.parse(JSON.stringify(await route.handle(route.query.parse(query), context)))
  return route.reply.parse(answer)
}

test('GET /api/micro/pool lists the latest pool by rank, and a day without one as empty', async () => {
  const { date, count, rows } = await ask(microPool, { limit: '1' })
  expect({
    date,
    count,
    rows: rows.map(({ code: one, name, rank, maxVolumePosition, avgAmount }) => ({ one, name, rank, maxVolumePosition, avgAmount })),
  }).toEqual({
    date: friday,
    count: 2,
    rows: [{ one: code, name: '甲', rank: 1, maxVolumePosition: 120, avgAmount: 5e7 }],
  })
  expect(await ask(microPool, { date: '20260107' })).toEqual({ date: 20260107, count: 0, rows: [] })
})

test('GET /api/micro/daily gives days oldest first, what is unknown as null, and of too many the newest', async () => {
  const { rows } = await ask(microDaily, { ts_code: '600001' })
  expect(rows.map(({ date, bigNet, bigNetOpen, bigNetMid, bigNetClose, vpin }) => [date, bigNet, bigNetOpen, bigNetMid, bigNetClose, vpin])).toEqual([
    [thursday, -5e5, null, null, null, null],
    [friday, 2e6, 3e6, -5e5, -5e5, null],
  ])
  expect((await ask(microDaily, { ts_code: code, limit: '1' })).rows.map(({ date }) => date)).toEqual([friday])
  expect((await ask(microDaily, { ts_code: code, to: '20260108' })).rows.map(({ date }) => date)).toEqual([thursday])
})

test('GET /api/micro/fund-quality ranks a day best first with the unscored last, and tells one stock newest first', async () => {
  expect((await ask(microFundQuality, {})).rows.map((row) => [row.code, row.z])).toEqual([
    ['600003.SH', 2],
    [code, 1.5],
    ['600002.SH', null],
  ])
  expect((await ask(microFundQuality, { ts_code: code })).rows.map((row) => [row.date, row.z, row.components.length])).toEqual([
    [friday, 1.5, 1],
    [thursday, 0.2, 1],
  ])
  await expect(ask(microFundQuality, { date: '20260109', from: '20260101' })).rejects.toThrow('exclude each other')
})

test('GET /api/micro/levels states prices in the scale of asof, highest first, with the scores of the day', async () => {
  // Calculated on Thursday at 19 and 22; the factor doubled since.
  const { asof, calcDate, scoreDate, close, rows } = await ask(microLevels, { ts_code: code, asof: '20260109' })
  expect({ asof, calcDate, scoreDate, close }).toEqual({ asof: friday, calcDate: thursday, scoreDate: friday, close: 10.1 })
  expect(
    rows.map(({ id, price, type, strength, supportScore, supportPct, tests, lastTouch }) => [
      id,
      price,
      type,
      strength,
      supportScore,
      supportPct,
      tests,
      lastTouch,
    ]),
  ).toEqual([
    ['above', 11, 'resistance', 0.4, null, null, 0, null],
    ['below', 9.5, 'support', 0.6, 0.71, 0.82, 4, 20251230],
  ])
  expect(rows[1]!.distance).toBeCloseTo(9.5 / 10.1 - 1, 12)
  // Without asof: the day they were calculated on, in its own scale.
  expect((await ask(microLevels, { ts_code: code })).rows.map(({ price }) => price)).toEqual([22, 19])
})

test('GET /api/micro/levels of a stock without levels is empty, not an error', async () => {
  expect(await ask(microLevels, { ts_code: '600009.SH' })).toEqual({
    code: '600009.SH',
    asof: thursday,
    calcDate: null,
    scoreDate: null,
    close: null,
    lastCompleted: friday,
    rows: [],
  })
})

test('GET /api/micro/level-tests joins the next day where it is known and says null where it is not', async () => {
  const { rows } = await ask(microLevelTests, { ts_code: code })
  expect(rows.map(({ date, levelId, type, nextDayReturn, nextDay }) => [date, levelId, type, nextDayReturn, nextDay])).toEqual([
    [friday, 'above', 'resistance', null, null],
    [friday, 'below', 'support', null, null],
    [thursday, 'below', 'support', 0.052, friday],
  ])
  const { enteredAt, leftAt, isScored, value, bigNet, supportScore, scoreExante, exitPrice } = rows[2]!
  expect({ enteredAt, leftAt, isScored, value, bigNet, supportScore, scoreExante, exitPrice }).toEqual({
    enteredAt: at(thursday, 10, 0),
    leftAt: at(thursday, 10, 10),
    isScored: true,
    value: 6e6,
    bigNet: 7e5,
    supportScore: 0.85,
    scoreExante: 0.8,
    exitPrice: 19.2,
  })
  expect((await ask(microLevelTests, { ts_code: code, level_id: 'below', from: '20260109' })).rows.map(({ leftAt: left }) => left)).toEqual([null])
})

test('GET /api/micro/level-scores gives the scored days of a level', async () => {
  expect((await ask(microLevelScores, { ts_code: code })).rows.map(({ date, levelId, supportPct, pctRef }) => [date, levelId, supportPct, pctRef])).toEqual([
    [friday, 'below', 0.82, 'own'],
  ])
  expect((await ask(microLevelScores, { ts_code: code, level_id: 'above' })).rows).toEqual([])
})

test('GET /api/micro/ticks steps through the tape, marks big records of continuous trading and sums their net', async () => {
  const { grain, threshold, truncated, rows } = await ask(microTicks, { ts_code: code, date: '20260109', agg: '1m' })
  expect({ grain, threshold, truncated }).toEqual({ grain: 'AGG3S', threshold: 100_000, truncated: false })
  const shown = rows.map(({ at: begins, segment, price, volume, value, big, bigNet, side }) => [begins, segment, price, volume, value, big, bigNet, side])
  expect(shown).toEqual([
    [at(friday, 9, 25), 'OPEN_PRINT', 10, 5000, 50_000, 0, 0, 0],
    [at(friday, 9, 30), 'AM', 10.01, 22_000, 220_420, 1, 200_400, 1],
    [at(friday, 10, 0), 'AM', 10, 30_000, 300_000, 1, -300_000, -1],
    [at(friday, 15, 0), 'CLOSE_PRINT', 10.1, 1000, 10_100, 0, 0, 0],
  ])
  const cut = await ask(microTicks, { ts_code: code, date: '20260109', from: '09:30', to: '10:00', agg: '1s', limit: '2' })
  expect([cut.truncated, cut.rows.map(({ price }) => price)]).toEqual([true, [10.01, 10]])
})

test('GET /api/micro/ticks of a day without ticks is empty; a range that ends before it begins is refused', async () => {
  expect(await ask(microTicks, { ts_code: code, date: '20260108' })).toMatchObject({ grain: null, threshold: null, rows: [] })
  await expect(ask(microTicks, { ts_code: code, date: '20260109', from: '10:00', to: '09:30' })).rejects.toThrow('from lies after to')
  expect(microTicks.query.safeParse({ ts_code: code, date: '20260109', from: '25:00' }).success).toBe(false)
  expect(microTicks.query.safeParse({ ts_code: code, date: '20260109', limit: '9999' }).success).toBe(false)
})

test('GET /api/candidates tells the whole funnel, also of stocks beyond the limit, and the trail with null for what is absent', async () => {
  const { rows, counts, validFor } = await ask(candidates, { limit: '1' })
  expect(counts).toEqual([
    { filter: 'F1', removed: 0, left: 3 },
    { filter: 'F2', removed: 1, left: 2 },
    { filter: 'F3', removed: 1, left: 1 },
    { filter: 'F4', removed: 0, left: 1 },
    { filter: 'F5', removed: 0, left: 1 },
    { filter: 'F6', removed: 0, left: 1 },
  ])
  expect(validFor).toBe(20260112)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    selected: true,
    firstFailed: null,
    supportPrice: 10,
    supportLevelId: 'below',
    targetPrice: 11,
    stopPrice: 9.85,
    resistancePrice: null,
  })
  expect(rows[0]!.trail).toEqual([
    { filter: 'F1', pass: true, value: 1, threshold: 1, note: null },
    { filter: 'F4', pass: true, value: null, threshold: 0.6, note: 'untested' },
  ])
  expect(await ask(microCandidates, { limit: '1' })).toEqual(await ask(candidates, { limit: '1' }))
})

function quality(trade_date: number, ts_code: string, fund_quality_z: number | null): LiteralRow {
  const components_json = '[{"metric":"support_ratio","value":null,"z":0,"weight":0.2,"contribution":0}]'
  return {
    trade_date,
    ts_code,
    window_start: 20251215,
    window_end: trade_date,
    window_days: 9,
    status: 'OK',
    price_return: 0.1,
    fund_quality_z,
    components_json,
  }
}

function level(level_id: string, level_price: number, level_type: string, change: LiteralRow): LiteralRow {
  return { trade_date: thursday, calc_date: thursday, ts_code: code, level_id, level_price, level_type, members_json: '[]', source: 'swings', ...change }
}

function levelTest(trade_date: number, level_id: string, test_id: number, change: LiteralRow): LiteralRow {
  return {
    trade_date,
    ts_code: code,
    level_id,
    test_id,
    level_calc_date: 20260107,
    level_price: 19,
    level_type: 'support',
    band_pct: 0.005,
    approach: 'above',
    entry_kind: 'normal',
    exit_side: 'above',
    t_entry: at(trade_date, 10, 0),
    t_exit: at(trade_date, 10, 10),
    t_confirm: at(trade_date, 10, 11),
    is_scored: 1,
    n_prints: 9,
    ...change,
  }
}

function tick(seq: number, when: EpochMs, price: number, volume: number, vendor_side: string | null): LiteralRow {
  return {
    trade_date: friday,
    ts_code: code,
    grain: 'AGG3S',
    source: 'test',
    at: when,
    seq,
    price: Math.round(price * 1000),
    volume,
    amount: Math.round(price * volume * 1000),
    vendor_side,
    trade_count: 3,
  }
}
