import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { dwdStockDailyStandard } from '#warehouse/dwd/dwd_stock_daily_standard.ts'
import { dwdStockLabelDaily } from '#warehouse/dwd/dwd_stock_label_daily.ts'
import { compact } from '#warehouse/publish.ts'
import type { Table } from '#warehouse/table.ts'

/** The last `length` market days before a date the calendar surely covers. */
export function benchDates(length: number): readonly TradeDate[] {
  const end = 20_260_930 as TradeDate
  return aShareCalendar.dates(aShareCalendar.shift(end, 1 - length), end)
}

/** Codes of made-up Shenzhen stocks: 000001.SZ, 000002.SZ, … */
export const CODE = `concat(leftPad(toString(stock + 1), 6, '0'), '.SZ')`

/** A number in [0, 1) that depends on nothing but its arguments. */
export function chance(...salt: readonly (string | number)[]): string {
  return `(cityHash64(${salt.join(', ')}) / 18446744073709551616)`
}

/** Back-adjusted bars and labels of `stocks` stocks on `dates`: waves and noise, a limit day in fifty, an ex-date in two hundred and fifty. */
export async function fillBars(engine: Engine, stocks: number, dates: readonly TradeDate[]): Promise<void> {
  const byYear = Map.groupBy(dates, (date) => Math.floor(date / 10_000))
  let first = 0
  for (const [, days] of byYear) {
    const grid = `(select number as stock, arrayJoin(arrayEnumerate([${days.join(',')}])) as nth, nth + ${first} as i, [${days.join(',')}][nth] as day from numbers(${stocks}))`
    await fill(
      engine,
      dwdStockDailyStandard,
      `
      select ${CODE} as ts_code, toUInt32(day) as trade_date,
        (5 + stock % 200) * exp(0.3 * sin(i / 97 + stock) + 0.05 * sin(i / 7 + stock * 3)) * (1 + 0.03 * (${chance('stock', 'i')} - 0.5)) as close_hfq,
        floor(1 + i / 250) as adj_factor, close_hfq / adj_factor as close,
        close_hfq * 0.995 as open_hfq, close_hfq * 1.01 as high_hfq, close_hfq * 0.99 as low_hfq, close_hfq as vwap_hfq,
        round(1e6 * (1 + stock % 30) * exp(${chance('i', 'stock')} + sin(i / 13 + stock))) as vol_adj,
        vol_adj * close_hfq as amount_cny, i % 250 = 0 as is_ex_day, 0.001 as ret_1d, 0.001 as log_ret_1d,
        toUInt32(i) as bar_no, toUInt32(i + 1000) as day_idx, toUInt32(1) as gap_days from ${grid}`,
    )
    await fill(
      engine,
      dwdStockLabelDaily,
      `
      select ${CODE} as ts_code, toUInt32(day) as trade_date, 'main' as board, 0 as is_st, null as is_delisting, toUInt32(i) as list_days, 0 as is_suspended, 0 as suspend_days,
        0.1 as limit_pct, if(i <= 5, 'IPO_WINDOW', null) as no_limit_reason, 11 as up_limit, 9 as down_limit, cityHash64(stock, i) % 100 = 0 as is_limit_up, cityHash64(i, stock) % 100 = 0 as is_limit_down
      from ${grid}`,
    )
    first += days.length
  }
  for (const table of [dwdStockDailyStandard, dwdStockLabelDaily]) await compact(engine, table, dates)
}

/** Insert the columns of a SELECT (by name) as rows of version 1; the order of its rows does not matter. */
export async function fill(engine: Engine, table: Table, select: string): Promise<void> {
  const columns = Object.keys(table.columns).join(', ')
  await engine.exec(`insert into fupan.${table.name} (${columns}, ver, is_deleted) select ${columns}, 1, 0 from (${select})`, {
    settings: { max_insert_block_size: 1_048_576, min_insert_block_size_rows: 1_048_576, min_insert_block_size_bytes: 0, max_partitions_per_insert_block: 0 },
  })
}
