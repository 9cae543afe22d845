import { aShareCalendar } from '#core/a-share-calendar.ts'
import { numbers } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'
import { gatherStocks } from './gather-stocks.ts'

/** Market days before a day over which the mean is taken. */
export const MEAN_DAYS = 20

/** 前20日均成交额 (adv). */
export interface MeanAmounts {
  /** Mean CNY a day of the own bars on the 20 market days before the date; NaN without any. Summed in the order of the days. */
  of(code: string, date: TradeDate): number
}

/** Read once what the mean amounts of some stocks on some dates need. */
export async function meanAmounts(
  engine: Engine,
  dates: readonly TradeDate[],
  codes: readonly string[] | undefined,
  options: Pick<QueryOptions, 'signal'>,
): Promise<MeanAmounts> {
  const stocks = await gatherStocks(
    engine.frames(
      `select ts_code, trade_date, amount_cny as amount from fupan.dwd_daily
       where trade_date between {since:UInt32} and {to:UInt32} and is_bar_valid = 1${codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'}`,
      { ...options, params: { since: aShareCalendar.back(dates[0]!, MEAN_DAYS), to: dates.at(-1)!, ...(codes === undefined ? {} : { codes }) } },
    ),
  )
  const series = new Map<string, AmountSeries>(
    stocks.map(({ code, frame }) => [code, { date: numbers(frame, 'trade_date'), amount: numbers(frame, 'amount') as Float64Array }]),
  )
  return {
    of(code, date) {
      const own = series.get(code)
      return own === undefined ? NaN : meanAmount(own, date)
    },
  }
}

/** Amounts of one stock by ascending date. */
export interface AmountSeries {
  readonly date: ArrayLike<number>
  readonly amount: Float64Array
}

/** Mean of the amounts on the 20 market days before a date; NaN without any. */
export function meanAmount({ date, amount }: AmountSeries, before: TradeDate): number {
  const since = aShareCalendar.back(before, MEAN_DAYS)
  let [sum, days] = [0, 0]
  for (let row = 0; row < amount.length; row++) {
    if (date[row]! < since || date[row]! >= before) continue
    sum += amount[row]!
    days++
  }
  return days === 0 ? NaN : sum / days
}
