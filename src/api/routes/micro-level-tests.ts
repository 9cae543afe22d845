import { z } from 'zod'
import { codeParam, known, knownDate, limitParam, rangeBounds, rangeParams } from '../fields.ts'
import { defineRoute } from '../route.ts'

const instant = z.number().describe('epoch ms')

const test = z.object({
  date: z.number().describe('YYYYMMDD'),
  levelId: z.string(),
  test: z.number().describe('1, 2, … in order of entry within the day and level'),
  calcDate: z.number().describe('YYYYMMDD the level was calculated on, before the test'),
  price: z.number().describe('CNY, in the unadjusted price scale of the day'),
  type: z.enum(['support', 'resistance', 'flip']),
  strength: z.number().describe('0..1'),
  bandPct: z.number().describe('half-width of the band as a fraction of the price'),
  approach: z.string().nullable().describe('above, below, or unknown'),
  entryKind: z.string().nullable(),
  exitSide: z.string().describe('above, below, close_in, close_above, close_below, open'),
  enteredAt: instant,
  leftAt: instant.nullable(),
  confirmedAt: instant.nullable(),
  isScored: z.boolean(),
  prints: z.number(),
  resumed: z.number(),
  dwell: known.describe('seconds of trading inside the band'),
  spansLunch: z.boolean(),
  value: z.number().describe('CNY traded inside the band'),
  bigBuyValue: known.describe('CNY'),
  bigSellValue: known.describe('CNY'),
  bigNet: known.describe('CNY'),
  bigNetRatio: known.describe('fraction of the value'),
  orderFlowImbalance: known.describe('-1..1'),
  penetration: known.describe('deepest, through the level against its role, fraction'),
  penetrationUp: known.describe('fraction'),
  penetrationDown: known.describe('fraction'),
  timeAbove: known.describe('fraction of the time inside'),
  timeBelow: known.describe('fraction of the time inside'),
  valuePerMinute: known.describe('CNY per minute'),
  absorbedValue: known.describe('CNY of active sells taken when the price did not leave below'),
  exitPrice: known.describe('CNY'),
  return30m: known.describe('30 minutes after the exit, fraction'),
  supportScore: known.describe('0..1'),
  resistanceScore: known.describe('0..1'),
  flipScore: known.describe('0..1'),
  scoreExante: known.describe('0..1, without the reaction: known when the test was confirmed'),
  scoreQuality: known.describe('weight of the score, 0..1'),
  nextDayReturn: known.describe('next close / exit price - 1, adjusted; null = not known yet'),
  nextDay: knownDate.describe('the day the next-day return became known on'),
})

/** 价位测试: the visits of the price to the levels of a stock, newest first, each with its flow, its scores and, once known, the next day. */
export const microLevelTests = defineRoute({
  path: 'GET /api/micro/level-tests',
  summary: 'Level tests of one stock, with the return of the next day once it is known',
  query: z.object({ ts_code: codeParam, level_id: z.string().min(1).max(64).optional(), ...rangeParams, limit: limitParam(2000, 500) }),
  reply: z.object({ code: z.string(), rows: z.array(test) }),
  maxAge: 0,
  async handle({ ts_code: code, level_id: level, from, to, limit }, { engine }) {
    const own = `ts_code = {code:String}${level === undefined ? '' : ' and level_id = {level:String}'}`
    const rows = await engine.rows<Omit<z.output<typeof test>, 'isScored' | 'spansLunch'> & { isScored: number; spansLunch: number }>(
      `select t.trade_date as date, t.level_id as levelId, t.test_id as test, level_calc_date as calcDate, level_price as price, level_type as type, strength,
              band_pct as bandPct, approach, entry_kind as entryKind, exit_side as exitSide, toFloat64(t_entry) as enteredAt, toFloat64(t_exit) as leftAt,
              toFloat64(t_confirm) as confirmedAt, is_scored as isScored, n_prints as prints, resumed, dwell_s as dwell, spans_lunch as spansLunch,
              toFloat64(value_total) as value, toFloat64(big_buy_value) as bigBuyValue, toFloat64(big_sell_value) as bigSellValue, toFloat64(big_net_value) as bigNet,
              big_net_ratio as bigNetRatio, order_flow_imbalance as orderFlowImbalance, max_penetration as penetration, pen_up as penetrationUp,
              pen_down as penetrationDown, time_above_level_ratio as timeAbove, time_below_level_ratio as timeBelow, value_per_min as valuePerMinute,
              toFloat64(sell_absorbed_value) as absorbedValue, t.p_exit as exitPrice, future_return_30m as return30m, support_absorption_score_test as supportScore,
              resistance_sell_absorption_score_test as resistanceScore, flip_support_score_test as flipScore, score_exante as scoreExante,
              score_quality as scoreQuality, o.future_return_1d as nextDayReturn, nullIf(o.known_on, 0) as nextDay
       from (select * from fupan.stock_level_microstructure where ${own} and trade_date between {from:UInt32} and {to:UInt32}) as t
       left join (select test_date, level_id, test_id, trade_date as known_on, future_return_1d from fupan.dws_level_test_outcome where ${own}) as o
         on o.test_date = t.trade_date and o.level_id = t.level_id and o.test_id = t.test_id
       order by date desc, enteredAt desc, levelId, test desc limit {limit:UInt32}`,
      { params: { code, limit, ...rangeBounds({ from, to }), ...(level === undefined ? {} : { level }) } },
    )
    return { code, rows: rows.map((row) => ({ ...row, isScored: row.isScored === 1, spansLunch: row.spansLunch === 1 })) }
  },
})
