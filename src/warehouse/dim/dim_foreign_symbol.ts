import { category, code, number, price, ratio, share, text } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 境外证券列表: shares of Hong Kong and the United States, and coins. No table of the A-share pipeline reads it: what is here is never a candidate (ADR 15). */
export const dimForeignSymbol = defineTable({
  name: 'dim_foreign_symbol',
  layer: 'dim',
  label: { zh: '境外证券列表', en: 'Foreign symbols' },
  about: 'One row per symbol outside the A-share market. Ticks, sessions and closures follow from its market.',
  grain: ['ts_code'],
  partition: 'none',
  columns: {
    ts_code: code('证券代码', 'Code', { about: '700.HK, AAPL.US, BTCUSDT' }),
    market: category('市场', 'Market', { about: 'hk, us or crypto' }),
    name: text('名称', 'Name'),
    pinyin: text('拼音首字母', 'Pinyin initials'),
    currency: category('交易货币', 'Currency'),
    timezone: category('时区', 'Time zone', { about: 'IANA name; trade dates and labels are of this zone.' }),
    lot: number('每手', 'Lot', { unit: 'shares', about: 'Smallest step of a traded volume: shares, or a part of a coin.' }),
    base_price: price('基准价', 'Base price', { unit: 'currency', about: 'Around which the simulator drew the first price.' }),
    base_volatility: ratio('基准波动率', 'Base volatility', { about: 'Own annual volatility before multipliers.' }),
    base_volume: share('基准日成交量', 'Base daily volume'),
    preset: category('模型', 'Model', { about: 'classic or realistic: which of the simulator’s models made its bars.' }),
    source: category('来源', 'Source'),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('ts_code'), severity: 'warning' },
    holds('not_an_a_share', "not match(ts_code, '^[0-9]{6}\\\\.(SH|SZ|BJ)$')", 'ts_code, name'),
    holds('known_market', "market in ('hk', 'us', 'crypto')", 'ts_code, market'),
  ],
  readyAt: '00:00',
})
