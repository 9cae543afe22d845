import { z } from 'zod'
import { known, tradeDateParam } from '../fields.ts'
import { defineRoute } from '../route.ts'

/** One of the seven fund-quality metrics of a candidate: what it was, how unusual, what it added to the score. */
const component = z.object({ metric: z.string(), value: known, z: known, weight: z.number(), contribution: known })

const candidate = z.object({
  rank: z.number(),
  code: z.string(),
  name: z.string(),
  board: z.string(),
  close: z.number(),
  pct: known.describe('one-day return, fraction'),
  fundQualityScore: known,
  fundQualityPct: known.describe('percentile rank within the day, 0..1'),
  priceReturn: known.describe('gain over the rise window, fraction'),
  windowStart: z.number().nullable(),
  windowDays: z.number().nullable(),
  bigNetSum: known.describe('CNY'),
  bigNetRatio: known,
  supportRatio: known,
  activityScore: known,
  poolRank: z.number().nullable(),
  status: z.string(),
  components: z.array(component),
})

/** 候选: the active pool of a day ranked by fund quality. `date` absent = the latest built. */
export const candidates = defineRoute({
  path: 'GET /api/candidates',
  summary: 'Candidates for the next trading day, ranked, each with its evidence',
  query: z.object({ date: tradeDateParam.optional(), limit: z.coerce.number().int().min(1).max(2000).default(200) }),
  reply: z.object({
    date: z.number().nullable().describe('trade date the rows are known after; null when none was ever built'),
    validFor: z.number().nullable().describe('the next trading day'),
    lastCompleted: z.number(),
    stale: z.boolean().describe('a later session is complete but not built'),
    simulated: z.boolean(),
    dates: z.array(z.number()).describe('dates that can be asked for, newest first, at most 60'),
    rows: z.array(candidate),
  }),
  maxAge: 0,
  async handle({ date, limit }, { engine, warehouse }) {
    const lastCompleted = warehouse.lastCompleted()
    const dates = (
      await engine.rows<{ trade_date: number }>('select distinct trade_date from fupan.ads_candidate_daily order by trade_date desc limit 60')
    ).map((row) => row.trade_date)
    const shown = date ?? dates[0]
    if (shown === undefined) return { date: null, validFor: null, lastCompleted, stale: false, simulated: warehouse.simulated, dates, rows: [] }
    const rows = await engine.rows<CandidateRow>(
      `select candidate_rank, ts_code, name, board, close, ret_1d, fund_quality_score, fund_quality_pct, price_return, window_start, window_days,
              big_net_sum, big_net_ratio_w, support_ratio, activity_score, pool_rank, status, components_json, valid_for
       from fupan.ads_candidate_daily where trade_date = {date:UInt32} order by candidate_rank, ts_code limit {limit:UInt32}`,
      { params: { date: shown, limit } },
    )
    return {
      date: shown,
      validFor: rows[0]?.valid_for ?? null,
      lastCompleted,
      stale: date === undefined && shown < lastCompleted,
      simulated: warehouse.simulated,
      dates,
      rows: rows.map((row) => ({
        rank: row.candidate_rank,
        code: row.ts_code,
        name: row.name,
        board: row.board,
        close: row.close,
        pct: row.ret_1d,
        fundQualityScore: row.fund_quality_score,
        fundQualityPct: row.fund_quality_pct,
        priceReturn: row.price_return,
        windowStart: row.window_start,
        windowDays: row.window_days,
        bigNetSum: row.big_net_sum,
        bigNetRatio: row.big_net_ratio_w,
        supportRatio: row.support_ratio,
        activityScore: row.activity_score,
        poolRank: row.pool_rank,
        status: row.status,
        components: z.array(component).parse(JSON.parse(row.components_json || '[]')),
      })),
    }
  },
})

interface CandidateRow {
  readonly candidate_rank: number
  readonly ts_code: string
  readonly name: string
  readonly board: string
  readonly close: number
  readonly ret_1d: number | null
  readonly fund_quality_score: number | null
  readonly fund_quality_pct: number | null
  readonly price_return: number | null
  readonly window_start: number | null
  readonly window_days: number | null
  readonly big_net_sum: number | null
  readonly big_net_ratio_w: number | null
  readonly support_ratio: number | null
  readonly activity_score: number | null
  readonly pool_rank: number | null
  readonly status: string
  readonly components_json: string
  readonly valid_for: number | null
}
