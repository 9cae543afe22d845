import { bollingerHistory } from '../bollinger-history.ts'
import { category, code, count, date, flags, nullable, number, price, ratio, share } from '../column.ts'
import { dwdStockDailyStandard } from '../dwd/dwd_stock_daily_standard.ts'
import { dwdStockLabelDaily } from '../dwd/dwd_stock_label_daily.ts'
import { between, defineTable, unique, withLookback } from '../table.ts'

/** 布林价量位置 (spec bollinger): where price and volume stand in their own 20-bar, 2-sigma bands. Kernel: numeric/bollinger-bands.ts. */
export const stockBollingerData = defineTable({
  name: 'stock_bollinger_data',
  layer: 'dws',
  label: { zh: '布林价量位置', en: 'Bollinger positions' },
  about: 'One row per valid own bar, including the first 19 (with nulls): a missing row always means no bar.',
  grain: ['ts_code', 'trade_date'],
  partition: 'year',
  columns: {
    ts_code: code('证券代码', 'Code'),
    trade_date: date('交易日', 'Trade date'),
    close: price('收盘价', 'Close', { about: 'Unadjusted.' }),
    mid: nullable(price('中轨', 'Middle band', { about: 'Mean of 20 own bars, in the price scale of the day (back-adjusted / adj_factor).' })),
    upper: nullable(price('上轨', 'Upper band')),
    lower: nullable(price('下轨', 'Lower band')),
    price_position: nullable(
      number('价格位置', 'Price position', { unit: '0–100', about: '50 + 25 (close - mean) / sigma; unclipped, within [-58.972, 158.972].' }),
    ),
    band_width: nullable(ratio('带宽', 'Band width', { about: '4 sigma / mean.' })),
    band_width_zscore: nullable(number('带宽Z分', 'Band width z-score', { unit: 'σ', about: 'Over the last 120 own bars, sample standard deviation.' })),
    v_mid: nullable(share('量中轨', 'Volume middle band')),
    v_upper: nullable(share('量上轨', 'Volume upper band')),
    v_lower: nullable(share('量下轨', 'Volume lower band', { about: 'May be negative; not clipped.' })),
    v_price_position: nullable(number('量能位置', 'Volume position', { unit: '0–100' })),
    v_band_width: nullable(ratio('量带宽', 'Volume band width')),
    v_band_width_zscore: nullable(number('量带宽Z分', 'Volume band width z-score', { unit: 'σ' })),
    z_close: nullable(number('价格Z分', 'Price z-score', { unit: 'σ' })),
    z_vol: nullable(number('量能Z分', 'Volume z-score', { unit: 'σ' })),
    n_bars: count('K线数', 'Bars', { about: 'Own bars since the first one known, at most 9999.' }),
    span_days: count('跨度', 'Span', { about: 'Market days spanned by the 20-bar window.' }),
    flags: flags('标记', 'Flags', {
      about:
        '1 short history, 2 flat price, 4 flat volume, 8 window spans > 40 market days, 16 no-limit IPO day inside, 32 short z window, 64 limit day, 128 ex-date inside.',
    }),
    params: category('参数', 'Parameters'),
  },
  inputs: [withLookback(dwdStockDailyStandard, 'all'), withLookback(dwdStockLabelDaily, 'all')],
  build: { by: 'compute', version: '1', compute: bollingerHistory },
  audits: [unique('ts_code', 'trade_date'), between('price_position', -58.98, 158.98), between('v_price_position', -58.98, 158.98)],
  maxDaysPerStep: 5000,
  readyAt: '17:45',
})
