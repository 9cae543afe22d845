import { cny, nullable, number, price, share } from './column.ts'

/** The values of a k-line, in CNY and shares. */
export const klineValues = {
  open: price('开盘价', 'Open'),
  high: price('最高价', 'High'),
  low: price('最低价', 'Low'),
  close: price('收盘价', 'Close'),
  volume: share('成交量', 'Volume'),
  amount: nullable(cny('成交额', 'Turnover')),
  trades: nullable(number('笔数', 'Trades', { unit: 'count' })),
}
