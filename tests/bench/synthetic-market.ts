import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { buildTable } from '#warehouse/build.ts'
import { dimStock } from '#warehouse/dim/dim_stock.ts'
import { dimTradeCal } from '#warehouse/dim/dim_trade_cal.ts'
import { dwdAdjFactor } from '#warehouse/dwd/dwd_adj_factor.ts'
import { dwdDaily } from '#warehouse/dwd/dwd_daily.ts'
import { dwdStockDailyStandard } from '#warehouse/dwd/dwd_stock_daily_standard.ts'
import { dwdStockLabelDaily } from '#warehouse/dwd/dwd_stock_label_daily.ts'
import { dwsMinuteBar } from '#warehouse/dws/dws_minute_bar.ts'
import { stockBollingerData } from '#warehouse/dws/stock_bollinger_data.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { odsTick } from '#warehouse/ods/ods_tick.ts'
import { compact } from '#warehouse/publish.ts'
import { built } from './built.ts'
import { chance, CODE, fill } from './synthetic-bars.ts'
import { RECORDS } from './synthetic-ticks.ts'

const MINUTES = 237

/** Milliseconds after midnight of record `nth`: 09:25, then evenly over continuous trading, then 15:00. */
const TIME = `multiIf(nth = 0, 33900000, nth = ${RECORDS - 1}, 54000000, intDiv(nth * 14219000, ${RECORDS - 1}) + if(intDiv(nth * 14219000, ${RECORDS - 1}) < 7200000, 34200000, 39600000))`

/** Middle of a stock's range on market day `i`, CNY: waves of weeks and of a quarter, so that swings cluster, levels form and closes reach their bands. */
const MIDDLE = `((10 + stock % 40) * exp(0.10 * sin(i / 9. + stock) + 0.12 * sin(i / 31. + stock * 3) + 0.004 * (${chance('stock', 'i')} - 0.5)))`

/** Volume of a stock on market day `i`: most days quiet, now and then several times as much. */
const VOLUME = `round(3e7 * exp(0.3 * ${chance('i', 'stock')}) * if(cityHash64(stock, i, 5) % 12 = 0, 3, 1))`

/**
 * A market whose stocks pass through the whole post-close chain: bars of all `dates`, ticks of the last `tickDays` of them (the daily bars add up to those of the last day),
 * everything the chain reads that is not part of it.
 */
