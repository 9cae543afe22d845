import { z } from 'zod'
import { codeParam, componentField, known, tradeDateParam } from '../fields.ts'
import { defineRoute, type RouteContext } from '../route.ts'

const FILTERS = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6'] as const

const filter = z.enum(FILTERS).describe('F1 active, F2 money, F3 support, F4 resistance, F5 room, F6 tradable')

/** One question put to the stock: what was found, what was asked for, and the answer. */
const step = z.object({
  filter,
  pass: z.boolean(),
  value: known.describe('null = nothing was found to judge by'),
  threshold: z.number(),
  note: z.string().nullable().describe('why, where the numbers alone do not say it: untested, no_level, far, weak, …'),
})

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
  selected: z.boolean().describe('passed all six filters'),
  firstFailed: filter.nullable(),
  rankScore: known.describe('0..1: 0.40 fund quality + 0.35 support + 0.25 (1 - resistance), as percentiles'),
  supportPrice: known.describe('CNY: the ideal entry, in the price scale of the date'),
  supportLevelId: z.string().nullable(),
  supportType: z.string().nullable().describe('support or flip'),
  supportScore: known.describe('0..1'),
  supportPct: known.describe('percentile against earlier days, 0..1'),
  supportTests: z.number(),
  supportStrength: known.describe('0..1'),
  distance: known.describe('close / support - 1, fraction'),
  resistancePrice: known.describe('CNY'),
  resistanceLevelId: z.string().nullable(),
  resistanceScore: known.describe('0..1, of the sellers at the nearest resistance'),
  resistancePct: known.describe('0..1'),
  targetPrice: known.describe('CNY: the nearest resistance, else the upper Bollinger band'),
  stopPrice: known.describe('CNY'),
  room: known.describe('reward over risk, times'),
  trail: z.array(step).describe('all six filters in order, also those after the first that said no'),
  components: z.array(componentField),
})

/** 候选: the stocks of a day put to the six filters, the selected ones first. `date` absent = the latest built. */
export const candidates = defineRoute({
  path: 'GET /api/candidates',
  summary: 'Candidates for the next trading day, ranked, each with its evidence',
  query: z.object({
    date: tradeDateParam.optional(),
    ts_code: codeParam.optional().describe('only this stock; the counts are of the whole day'),
    limit: z.coerce.number().int().min(1).max(2000).default(200),
  }),
  reply: z.object({
    date: z.number().nullable().describe('trade date the rows are known after; null when none was ever built'),
    validFor: z.number().nullable().describe('the next trading day'),
    lastCompleted: z.number(),
    stale: z.boolean().describe('a later session is complete but not built'),
    simulated: z.boolean(),
    dates: z.array(z.number()).describe('dates that can be asked for, newest first, at most 60'),
    counts: z
      .array(z.object({ filter, removed: z.number().describe('stocks this filter was the first to refuse'), left: z.number().describe('stocks after it') }))
      .describe('the funnel of the whole day, in filter order, also of stocks beyond the limit; empty without rows'),
    rows: z.array(candidate),
  }),
  maxAge: 0,
  async handle({ date, ts_code: code, limit }, { engine, warehouse }) {
    const lastCompleted = warehouse.lastCompleted()
    const dates = (
      await engine.rows<{ trade_date: number }>('select distinct trade_date from fupan.strategy_candidates order by trade_date desc limit 60')
    ).map((row) => row.trade_date)
    const shown = date ?? dates[0]
    if (shown === undefined) return { date: null, validFor: null, lastCompleted, stale: false, simulated: warehouse.simulated, dates, counts: [], rows: [] }
    const rows = await engine.rows<CandidateRow>(
      `select candidate_rank, ts_code, name, board, close, ret_1d, fund_quality_score, fund_quality_pct, price_return, window_start, window_days,
              big_net_sum, big_net_ratio_w, support_ratio, activity_score, pool_rank, status, components_json, valid_for,
              selected, first_failed, rank_score, support_price, support_level_id, support_type, support_score, support_pct, support_tests, support_strength,
              distance, resistance_price, resistance_level_id, resistance_score, resistance_pct, target_price, stop_price, room, reasons_json
       from fupan.strategy_candidates where trade_date = {date:UInt32}${code === undefined ? '' : ' and ts_code = {code:String}'} order by candidate_rank, ts_code limit {limit:UInt32}`,
      { params: { date: shown, limit, ...(code === undefined ? {} : { code }) } },
    )
    return {
      date: shown,
      validFor: rows[0]?.valid_for ?? null,
      lastCompleted,
      stale: date === undefined && shown < lastCompleted,
      simulated: warehouse.simulated,
      dates,
      counts: await countsOf(engine, shown),
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
        selected: row.selected === 1,
        firstFailed: row.first_failed,
        rankScore: row.rank_score,
        supportPrice: row.support_price,
        supportLevelId: row.support_level_id,
        supportType: row.support_type,
        supportScore: row.support_score,
        supportPct: row.support_pct,
        supportTests: row.support_tests,
        supportStrength: row.support_strength,
        distance: row.distance,
        resistancePrice: row.resistance_price,
        resistanceLevelId: row.resistance_level_id,
        resistanceScore: row.resistance_score,
        resistancePct: row.resistance_pct,
        targetPrice: row.target_price,
        stopPrice: row.stop_price,
        room: row.room,
        trail: (JSON.parse(row.reasons_json || '[]') as readonly StoredStep[]).map((one) => ({ ...one, value: one.value ?? null, note: one.note ?? null })),
        components: z.array(componentField).parse(JSON.parse(row.components_json || '[]')),
      })),
    }
  },
})

/** How many stocks each filter was the first to refuse, and how many it left. */
async function countsOf(engine: RouteContext['engine'], date: number) {
  const found = await engine.rows<{ first_failed: string | null; stocks: number }>(
    'select first_failed, toUInt32(count()) as stocks from fupan.strategy_candidates where trade_date = {date:UInt32} group by first_failed',
    { params: { date } },
  )
  const refused = new Map(found.map((row) => [row.first_failed, row.stocks]))
  let left = found.reduce((sum, row) => sum + row.stocks, 0)
  if (left === 0) return []
  return FILTERS.map((name) => {
    const removed = refused.get(name) ?? 0
    left -= removed
    return { filter: name, removed, left }
  })
}

/** A step of `reasons_json`: what is absent there is null in the reply. */
interface StoredStep {
  readonly filter: (typeof FILTERS)[number]
  readonly pass: boolean
  readonly value?: number
  readonly threshold: number
  readonly note?: string
}

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
  readonly selected: number
  readonly first_failed: (typeof FILTERS)[number] | null
  readonly rank_score: number | null
  readonly support_price: number | null
  readonly support_level_id: string | null
  readonly support_type: string | null
  readonly support_score: number | null
  readonly support_pct: number | null
  readonly support_tests: number
  readonly support_strength: number | null
  readonly distance: number | null
  readonly resistance_price: number | null
  readonly resistance_level_id: string | null
  readonly resistance_score: number | null
  readonly resistance_pct: number | null
  readonly target_price: number | null
  readonly stop_price: number | null
  readonly room: number | null
  readonly reasons_json: string
}
