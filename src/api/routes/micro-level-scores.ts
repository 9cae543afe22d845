import { z } from 'zod'
import { codeParam, known, limitParam, rangeBounds, rangeParams } from '../fields.ts'
import { defineRoute } from '../route.ts'

const row = z.object({
  date: z.number().describe('YYYYMMDD'),
  levelId: z.string(),
  type: z.enum(['support', 'resistance', 'flip']),
  supportScore: known.describe('0..1'),
  supportPct: known.describe('percentile against earlier days, 0..1'),
  resistanceScore: known.describe('0..1'),
  resistancePct: known.describe('0..1'),
  flipScore: known.describe('0..1'),
  flipPct: known.describe('0..1'),
  pctRef: z.string().nullable().describe('own, cross, or null'),
  supportTests: z.number(),
  resistanceTests: z.number(),
  flipTests: z.number(),
  weightSum: z.number(),
  lastTestDate: z.number().describe('YYYYMMDD'),
})

/** 价位评分: how the levels of a stock scored, day by day, newest first. A level without a test in 20 trading days has no row. */
export const microLevelScores = defineRoute({
  path: 'GET /api/micro/level-scores',
  summary: 'Daily scores of the levels of one stock, with their percentiles',
  query: z.object({ ts_code: codeParam, level_id: z.string().min(1).max(64).optional(), ...rangeParams, limit: limitParam(5000, 500) }),
  reply: z.object({ code: z.string(), rows: z.array(row) }),
  maxAge: 0,
  async handle({ ts_code: code, level_id: level, from, to, limit }, { engine }) {
    const rows = await engine.rows<z.output<typeof row>>(
      `select trade_date as date, level_id as levelId, level_type as type, support_absorption_score_L as supportScore, support_pct as supportPct,
              resistance_sell_absorption_score_L as resistanceScore, resistance_pct as resistancePct, flip_support_score_L as flipScore, flip_pct as flipPct,
              pct_ref as pctRef, n_tests_support as supportTests, n_tests_resistance as resistanceTests, n_tests_flip as flipTests, weight_sum as weightSum,
              last_test_date as lastTestDate
       from fupan.stock_level_score_daily
       where ts_code = {code:String}${level === undefined ? '' : ' and level_id = {level:String}'} and trade_date between {from:UInt32} and {to:UInt32}
       order by date desc, levelId limit {limit:UInt32}`,
      { params: { code, limit, ...rangeBounds({ from, to }), ...(level === undefined ? {} : { level }) } },
    )
    return { code, rows }
  },
})
