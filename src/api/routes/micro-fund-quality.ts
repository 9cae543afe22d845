import { z } from 'zod'
import { codeParam, componentField, known, limitParam, rangeBounds, rangeParams, tradeDateParam } from '../fields.ts'
import { defineRoute, Refusal } from '../route.ts'

const row = z.object({
  date: z.number().describe('YYYYMMDD'),
  code: z.string(),
  windowStart: z.number().describe('YYYYMMDD'),
  windowEnd: z.number().describe('YYYYMMDD'),
  windowDays: z.number(),
  status: z.string().describe('OK, INSUFFICIENT, NO_REFERENCE'),
  priceReturn: z.number().describe('fraction over the window'),
  bigNetSum: known.describe('CNY'),
  bigNetRatio: known.describe('fraction of the value'),
  supportRatio: known.describe('share of the pullbacks that big orders bought'),
  z: known,
  score: known.describe('0..1'),
  pct: known.describe('percentile rank within the day, 0..1'),
  components: z.array(componentField),
})

/** 资金质量: the money behind the rises that ended on a day (best first), or behind those of one stock (newest first). Asked with `date` or `ts_code` or both. */
export const microFundQuality = defineRoute({
  path: 'GET /api/micro/fund-quality',
  summary: 'Fund quality of a day or of one stock, with its seven components',
  query: z.object({ date: tradeDateParam.optional(), ts_code: codeParam.optional(), ...rangeParams, limit: limitParam(2000, 200) }),
  reply: z.object({ rows: z.array(row) }),
  maxAge: 0,
  async handle({ date, ts_code: code, from, to, limit }, { engine }) {
    if (date !== undefined && (from !== undefined || to !== undefined))
      throw new Refusal(400, 'BAD_PARAM', 'Cannot read the request: date and from/to exclude each other, both were given. Leave one out', { date, from, to })
    const latest = date === undefined && code === undefined && from === undefined && to === undefined
    const where = [
      latest ? 'trade_date = (select max(trade_date) from fupan.stock_fund_quality)' : 'trade_date between {from:UInt32} and {to:UInt32}',
      ...(code === undefined ? [] : ['ts_code = {code:String}']),
    ]
    const rows = await engine.rows<Omit<z.output<typeof row>, 'components'> & { components: string }>(
      `select trade_date as date, ts_code as code, window_start as windowStart, window_end as windowEnd, window_days as windowDays, status, price_return as priceReturn,
              big_net_sum as bigNetSum, big_net_ratio_w as bigNetRatio, support_ratio as supportRatio, fund_quality_z as z, fund_quality_score as score,
              fund_quality_pct as pct, components_json as components
       from fupan.stock_fund_quality where ${where.join(' and ')} order by date desc, isNull(z), z desc, code limit {limit:UInt32}`,
      {
        params: {
          limit,
          ...(latest ? {} : rangeBounds(date === undefined ? { from, to } : { from: date, to: date })),
          ...(code === undefined ? {} : { code }),
        },
      },
    )
    return { rows: rows.map((one) => ({ ...one, components: z.array(componentField).parse(JSON.parse(one.components || '[]')) })) }
  },
})
