import { category, code, date, instant, yesno } from '../column.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { klineDays } from '../kline-days.ts'
import { odsMinuteBar } from '../ods/ods_minute_bar.ts'
import { odsTick } from '../ods/ods_tick.ts'
import { klineValues } from '../kline-values.ts'
import { defineTable, holds, sameDay, unique } from '../table.ts'

/**
 * 分钟K线: each stock and day once, at the finest length there is: one minute from its ticks (else from a minute file), 5, 15 … minutes where a file
 * gives nothing finer. Coarser bars are folded from these when they are asked for (numeric/resample-bars.ts), so a minute built again changes every
 * coarser bar at once. One-minute days have 241 slots: 09:30 holds the opening auction alone (spec simulator §17.2).
 */
export const marketKlines = defineTable({
  name: 'market_klines',
  layer: 'dws',
  label: { zh: '分钟K线', en: 'Minute k-lines' },
  about: 'One bar per stock, day and label at the finest length known, unadjusted; minutes without trades are flat with volume 0.',
  grain: ['trade_date', 'ts_code', 'interval', 'time'],
  order: ['ts_code', 'interval', 'trade_date', 'time'],
  partition: 'month',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    interval: category('周期', 'Interval', { about: '1m, or 5m, 15m, 30m, 60m, 120m where nothing finer is known of the day.' }),
    time: instant('时间', 'Label', { about: 'End of the bar.' }),
    ...klineValues,
    is_final: yesno('已完成', 'Final', { about: 'Always 1: a bar comes here when its session is over.' }),
    auction_merged: yesno('竞价并入', 'Auction merged', { about: '1 = the day has no 09:30 bar of its own: the opening auction lies in its first bar.' }),
    source: category('来源', 'Source', { about: 'Feed of the ticks, or the minute file.' }),
  },
  inputs: [sameDay(odsTick, { orElse: [odsMinuteBar] }), sameDay(dwdDaily, { strength: 'soft' })],
  build: { by: 'compute', version: '1', compute: klineDays },
  audits: [
    unique('trade_date', 'ts_code', 'interval', 'time'),
    holds('positive', 'open > 0 and high > 0 and low > 0 and close > 0 and volume >= 0', 'trade_date, ts_code, time, open, high, low, close, volume'),
    holds('prices_within_range', 'low <= least(open, close) and high >= greatest(open, close)', 'trade_date, ts_code, time, open, high, low, close', 'warning'),
  ],
  maxDaysPerStep: 5,
  readyAt: '17:05',
})
