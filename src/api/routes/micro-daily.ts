import { z } from 'zod'
import { codeParam, known, limitParam, rangeBounds, rangeParams } from '../fields.ts'
import { defineRoute } from '../route.ts'

const row = z.object({
  date: z.number().describe('YYYYMMDD'),
  totalValue: known.describe('CNY'),
  vwap: known.describe('CNY'),
  bigBuyValue: known.describe('CNY'),
  bigSellValue: known.describe('CNY'),
  bigNet: known.describe('CNY'),
  bigNetRatio: known.describe('fraction of the value'),
  bigNetOpen: known.describe('CNY, 09:30 to 10:00'),
  bigNetMid: known.describe('CNY, 10:00 to 14:00'),
  bigNetClose: known.describe('CNY, 14:00 to 15:00'),
  activeBuyValue: known.describe('CNY'),
  activeSellValue: known.describe('CNY'),
  orderFlowImbalance: known.describe('-1..1'),
  imbalanceBulk: known.describe('-1..1, bulk-volume classification'),
  vpin: known,
  bigCount: known,
  tickCount: z.number(),
  bigDensity: known,
  sideCoverage: known.describe('fraction of the value'),
  threshold: known.describe('CNY: a record of at least this value is big'),
  thresholdMethod: z.string(),
  grain: z.string().describe('TBT, AGG3S, SNAPDIFF, BAR1M'),
  coverage: known.describe('tick value / daily turnover'),
  quality: z.string(),
})

/** 逐笔日汇总: what the tape of a stock said, day by day, oldest first. Of a longer range the newest `limit` days. */
export const microDaily = defineRoute({
  path: 'GET /api/micro/daily',
  summary: 'Daily order-flow summaries of one stock',
  query: z.object({ ts_code: codeParam, ...rangeParams, limit: limitParam(2000, 250) }),
  reply: z.object({ code: z.string(), rows: z.array(row) }),
  maxAge: 0,
  async handle({ ts_code: code, from, to, limit }, { engine }) {
    const rows = await engine.rows<z.output<typeof row>>(
      `select trade_date as date, total_value as totalValue, vwap, big_buy_value as bigBuyValue, big_sell_value as bigSellValue, big_net_value as bigNet,
              big_net_ratio as bigNetRatio, big_net_open as bigNetOpen, big_net_mid as bigNetMid, big_net_close as bigNetClose, active_buy_value as activeBuyValue,
              active_sell_value as activeSellValue, order_flow_imbalance as orderFlowImbalance, ofi_bvc as imbalanceBulk, vpin, big_count as bigCount,
              tick_count as tickCount, big_density as bigDensity, side_coverage as sideCoverage, threshold, threshold_method as thresholdMethod, grain,
              cov as coverage, quality
       from fupan.stock_microstructure_daily where ts_code = {code:String} and trade_date between {from:UInt32} and {to:UInt32}
       order by trade_date desc limit {limit:UInt32}`,
      { params: { code, limit, ...rangeBounds({ from, to }) } },
    )
    return { code, rows: rows.toReversed() }
  },
})
