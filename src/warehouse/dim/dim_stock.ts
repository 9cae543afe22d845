import { category, code, date, nullable, text, yesno } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 股票列表: one row per listed or once listed stock. Delisted stocks stay for ever. Spec warehouse-ods §3.1. */
export const dimStock = defineTable({
  name: 'dim_stock',
  layer: 'dim',
  label: { zh: '股票列表', en: 'Stocks' },
  about: 'One row per stock: what it is today. The name is the current one: never decide a historical ST from it.',
  grain: ['ts_code'],
  partition: 'none',
  columns: {
    ts_code: code('证券代码', 'Code'),
    symbol: text('数字代码', 'Symbol', { about: 'The six digits.' }),
    name: text('名称', 'Name'),
    pinyin: text('拼音首字母', 'Pinyin initials', { about: 'Lower-case initials for the symbol search: 贵州茅台 → gzmt.' }),
    area: nullable(category('地域', 'Area')),
    industry: nullable(category('行业', 'Industry', { about: 'The vendor’s own classification, not Shenwan.' })),
    market: nullable(category('市场类型', 'Market', { about: 'In the vendor’s words: 主板, 创业板, 科创板, 北交所, CDR.' })),
    exchange: category('交易所', 'Exchange', { about: 'SSE, SZSE or BSE' }),
    board: category('板', 'Board', { about: 'main, chinext, star or bse, by number range.' }),
    is_a_share: yesno('是否A股', 'A share', { about: '0 for B shares (900xxx, 200xxx).' }),
    curr_type: nullable(category('交易货币', 'Currency')),
    list_status: category('上市状态', 'Listing status', { about: 'L = listed, D = delisted, P = paused' }),
    list_date: nullable(date('上市日', 'Listing date')),
    delist_date: nullable(date('退市日', 'Delisting date', { about: 'The last tradable day is before it.' })),
    is_hs: nullable(category('沪深港通', 'Stock Connect', { about: 'N = no, H = Shanghai, S = Shenzhen' })),
    source: category('来源', 'Source'),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('ts_code'), severity: 'warning' },
    holds('code_form', "match(ts_code, '^[0-9]{6}\\\\.(SH|SZ|BJ)$')", 'ts_code, name'),
    holds('listed_before_delisted', 'list_date < delist_date', 'ts_code, list_date, delist_date', 'warning'),
  ],
  readyAt: '08:30',
})
