import { aShareCalendar } from '#core/a-share-calendar.ts'
import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import { dateOfDayNumber, dayNumber } from '#core/trade-date.ts'
import { category, count, date, nullable, yesno } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 交易日历: every calendar day of the shipped closures, past and announced. SSE, SZSE and BSE share one calendar. Spec warehouse-ods §3.2. */
export const dimTradeCal = defineTable({
  name: 'dim_trade_cal',
  layer: 'dim',
  label: { zh: '交易日历', en: 'Trading calendar' },
  about: 'One row per exchange and calendar day. It reaches into the future: no job may take it as a work list without a cap at today.',
  grain: ['exchange', 'cal_date'],
  partition: 'none',
  columns: {
    exchange: category('交易所', 'Exchange', { about: 'SSE or SZSE' }),
    cal_date: date('日期', 'Date'),
    is_open: yesno('是否开市', 'Open'),
    pretrade_date: nullable(date('上一交易日', 'Previous open day')),
    day_idx: nullable(count('交易日序号', 'Ordinal', { unit: '', about: 'Ordinal among the open days, from 1; NULL when closed.' })),
  },
  inputs: [],
  build: { by: 'rules', rows: calendarRows },
  audits: [
    unique('exchange', 'cal_date'),
    holds('previous_is_earlier', 'pretrade_date < cal_date', 'exchange, cal_date, pretrade_date'),
    holds('weekends_are_closed', 'is_open = 0 or toDayOfWeek(YYYYMMDDToDate32(cal_date)) <= 5', 'exchange, cal_date, is_open'),
  ],
  readyAt: '00:00',
})

function calendarRows(): Frame {
  const days: number[] = []
  for (let day = dayNumber(aShareCalendar.from); day <= dayNumber(aShareCalendar.to); day++) days.push(day)
  const exchanges = ['SSE', 'SZSE']
  const rows = exchanges.flatMap((exchange) => days.map((day) => ({ exchange, date: dateOfDayNumber(day) })))
  return frameOf({
    exchange: toLabels(rows.map((row) => row.exchange)),
    cal_date: Uint32Array.from(rows, (row) => row.date),
    is_open: Uint8Array.from(rows, (row) => (aShareCalendar.isOpen(row.date) ? 1 : 0)),
    pretrade_date: Float64Array.from(rows, (row) => (row.date <= aShareCalendar.dateAt(0) ? NaN : aShareCalendar.previous(row.date))),
    day_idx: Float64Array.from(rows, (row) => (aShareCalendar.isOpen(row.date) ? aShareCalendar.indexOf(row.date) + 1 : NaN)),
  })
}
