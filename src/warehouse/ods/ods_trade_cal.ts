import { category, count, date, nullable, yesno } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 交易日历（导入）: a calendar a vendor or library publishes, kept to compare with the shipped one (dim_trade_cal) and to look up days before 2005. */
export const odsTradeCal = defineTable({
  name: 'ods_trade_cal',
  layer: 'ods',
  label: { zh: '导入日历', en: 'Imported calendar' },
  about: 'One row per exchange and calendar day of an imported calendar. Nothing is built from it: the shipped closures decide.',
  grain: ['exchange', 'cal_date'],
  partition: 'none',
  columns: {
    exchange: category('交易所', 'Exchange', { about: 'SSE or SZSE' }),
    cal_date: date('日期', 'Date'),
    is_open: yesno('是否开市', 'Open'),
    pretrade_date: nullable(date('上一交易日', 'Previous open day')),
    day_idx: nullable(count('交易日序号', 'Ordinal', { unit: '', about: 'Ordinal within the shipped calendar; NULL when closed or before it.' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('exchange', 'cal_date'), severity: 'warning' },
    holds('known_exchange', "exchange in ('SSE', 'SZSE', 'BSE')", 'exchange, cal_date'),
    holds('previous_is_earlier', 'pretrade_date < cal_date', 'exchange, cal_date, pretrade_date'),
    holds('weekends_are_closed', 'is_open = 0 or toDayOfWeek(YYYYMMDDToDate32(cal_date)) <= 5', 'exchange, cal_date, is_open'),
  ],
  readyAt: '08:30',
})
