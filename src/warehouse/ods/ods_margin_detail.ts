import { cny, code, date, nullable, share, text } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 融资融券交易明细: margin balances and flows per security; published the next morning. ETFs are included. Spec warehouse-ods §5.12. */
export const odsMarginDetail = defineTable({
  name: 'ods_margin_detail',
  layer: 'ods',
  label: { zh: '融资融券明细', en: 'Margin trading by security' },
  about: 'One row of margin balances and flows per security and day. Short volumes are shares for stocks, units for funds, lots for bonds.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    name: nullable(text('名称', 'Name', { about: 'Given from 2019-09-10.' })),
    rzye: nullable(cny('融资余额', 'Financing balance')),
    rzmre: nullable(cny('融资买入额', 'Bought with financing')),
    rzche: nullable(cny('融资偿还额', 'Financing repaid')),
    rqye: nullable(cny('融券余额', 'Short balance value')),
    rqyl: nullable(share('融券余量', 'Short balance')),
    rqmcl: nullable(share('融券卖出量', 'Sold short')),
    rqchl: nullable(share('融券偿还量', 'Short repaid')),
    rzrqye: nullable(cny('融资融券余额', 'Margin balance', { about: 'rzye + rqye' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('balances_not_negative', 'rzye >= 0 and rqye >= 0', 'trade_date, ts_code, rzye, rqye', 'warning'),
    holds('balances_add_up', 'abs(rzrqye - rzye - rqye) <= 1 + 1e-6 * rzrqye', 'trade_date, ts_code, rzrqye, rzye, rqye', 'warning'),
  ],
  readyAt: '+1 09:00',
})
