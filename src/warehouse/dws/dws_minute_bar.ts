import { code, count, date, milli, share } from '../column.ts'
import { minuteDays } from '../minute-days.ts'
import { odsTick } from '../ods/ods_tick.ts'
import { defineTable, sameDay, unique } from '../table.ts'

/** 分钟成交: the minutes of continuous trading in which a stock traded, from its ticks. What bulk-volume classification reads (spec microstructure §3.1). */
export const dwsMinuteBar = defineTable({
  name: 'dws_minute_bar',
  layer: 'dws',
  label: { zh: '分钟成交', en: 'Minutes traded' },
  about: 'One row per stock, day and minute with a trade in continuous trading. Kernel: micro/bulk-bars.ts.',
  grain: ['trade_date', 'ts_code', 'minute_no'],
  partition: 'month',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    minute_no: count('分钟序号', 'Minute number', { about: 'Ordinal among the traded minutes of the day, 1, 2, …' }),
    price_change: milli('价差', 'Price change', { about: 'Close minus the close of the last traded minute; the first against the opening print.' }),
    volume: share('成交量', 'Volume'),
  },
  inputs: [sameDay(odsTick)],
  build: { by: 'compute', version: '1', compute: minuteDays },
  audits: [unique('trade_date', 'ts_code', 'minute_no')],
  maxDaysPerStep: 5,
  readyAt: '15:30',
})
