import { category, cny, code, count, date, instant, json, nullable, price, ratio, share, text } from '../column.ts'
import { dwdAdjFactor } from '../dwd/dwd_adj_factor.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { microstructureDays } from '../microstructure-days.ts'
import { odsQuote } from '../ods/ods_quote.ts'
import { odsTick } from '../ods/ods_tick.ts'
import { between, defineTable, holds, sameDay, unique, withLookback } from '../table.ts'
import { bigTradeThreshold } from './big_trade_threshold.ts'
import { dwsMinuteBar } from './dws_minute_bar.ts'
import { stockActivePool } from './stock_active_pool.ts'

/** 日度微结构摘要 (spec microstructure §6): the day's ticks of a stock folded by the same measures the live board keeps. */
export const stockMicrostructureDaily = defineTable({
  name: 'stock_microstructure_daily',
  layer: 'dws',
  label: { zh: '日度微结构摘要', en: 'Daily microstructure' },
  about: 'One row per stock and day with ticks whose value reconciles with the daily bar (coverage 0.90 to 1.02).',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    total_value: cny('成交额', 'Value'),
    total_volume: share('成交量', 'Volume'),
    vwap: nullable(price('成交均价', 'VWAP')),
    big_buy_value: nullable(cny('大单买入额', 'Big buys')),
    big_sell_value: nullable(cny('大单卖出额', 'Big sells')),
    big_buy_volume: nullable(share('大单买入量', 'Big buy volume')),
    big_sell_volume: nullable(share('大单卖出量', 'Big sell volume')),
    big_net_value: nullable(cny('大单净额', 'Big net')),
    big_net_ratio: nullable(ratio('大单净额占比', 'Big net ratio')),
    big_buy_ratio: nullable(ratio('大单买入占比', 'Big buy ratio')),
    big_sell_ratio: nullable(ratio('大单卖出占比', 'Big sell ratio')),
    big_net_open: nullable(cny('早盘大单净额', 'Big net, open', { about: '09:30–10:00.' })),
    big_net_mid: nullable(cny('盘中大单净额', 'Big net, mid', { about: '10:00–14:00.' })),
    big_net_close: nullable(cny('尾盘大单净额', 'Big net, close', { about: '14:00–15:00.' })),
    order_flow_imbalance: nullable(ratio('订单流失衡', 'Order-flow imbalance', { about: '(active buys - active sells) / all value.' })),
    active_buy_value: nullable(cny('主动买入额', 'Active buys')),
    active_sell_value: nullable(cny('主动卖出额', 'Active sells')),
    neutral_value: nullable(cny('中性成交额', 'Neutral value', { about: 'Unclassified in continuous trading.' })),
    auction_value: nullable(cny('竞价成交额', 'Auction value')),
    big_count: nullable(count('大单笔数', 'Big records')),
    tick_count: count('笔数', 'Records'),
    big_density: nullable(ratio('大单密度', 'Big density', { about: 'big_count / tick_count in continuous trading.' })),
    ofi_bvc: nullable(
      ratio('批量分类失衡', 'Bulk-volume imbalance', { about: 'Bulk-volume classification on minute bars; unknown with fewer than 120 earlier minutes.' }),
    ),
    vpin: nullable(ratio('VPIN', 'VPIN')),
    side_coverage: nullable(ratio('方向覆盖率', 'Side coverage')),
    side_methods: json('方向方法占比', 'Side methods', { about: 'Share of continuous value by classification method.' }),
    ah_volume: share('盘后成交量', 'After-hours volume'),
    ah_value: cny('盘后成交额', 'After-hours value'),
    threshold: nullable(cny('大单阈值', 'Threshold')),
    threshold_method: category('阈值方法', 'Threshold method'),
    grain: category('粒度', 'Grain'),
    source: category('来源', 'Source'),
    cov: nullable(ratio('覆盖率', 'Coverage', { about: 'Tick value / daily turnover; unknown when the day has no daily bar.' })),
    quality: category('质量', 'Quality', { about: 'OK, PARTIAL, or UNCHECKED when there is no daily bar to reconcile with.' }),
    half_hour_returns: nullable(
      json('半小时收益', 'Half-hour returns', {
        about: 'Returns over the whole half hours of the session clock, what a usual move is measured by.',
      }),
    ),
    computed_through: nullable(instant('末笔时间', 'Last record at')),
    param_set_id: text('参数集', 'Parameter set'),
  },
  inputs: [
    sameDay(odsTick),
    sameDay(odsQuote, { strength: 'soft' }),
    sameDay(bigTradeThreshold),
    withLookback(dwdDaily, 20, { strength: 'soft' }),
    withLookback(dwdAdjFactor, 20, { strength: 'soft' }),
    withLookback(dwsMinuteBar, 20),
    withLookback(stockActivePool, 20, { strength: 'soft' }),
  ],
  build: { by: 'compute', version: '3', compute: microstructureDays },
  audits: [
    unique('trade_date', 'ts_code'),
    between('order_flow_imbalance', -1, 1),
    holds(
      'parts_add_up',
      'active_buy_value is null or abs(active_buy_value + active_sell_value + neutral_value + auction_value - total_value) < 0.01',
      'trade_date, ts_code, total_value',
    ),
  ],
  maxDaysPerStep: 5,
  readyAt: '18:30',
})
