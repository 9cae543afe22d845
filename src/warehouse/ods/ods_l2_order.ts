import { category, code, count, date, instant, milli, nullable, number, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 逐笔委托: every order added to or cancelled from the book, Level-2. */
export const odsL2Order = defineTable({
  name: 'ods_l2_order',
  layer: 'ods',
  label: { zh: '逐笔委托', en: 'Level-2 orders' },
  about: 'One order event per stock, day, source and ordinal.',
  grain: ['trade_date', 'ts_code', 'source', 'seq'],
  order: ['ts_code', 'trade_date', 'source', 'seq'],
  unit: ['trade_date', 'ts_code', 'source'],
  partition: 'day',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    source: category('来源', 'Source'),
    at: instant('时间', 'Time'),
    seq: count('序号', 'Ordinal', { unit: '', about: 'Position within stock, day and source, from 0.' }),
    order_no: number('委托号', 'Order number', { about: 'The number trades refer to.' }),
    action: category('动作', 'Action', { about: 'A = added, D = cancelled' }),
    side: category('方向', 'Side', { about: 'B = buy, S = sell' }),
    price: nullable(milli('委托价', 'Price', { about: 'NULL for an order without a limit.' })),
    volume: share('委托量', 'Volume', { about: 'What is left after any immediate trade (added) or was cancelled.' }),
    channel: nullable(number('频道', 'Channel')),
    order_index: nullable(number('交易所序号', 'Exchange index', { about: 'Consecutive within the channel.' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code', 'source', 'seq'), severity: 'warning' },
    holds('known_action', "action in ('A', 'D') and side in ('B', 'S')", 'trade_date, ts_code, source, seq, action, side'),
    holds('volume_positive', 'volume > 0', 'trade_date, ts_code, source, seq, volume', 'warning'),
  ],
  readyAt: '17:00',
})