export async function fillMarket(engine: Engine, stocks: number, dates: readonly TradeDate[], tickDays: number): Promise<void> {
  const last = dates.at(-1)!
  const withTicks = dates.slice(-tickDays)
  await built(buildTable(engine, dimTradeCal, { dates: [last], scope: 'all', version: 1, progress() {} }))
  await fill(
    engine,
    dimStock,
    `select ${CODE} as ts_code, leftPad(toString(stock + 1), 6, '0') as symbol, concat('股', toString(stock)) as name, 'g' as pinyin, null as area, null as industry, null as market,
      'SZSE' as exchange, 'main' as board, 1 as is_a_share, null as curr_type, 'L' as list_status, 20100104 as list_date, null as delist_date, null as is_hs, 'bench' as source
     from (select number as stock from numbers(${stocks}))`,
  )
  for (const date of withTicks) await fillTicks(engine, stocks, date, dates.indexOf(date))
  const byYear = Map.groupBy(dates.slice(0, -1), (date) => Math.floor(date / 10_000))
  let first = 0
  for (const days of byYear.values()) {
    const grid = `(select number as stock, arrayJoin(arrayEnumerate([${days.join(',')}])) as nth, nth - 1 + ${first} as i, [${days.join(',')}][nth] as day, ${MIDDLE} as middle, ${VOLUME} as volume from numbers(${stocks}))`
    await fill(
      engine,
      dwdDaily,
      `select toUInt32(day) as trade_date, ${CODE} as ts_code, round(middle * 0.995, 2) as open, round(middle * 1.016, 2) as high, round(middle * 0.984, 2) as low,
        round(middle * (1 + 0.02 * (${chance('stock', 'i', 9)} - 0.5)), 2) as close, close as pre_close, 0.001 as ret_1d, volume as vol_shares, volume * middle as amount_cny, middle as vwap,
        0 as adjusted_scale, 1 as is_bar_valid, 0 as fix_flags from ${grid}`,
    )
    first += days.length
  }
  // The last day is what its ticks say.
  await fill(
    engine,
    dwdDaily,
    `select trade_date, ts_code, argMin(price, seq) / 1000 as open, max(price) / 1000 as high, min(price) / 1000 as low, argMax(price, seq) / 1000 as close, open as pre_close, 0.001 as ret_1d,
      sum(volume) as vol_shares, sum(amount) / 1000 as amount_cny, amount_cny / vol_shares as vwap, 0 as adjusted_scale, 1 as is_bar_valid, 0 as fix_flags
     from fupan.ods_tick where trade_date = ${last} group by trade_date, ts_code`,
  )
  const [from, to] = [dates[0]!, last]
  await fill(engine, dwdAdjFactor, `select trade_date, ts_code, 1 as adj_factor, 'vendor' as origin, 0 as is_filled from fupan.dwd_daily`)
  await fill(
    engine,
    dwdStockDailyStandard,
    `select d.trade_date as trade_date, d.ts_code as ts_code, close, open as open_hfq, high as high_hfq, low as low_hfq, close as close_hfq, vwap as vwap_hfq, vol_shares as vol_adj, amount_cny,
      1 as adj_factor, 0 as is_ex_day, ret_1d, 0.001 as log_ret_1d, toUInt32(c.day_idx) as bar_no, toUInt32(c.day_idx) as day_idx, toUInt32(1) as gap_days
     from fupan.dwd_daily as d inner join (select cal_date, day_idx from fupan.dim_trade_cal where exchange = 'SSE' and cal_date between ${from} and ${to}) as c on c.cal_date = d.trade_date`,
  )
  await fill(
    engine,
    dwdStockLabelDaily,
    `select trade_date, ts_code, 'main' as board, 0 as is_st, 0 as is_delisting, 2000 as list_days, 0 as is_suspended, 0 as suspend_days, 0.1 as limit_pct, null as no_limit_reason,
      close * 1.1 as up_limit, close * 0.9 as down_limit, 0 as is_limit_up, 0 as is_limit_down from fupan.dwd_daily where trade_date >= ${dates.at(-30)!}`,
  )
  for (const [i, date] of withTicks.slice(-21, -1).entries())
    await fill(
      engine,
      dwsMinuteBar,
      `select toUInt32(${date}) as trade_date, ${CODE} as ts_code, toUInt32(1 + nth) as minute_no, toInt32(10 * (toInt32(cityHash64(stock, nth, ${i}) % 9) - 4)) as price_change,
        100. * (1 + cityHash64(nth, stock, ${i}) % 2400) as volume
       from (select intDiv(number, ${MINUTES}) as stock, number % ${MINUTES} as nth from numbers(${stocks * MINUTES}))`,
    )
  await built(buildTable(engine, stockBollingerData, { dates: dates.slice(-40, -1), scope: 'all', version: 2, progress() {} }))
  for (const table of [odsTick, dwsMinuteBar, dwdDaily, dwdAdjFactor, dwdStockDailyStandard, stockBollingerData]) await compact(engine, table, dates)
}

async function fillTicks(engine: Engine, stocks: number, date: TradeDate, i: number): Promise<void> {
  const price = `toInt32(10 * round(100 * middle * (1 + 0.013 * sin(nth / 700. + stock) + 0.002 * (${chance('stock', 'nth', i)} - 0.5))))`
  await fill(
    engine,
    odsTick,
    `select toUInt32(${date}) as trade_date, ${CODE} as ts_code, 'AGG3S' as grain, 'bench' as source, toInt64(${instantOf(date, 0)} + ${TIME}) as at, toUInt32(nth) as seq,
      ${price} as price, 100. * (1 + cityHash64(nth, stock, ${i}) % 60) * if(cityHash64(stock, nth, ${i + 7}) % 25 = 0, 40, 1) as volume, volume * price as amount, 0 as amount_est,
      ['B', 'S', 'M'][1 + cityHash64(stock, nth, 3) % 20 % 3] as vendor_side, 1 + nth % 7 as trade_count, price - 10 as bid1, price + 10 as ask1
     from (select stock, nth, ${i} as i, ${MIDDLE} as middle from (select intDiv(number, ${RECORDS}) as stock, number % ${RECORDS} as nth from numbers(${stocks * RECORDS})))`,
  )
}
