import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { LevelBook } from '#warehouse/read-price-levels.ts'
import { z } from 'zod'
import { codeParam, known, knownDate, tradeDateParam } from '../fields.ts'
import { defineRoute, type RouteContext } from '../route.ts'

const level = z.object({
  id: z.string(),
  price: z.number().describe('CNY, in the unadjusted price scale of asof'),
  type: z.enum(['support', 'resistance', 'flip']),
  flipDir: z.enum(['R2S', 'S2R']).nullable().describe('R2S: resistance became support'),
  breakDate: knownDate,
  distance: known.describe('price / close of asof - 1, fraction'),
  strength: z.number().describe('0..1'),
  swings: z.number(),
  touched: z.number(),
  held: z.number(),
  broken: z.number(),
  firstDate: z.number().describe('YYYYMMDD of the oldest swing'),
  lastTouch: knownDate,
  supportScore: known.describe('0..1; null = not tested in 20 trading days'),
  supportPct: known.describe('percentile against earlier days, 0..1'),
  resistanceScore: known,
  resistancePct: known,
  flipScore: known,
  flipPct: known,
  pctRef: z.string().nullable().describe('own: against this stock; cross: against the pool; null: too little history'),
  tests: z.number().describe('tests of the role it has, in the last 20 trading days'),
  lastTestDate: knownDate,
})

/** 价位: the levels of a stock known after the close of `asof` (absent = the last day any were calculated), highest first, with the scores of that day. */
export const microLevels = defineRoute({
  path: 'GET /api/micro/levels',
  summary: 'Price levels of one stock as known after the close of a day, with their scores',
  query: z.object({ ts_code: codeParam, asof: tradeDateParam.optional() }),
  reply: z.object({
    code: z.string(),
    asof: knownDate,
    calcDate: knownDate.describe('day the levels were calculated on; null = none in the ten trading days before'),
    scoreDate: knownDate,
    close: known.describe('CNY, unadjusted close of asof'),
    lastCompleted: z.number(),
    rows: z.array(level),
  }),
  maxAge: 0,
  async handle({ ts_code: code, asof }, { engine, warehouse }) {
    const lastCompleted = warehouse.lastCompleted()
    const day = asof ?? (await lastCalculation(engine))
    const none = { code, asof: asof ?? null, calcDate: null, scoreDate: null, close: null, lastCompleted, rows: [] }
    if (day === undefined) return none
    const [bar] = await engine.rows<{ close: number | null; factor: number | null }>(
      `select (select max(close) from fupan.dwd_daily where ts_code = {code:String} and trade_date = {day:UInt32} and is_bar_valid = 1) as close,
              (select argMax(adj_factor, trade_date) from fupan.dwd_adj_factor where ts_code = {code:String} and trade_date <= {day:UInt32}) as factor`,
      { params: { code, day } },
    )
    const close = bar?.close === 0 ? null : (bar?.close ?? null)
    const found = (await LevelBook.read(engine, { from: day, to: day, codes: [code] }, {})).lastUpTo(code, day, bar?.factor ?? NaN)
    if (found === undefined) return { ...none, asof: day, close }
    const scores = await engine.rows<ScoreRow>(
      `select trade_date, level_id, support_absorption_score_L, support_pct, resistance_sell_absorption_score_L, resistance_pct, flip_support_score_L, flip_pct,
              pct_ref, n_tests_support, n_tests_resistance, n_tests_flip, last_test_date
       from fupan.stock_level_score_daily where ts_code = {code:String} and trade_date =
         (select max(trade_date) from fupan.stock_level_score_daily where ts_code = {code:String} and trade_date between {calc:UInt32} and {day:UInt32})`,
      { params: { code, day, calc: found.date } },
    )
    const scoreOf = new Map(scores.map((row) => [row.level_id, row]))
    const rows = found.levels.map((one): z.output<typeof level> => {
      const score = scoreOf.get(one.id)
      const price = one.price / 1000
      return {
        id: one.id,
        price,
        type: one.type,
        flipDir: one.flipDir ?? null,
        breakDate: one.breakDate ?? null,
        distance: close === null ? null : price / close - 1,
        strength: one.strength,
        swings: one.swings,
        touched: one.touched,
        held: one.held,
        broken: one.broken,
        firstDate: one.firstDate,
        lastTouch: one.lastTouch || null,
        supportScore: score?.support_absorption_score_L ?? null,
        supportPct: score?.support_pct ?? null,
        resistanceScore: score?.resistance_sell_absorption_score_L ?? null,
        resistancePct: score?.resistance_pct ?? null,
        flipScore: score?.flip_support_score_L ?? null,
        flipPct: score?.flip_pct ?? null,
        pctRef: score?.pct_ref ?? null,
        tests: score?.[`n_tests_${one.type}`] ?? 0,
        lastTestDate: score?.last_test_date ?? null,
      }
    })
    return {
      code,
      asof: day,
      calcDate: found.date,
      scoreDate: scores[0]?.trade_date ?? null,
      close,
      lastCompleted,
      rows: rows.toSorted((a, b) => b.price - a.price || (a.id < b.id ? -1 : 1)),
    }
  },
})

/** Of any stock: one whose swings no longer cluster has no rows that day, and its older levels are no longer levels. */
async function lastCalculation(engine: RouteContext['engine']): Promise<TradeDate | undefined> {
  const [row] = await engine.rows<{ day: number }>('select max(trade_date) as day from fupan.abu_price_levels')
  return row === undefined || row.day === 0 ? undefined : tradeDate(row.day)
}

interface ScoreRow {
  readonly trade_date: number
  readonly level_id: string
  readonly support_absorption_score_L: number | null
  readonly support_pct: number | null
  readonly resistance_sell_absorption_score_L: number | null
  readonly resistance_pct: number | null
  readonly flip_support_score_L: number | null
  readonly flip_pct: number | null
  readonly pct_ref: string | null
  readonly n_tests_support: number
  readonly n_tests_resistance: number
  readonly n_tests_flip: number
  readonly last_test_date: number
}
