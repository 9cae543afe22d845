import { category, cny, date, nullable, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 融资融券汇总: margin totals per exchange; published the next morning. Spec warehouse-ods §5.11. */
export const odsMargin = defineTable({
  name: 'ods_margin',
  layer: 'ods',
  label: { zh: '融资融券汇总', en: 'Margin trading by exchange' },
  about: 'One row of margin totals per exchange and day.',
  grain: ['trade_date', 'exchange_id'],
  partition: 'none',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    exchange_id: category('交易所', 'Exchange', { about: 'SSE, SZSE or BSE (BSE from 2023-02-13).' }),
    rzye: nullable(cny('融资余额', 'Financing balance')),
    rzmre: nullable(cny('融资买入额', 'Bought with financing')),
    rzche: nullable(cny('融资偿还额', 'Financing repaid')),
    rqye: nullable(cny('融券余额', 'Short balance value')),
    rqmcl: nullable(share('融券卖出量', 'Sold short', { unit: 'shares, units or lots' })),
    rzrqye: nullable(cny('融资融券余额', 'Margin balance', { about: 'rzye + rqye' })),
    rqyl: nullable(share('融券余量', 'Short balance')),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'exchange_id'), severity: 'warning' },
    holds('known_exchange', "exchange_id in ('SSE', 'SZSE', 'BSE')", 'trade_date, exchange_id'),
    holds('balances_add_up', 'abs(rzrqye - rzye - rqye) <= 1 + 1e-6 * rzrqye', 'trade_date, exchange_id, rzrqye, rzye, rqye', 'warning'),
  ],
  readyAt: '+1 09:00',
})
