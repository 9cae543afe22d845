import { code, cny, date, flags, nullable, number, price, ratio, share, yesno } from '../column.ts'
import { odsDaily } from '../ods/ods_daily.ts'
import { odsDailyQfq } from '../ods/ods_daily_qfq.ts'
import { between, defineTable, holds, unique, withLookback } from '../table.ts'

/** 日频行情: CNY and shares from here on; units, names, nulls and bad bars are settled here. */
export const dwdDaily = defineTable({
  name: 'dwd_daily',
  layer: 'dwd',
  label: { zh: '日频行情', en: 'Daily bars' },
  about: 'One row per stock and trading day with a vendor bar. Unadjusted; a stock known only by forward-adjusted bars carries flag 256.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    open: price('开盘价', 'Open'),
    high: price('最高价', 'High'),
    low: price('最低价', 'Low'),
    close: price('收盘价', 'Close'),
    pre_close: nullable(
      price('昨收', 'Previous close', { about: 'Ex-rights reference price of the day; when the vendor gives none, the previous own close (flag 1).' }),
    ),
    ret_1d: nullable(ratio('日收益', 'One-day return', { about: 'close / pre_close - 1: already adjusted for corporate actions.' })),
    vol_shares: share('成交量', 'Volume'),
    amount_cny: cny('成交额', 'Turnover'),
    vwap: nullable(price('成交均价', 'VWAP', { about: 'amount_cny / vol_shares; unknown when nothing traded.' })),
    adjusted_scale: number('价格口径', 'Price scale', {
      about: '0 = traded prices, 1 = vendor forward-adjusted prices (only returns and ratios mean anything).',
    }),
    is_bar_valid: yesno('有效K线', 'Valid bar'),
    fix_flags: flags('修正标记', 'Fix flags', {
      about: '1 pre_close imputed, 2 pct_chg mismatch, 4 vwap outside [low, high], 16 OHLC violated, 32 zero volume, 256 forward-adjusted only.',
    }),
  },
  inputs: [withLookback(odsDaily, 'all', { orElse: [odsDailyQfq] })],
  build: { by: 'sql', version: '1' },
  audits: [
    unique('trade_date', 'ts_code'),
    between('close', 0.0001, 1_000_000),
    holds('high_not_below_low', 'is_bar_valid = 0 or high >= low', 'trade_date, ts_code, high, low'),
  ],
  readyAt: '17:05',
})
