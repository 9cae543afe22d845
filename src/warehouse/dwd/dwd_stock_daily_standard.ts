import { cny, code, count, date, nullable, number, price, ratio, share, yesno } from '../column.ts'
import { dimTradeCal } from '../dim/dim_trade_cal.ts'
import { defineTable, holds, sameDay, unique, withLookback } from '../table.ts'
import { dwdAdjFactor } from './dwd_adj_factor.ts'
import { dwdDaily } from './dwd_daily.ts'

/**
 * 标准复权行情: back-adjusted bars. Row t is known at the close of t and never changes because of later corporate actions, so no stored number
 * looks ahead. Forward-adjusted prices exist only on charts (the API rescales), never here.
 */
export const dwdStockDailyStandard = defineTable({
  name: 'dwd_stock_daily_standard',
  layer: 'dwd',
  label: { zh: '标准复权行情', en: 'Back-adjusted bars' },
  about: 'One row per stock and valid own bar, prices back-adjusted (raw × adj_factor of the day), volume divided by the factor.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    close: price('收盘价', 'Close', { about: 'Unadjusted.' }),
    open_hfq: price('后复权开盘', 'Open, back-adjusted'),
    high_hfq: price('后复权最高', 'High, back-adjusted'),
    low_hfq: price('后复权最低', 'Low, back-adjusted'),
    close_hfq: price('后复权收盘', 'Close, back-adjusted'),
    vwap_hfq: nullable(price('后复权均价', 'VWAP, back-adjusted')),
    vol_adj: share('复权成交量', 'Volume, adjusted', { about: 'vol_shares / adj_factor: a bonus issue does not look like a volume explosion.' }),
    amount_cny: cny('成交额', 'Turnover'),
    adj_factor: number('复权因子', 'Adjustment factor'),
    is_ex_day: yesno('除权除息日', 'Ex-date', { about: 'The factor differs from that of the previous own bar by more than 1e-9.' }),
    ret_1d: nullable(ratio('日收益', 'One-day return')),
    log_ret_1d: nullable(ratio('对数收益', 'Log return')),
    bar_no: count('K线序号', 'Bar number', { about: 'Ordinal of the own bar since the first one known, 1, 2, …' }),
    day_idx: count('交易日序号', 'Market day number', { about: 'dim_trade_cal.day_idx of the trade date.' }),
    gap_days: nullable(count('间隔交易日', 'Gap in market days', { about: 'Market days since the previous own bar; 1 = consecutive.' })),
  },
  inputs: [withLookback(dwdDaily, 'all'), withLookback(dwdAdjFactor, 'all'), sameDay(dimTradeCal)],
  build: { by: 'sql', version: '1' },
  audits: [unique('trade_date', 'ts_code'), holds('positive', 'close_hfq > 0 and vol_adj > 0', 'trade_date, ts_code, close_hfq, vol_adj')],
  readyAt: '17:30',
})
