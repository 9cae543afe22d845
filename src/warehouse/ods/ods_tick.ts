import { category, code, count, date, instant, milli, nullable, number, share, yesno } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/**
 * 逐笔与分笔成交: trades in time order, prices and amounts in whole 厘 so that sums are exact. The grain says what one record is
 * (spec microstructure §2.1); several sources of one stock-day live side by side and are never mixed.
 */
export const odsTick = defineTable({
  name: 'ods_tick',
  layer: 'ods',
  label: { zh: '逐笔成交', en: 'Ticks' },
  about: 'One trade (TBT) or one merged print (AGG3S, SNAPDIFF) per stock, day, source and ordinal.',
  grain: ['trade_date', 'ts_code', 'source', 'seq'],
  // One stock-day of one source lies in one run on disk, in time order.
  order: ['ts_code', 'trade_date', 'source', 'seq'],
  unit: ['trade_date', 'ts_code', 'source'],
  partition: 'day',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    grain: category('粒度', 'Grain', { about: 'TBT, AGG3S, SNAPDIFF or BAR1M' }),
    source: category('来源', 'Source'),
    at: instant('时间', 'Time', { about: 'Time stamp of the source.' }),
    seq: count('序号', 'Ordinal', { unit: '', about: 'Position within stock, day and source after sorting by time, from 0.' }),
    price: milli('成交价', 'Price', { about: 'The last price inside an aggregate.' }),
    volume: share('成交量', 'Volume'),
    amount: number('成交额', 'Turnover', { unit: '0.001 CNY', about: 'Whole 厘.' }),
    amount_est: yesno('成交额为推算', 'Turnover estimated', { about: '1 = the feed gave none, price × volume was used.' }),
    vendor_side: nullable(category('主动方标记', 'Vendor side', { about: 'B active buy, S active sell, M neutral; NULL = none given, or a call auction.' })),
    trade_count: nullable(number('笔数', 'Trades', { unit: 'count' })),
    bid1: nullable(milli('买一价', 'Best bid', { about: 'In force strictly before the tick; 0 = no bids.' })),
    ask1: nullable(milli('卖一价', 'Best ask', { about: 'In force strictly before the tick; 0 = no offers.' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code', 'source', 'seq'), severity: 'warning' },
    holds('positive', 'price > 0 and volume > 0 and amount > 0', 'trade_date, ts_code, source, seq, price, volume, amount'),
    holds('known_grain', "grain in ('TBT', 'AGG3S', 'SNAPDIFF', 'BAR1M')", 'trade_date, ts_code, source, seq, grain'),
    holds('known_side', "vendor_side in ('B', 'S', 'M')", 'trade_date, ts_code, source, seq, vendor_side'),
    // A price outside the merged seconds is possible, one twice as far off is a unit mistake.
    holds('units', 'amount / volume between price * 0.5 and price * 2', 'trade_date, ts_code, source, seq, price, volume, amount'),
  ],
  readyAt: '15:35',
})
