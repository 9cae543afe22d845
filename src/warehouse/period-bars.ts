import { date, nullable, number, price, share } from './column.ts'
import { holds, unique } from './table.ts'

/** Prices of a bar of a week or a month, as TuShare gives them. */
export const periodPrices = (closeBefore: string, period: string) => ({
  open: price('开盘价', 'Open'),
  high: price('最高价', 'High'),
  low: price('最低价', 'Low'),
  close: price('收盘价', 'Close'),
  pre_close: nullable(price(closeBefore, 'Close of the bar before', { about: `As it was: not lowered by an ex-date inside the ${period}.` })),
  change: nullable(price('涨跌额', 'Change', { about: 'close − pre_close' })),
})

/** What was traded in it, in the vendor’s units, and its last open day. */
export const periodSums = {
  vol: share('成交量', 'Volume', { unit: 'lots' }),
  amount: number('成交额', 'Turnover', { unit: 'thousand CNY' }),
  period_end_open_day: date('周期末交易日', 'Last open day'),
}

export const periodAudits = [
  { ...unique('trade_date', 'ts_code'), severity: 'warning' },
  holds('high_not_below_low', 'high >= low and low > 0', 'trade_date, ts_code, high, low'),
  holds('units', 'vol <= 0 or amount * 10 / vol between low * 0.9 and high * 1.1', 'trade_date, ts_code, vol, amount, low, high', 'warning'),
] as const
