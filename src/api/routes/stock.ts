import { numbers } from '#core/frame.ts'
import { z } from 'zod'
import { marketOf } from '#core/symbol.ts'
import { known, symbolParam, tradeDateParam } from '../fields.ts'
import { defineRoute, Refusal } from '../route.ts'

const series = z.array(known)

/** 个股: everything the stock page draws beside the candles, as columns over trade dates. Prices are on the traded scale of each day. */
export const stock = defineRoute({
  path: 'GET /api/stock',
  summary: 'Bollinger positions, order flow by day, share capital, dividends, reports and fund quality of one stock',
  query: z.object({ symbol: symbolParam, from: tradeDateParam.optional(), to: tradeDateParam.optional() }),
  reply: z.object({
    code: z.string(),
    name: z.string(),
    board: z.string(),
    industry: z.string(),
    simulated: z.boolean(),
    bollinger: z.object({
      date: z.array(z.number()),
      mid: series,
      upper: series,
      lower: series,
      adjFactor: series,
      pricePosition: series,
      bandWidth: series,
      bandWidthZ: series,
      volumePosition: series,
      flags: z.array(z.number()),
    }),
    micro: z.object({
      date: z.array(z.number()),
      totalValue: series,
      bigNet: series,
      bigNetOpen: series,
      bigNetMid: series,
      bigNetClose: series,
      orderFlowImbalance: series,
      bigDensity: series,
      sideCoverage: series,
      coverage: series,
      quality: z.array(z.string()),
      grain: z.array(z.string()),
      threshold: series,
    }),
    /** 流通股本 of each day, shares: what a bar's volume is turned over against. */
    shares: z.object({ date: z.array(z.number()), floatShares: series }),
    /** 分红送转 by ex-date, per share held: CNY before tax, and bonus shares. */
    dividends: z.array(z.object({ date: z.number(), cash: known, bonus: known })),
    /** 定期报告 by the day of their first announcement; `period` is the last day they report on. */
    reports: z.array(z.object({ date: z.number(), period: z.number() })),
    quality: z
      .object({
        windowStart: z.number().nullable(),
        windowEnd: z.number(),
        windowDays: z.number().nullable(),
        score: known,
        pct: known,
        status: z.string(),
        components: z.array(z.object({ metric: z.string(), value: known, z: known, weight: z.number(), contribution: known })),
      })
      .nullable(),
  }),
  maxAge: 0,
  async handle({ symbol, from, to }, { engine, warehouse }) {
    const params = { symbol, from: from ?? 0, to: to ?? 99_999_999 }
    const [about] = await engine.rows<{ name: string; board: string; industry: string }>(
      marketOf(symbol) === 'cn'
        ? `select name, board, coalesce(industry, '') as industry from fupan.dim_stock where ts_code = {symbol:String}`
        : `select name, market as board, '' as industry from fupan.dim_foreign_symbol where ts_code = {symbol:String}`,
      { params },
    )
    if (about === undefined)
      throw new Refusal(404, 'SYMBOL_NOT_FOUND', `Cannot show ${symbol}: no such stock. Find it with GET /api/symbols?query=`, { symbol })
    const bands = await engine.frame(
      `select b.trade_date as trade_date, mid, upper, lower, price_position, band_width, band_width_zscore, v_price_position, flags, s.adj_factor as adj_factor
       from fupan.stock_bollinger_data as b left join fupan.dwd_stock_daily_standard as s on s.ts_code = b.ts_code and s.trade_date = b.trade_date
       where b.ts_code = {symbol:String} and b.trade_date between {from:UInt32} and {to:UInt32} order by trade_date`,
      { params },
    )
    const micro = await engine.rows<MicroRow>(
      `select trade_date, total_value, big_net_value, big_net_open, big_net_mid, big_net_close, order_flow_imbalance, big_density, side_coverage, cov, quality, grain, threshold
       from fupan.stock_microstructure_daily where ts_code = {symbol:String} and trade_date between {from:UInt32} and {to:UInt32} order by trade_date`,
      { params },
    )
    const [quality] = await engine.rows<QualityRow>(
      `select window_start, window_end, window_days, fund_quality_score, fund_quality_pct, status, components_json
       from fupan.stock_fund_quality where ts_code = {symbol:String} and window_end <= {to:UInt32} order by window_end desc limit 1`,
      { params },
    )
    const shares = await engine.frame(
      // 万股 → 股
      `select trade_date, float_share * 10000 as float_shares from fupan.ods_daily_basic
       where ts_code = {symbol:String} and trade_date between {from:UInt32} and {to:UInt32} order by trade_date`,
      { params },
    )
    const dividends = await engine.rows<{ date: number; cash: number | null; bonus: number | null }>(
      `select trade_date as date, cash_div_tax as cash, stk_div as bonus from fupan.ods_dividend
       where ts_code = {symbol:String} and trade_date between {from:UInt32} and {to:UInt32} order by trade_date`,
      { params },
    )
    const reports = await engine.rows<{ date: number; period: number }>(
      `select min(ann_date) as date, end_date as period from fupan.ods_fina_indicator
       where ts_code = {symbol:String} and ann_date is not null group by end_date having date between {from:UInt32} and {to:UInt32} order by date, period`,
      { params },
    )
    const column = (name: string) => [...numbers(bands, name)].map((value) => (Number.isNaN(value) ? null : value))
    return {
      code: symbol,
      ...about,
      simulated: warehouse.simulated,
      bollinger: {
        date: [...numbers(bands, 'trade_date')],
        mid: column('mid'),
        upper: column('upper'),
        lower: column('lower'),
        adjFactor: column('adj_factor'),
        pricePosition: column('price_position'),
        bandWidth: column('band_width'),
        bandWidthZ: column('band_width_zscore'),
        volumePosition: column('v_price_position'),
        flags: [...numbers(bands, 'flags')],
      },
      micro: {
        date: micro.map((row) => row.trade_date),
        totalValue: micro.map((row) => row.total_value),
        bigNet: micro.map((row) => row.big_net_value),
        bigNetOpen: micro.map((row) => row.big_net_open),
        bigNetMid: micro.map((row) => row.big_net_mid),
        bigNetClose: micro.map((row) => row.big_net_close),
        orderFlowImbalance: micro.map((row) => row.order_flow_imbalance),
        bigDensity: micro.map((row) => row.big_density),
        sideCoverage: micro.map((row) => row.side_coverage),
        coverage: micro.map((row) => row.cov),
        quality: micro.map((row) => row.quality),
        grain: micro.map((row) => row.grain),
        threshold: micro.map((row) => row.threshold),
      },
      shares: {
        date: [...numbers(shares, 'trade_date')],
        floatShares: [...numbers(shares, 'float_shares')].map((value) => (Number.isNaN(value) ? null : value)),
      },
      dividends: dividends.map(({ date, cash, bonus }) => ({ date, cash, bonus })),
      reports: reports.map(({ date, period }) => ({ date, period })),
      quality:
        quality === undefined
          ? null
          : {
              windowStart: quality.window_start,
              windowEnd: quality.window_end,
              windowDays: quality.window_days,
              score: quality.fund_quality_score,
              pct: quality.fund_quality_pct,
              status: quality.status,
              components: JSON.parse(quality.components_json || '[]'),
            },
    }
  },
})

interface MicroRow {
  readonly trade_date: number
  readonly total_value: number | null
  readonly big_net_value: number | null
  readonly big_net_open: number | null
  readonly big_net_mid: number | null
  readonly big_net_close: number | null
  readonly order_flow_imbalance: number | null
  readonly big_density: number | null
  readonly side_coverage: number | null
  readonly cov: number | null
  readonly quality: string
  readonly grain: string
  readonly threshold: number | null
}

interface QualityRow {
  readonly window_start: number | null
  readonly window_end: number
  readonly window_days: number | null
  readonly fund_quality_score: number | null
  readonly fund_quality_pct: number | null
  readonly status: string
  readonly components_json: string
}
