import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { buildTable } from '#warehouse/build.ts'
import { dimTradeCal } from '#warehouse/dim/dim_trade_cal.ts'
import { dwdAdjFactor } from '#warehouse/dwd/dwd_adj_factor.ts'
import { dwdDaily } from '#warehouse/dwd/dwd_daily.ts'
import { bigTradeThreshold } from '#warehouse/dws/big_trade_threshold.ts'
import { dwsMinuteBar } from '#warehouse/dws/dws_minute_bar.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { odsTick } from '#warehouse/ods/ods_tick.ts'
import { compact } from '#warehouse/publish.ts'
import { built } from './built.ts'
import { chance, CODE, fill } from './synthetic-bars.ts'

/** Records of one stock-day: the opening print, one about every three seconds, the closing print. */
export const RECORDS = 4815

/** Minutes of continuous trading. */
const MINUTES = 237

/** Milliseconds after midnight of record `nth`: 09:25, then evenly over continuous trading, then 15:00. */
const TIME = `multiIf(nth = 0, 33900000, nth = ${RECORDS - 1}, 54000000, intDiv(nth * 14219000, ${RECORDS - 1}) + if(intDiv(nth * 14219000, ${RECORDS - 1}) < 7200000, 34200000, 39600000))`

/**
 * A whole tick day of the market and what its summary reads besides: daily bars and factors of 21 days (the last of `dates`), traded minutes of 20, thresholds.
 * Prices wander by sines and noise, nothing is drawn; the daily bar adds up to the ticks.
 */
export async function fillTickDay(engine: Engine, stocks: number, dates: readonly TradeDate[]): Promise<void> {
  const day = dates.at(-1)!
  await built(buildTable(engine, dimTradeCal, { dates: [day], scope: 'all', version: 1, progress() {} }))
  const price = `toInt32(10 * round((1000 + (stock % 500) * 10 + 20 * sin(nth / 700 + stock) + 4 * ${chance('stock', 'nth')})))`
  await fill(
    engine,
    odsTick,
    `
    select toUInt32(${day}) as trade_date, ${CODE} as ts_code, 'AGG3S' as grain, 'bench' as source, toInt64(${instantOf(day, 0)} + ${TIME}) as at, toUInt32(nth) as seq,
      ${price} as price, 100. * (1 + cityHash64(nth, stock) % 60) * if(cityHash64(stock, nth, 7) % 25 = 0, 40, 1) as volume, volume * price as amount, 0 as amount_est,
      ['B', 'S', 'M'][1 + cityHash64(stock, nth, 3) % 20 % 3] as vendor_side, 1 + nth % 7 as trade_count, price - 10 as bid1, price + 10 as ask1
    from (select intDiv(number, ${RECORDS}) as stock, number % ${RECORDS} as nth from numbers(${stocks * RECORDS}))`,
  )
  await fill(
    engine,
    dwdDaily,
    `
    select toUInt32(day) as trade_date, ${CODE} as ts_code, 10 as open, 11 as high, 9 as low, 10 as close, 10 as pre_close, 0 as ret_1d, 30000000 as vol_shares, 300000000 as amount_cny,
      10 as vwap, 0 as adjusted_scale, 1 as is_bar_valid, 0 as fix_flags
    from (select number as stock, arrayJoin([${dates.slice(0, -1).join(',')}]) as day from numbers(${stocks}))
    union all
    select trade_date, ts_code, 10, 11, 9, 10, 10, 0, sum(volume), sum(amount) / 1000, 10, 0, 1, 0 from fupan.ods_tick group by trade_date, ts_code`,
  )
  await fill(
    engine,
    dwdAdjFactor,
    `
    select toUInt32(day) as trade_date, ${CODE} as ts_code, 1 + stock % 7 as adj_factor, 'vendor' as origin, 0 as is_filled
    from (select number as stock, arrayJoin([${dates.join(',')}]) as day from numbers(${stocks}))`,
  )
  for (const date of dates.slice(0, -1))
    await fill(
      engine,
      dwsMinuteBar,
      `
      select toUInt32(${date}) as trade_date, ${CODE} as ts_code, toUInt32(1 + nth) as minute_no, toInt32(10 * (toInt32(cityHash64(stock, nth, ${date}) % 9) - 4)) as price_change,
        100. * (1 + cityHash64(nth, stock, ${date}) % 2400) as volume
      from (select intDiv(number, ${MINUTES}) as stock, number % ${MINUTES} as nth from numbers(${stocks * MINUTES}))`,
    )
  await fill(
    engine,
    bigTradeThreshold,
    `
    select toUInt32(${day}) as trade_date, ${CODE} as ts_code, 'AGG' as grain_class, 300000 as p90, 500000 as p95, 500000 as threshold, 'PCT' as method, 60 as n_days, 288900 as n_trades, 'bench' as param_set_id
    from (select number as stock from numbers(${stocks}))`,
  )
  for (const table of [odsTick, dwsMinuteBar, dwdDaily, dwdAdjFactor]) await compact(engine, table, dates)
}
