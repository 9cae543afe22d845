import { seededRng } from '#core/rng.ts'
import type { StockInput } from '#backtest/stock-input.ts'
import type { MarketData } from './read-market.ts'

/** The same data as they stood some market days before the end: a strategy run on them must decide as it did. Stocks that began later are gone. */
export function withoutFuture(data: MarketData, days: number): MarketData {
  const dates = Uint32Array.from(data.dates).subarray(0, Math.max(1, data.dates.length - days))
  const last = dates.at(-1)!
  const stocks = data.stocks.flatMap((stock) => {
    const rows = Array.from(stock.dates).filter((date) => date <= last).length
    return rows === 0 ? [] : [cut(stock, rows, last)]
  })
  return { ...data, dates, stocks, candidateTable: until(data, last), levelFlows: (data.levelFlows ?? []).filter(({ date }) => date <= last) }
}

/**
 * The same data with everything after a day replaced: each stock's prices go on at another height and swing twice as wide, volumes are drawn anew, candidates and flows are gone.
 * Bars stay bars and ex-dates stay ex-dates.
 */
export function withNoise(data: MarketData, days: number): MarketData {
  const last = data.dates[Math.max(0, data.dates.length - 1 - days)]!
  const rng = seededRng('future noise')
  const stocks = data.stocks.map((stock) => {
    const own = rng.fork(stock.code)
    const height = Math.exp(own.normal() / 4)
    const scale = Float64Array.from(stock.dates, (date) => (date > last ? height * Math.exp(own.normal() / 20) : 1))
    const scaled = (values: Float64Array) =>
      values.map((value, row) => (scale[row] === 1 ? value : Math.max(0.01, Math.round(value * scale[row]! * 100) / 100)))
    const redrawn = (values: Float64Array) => values.map((value, row) => (scale[row] === 1 ? value : value * (0.2 + 2 * own.next())))
    const unknown = (values: Float64Array | undefined) => (values === undefined ? {} : values.map((value, row) => (scale[row] === 1 ? value : NaN)))
    return {
      ...stock,
      open: scaled(stock.open),
      high: scaled(stock.high),
      low: scaled(stock.low),
      close: scaled(stock.close),
      volume: redrawn(stock.volume),
      ...(stock.preClose === undefined ? {} : { preClose: unknown(stock.preClose) as Float64Array }),
      ...(stock.upLimit === undefined ? {} : { upLimit: unknown(stock.upLimit) as Float64Array }),
      ...(stock.downLimit === undefined ? {} : { downLimit: unknown(stock.downLimit) as Float64Array }),
      features: Object.fromEntries(Object.entries(stock.features ?? {}).map(([name, feature]) => [name, { ...feature, values: redrawn(feature.values) }])),
    }
  })
  return { ...data, stocks, candidateTable: until(data, last), levelFlows: (data.levelFlows ?? []).filter(({ date }) => date <= last) }
}

function until({ candidateTable: table }: MarketData, last: number): MarketData['candidateTable'] {
  const length = Array.from({ length: table.length }, (_, row) => table.date[row]!).filter((date) => date <= last).length
  return { ...table, length }
}

/** The first rows of a stock. It has not been delisted yet, unless that day lies within. */
function cut(stock: StockInput, rows: number, last: number): StockInput {
  const { delistDate, ...rest } = stock
  const columns = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, ArrayBuffer.isView(value) ? (value as Float64Array).subarray(0, rows) : value]),
  ) as unknown as StockInput
  return {
    ...columns,
    ...(delistDate !== undefined && delistDate <= last ? { delistDate } : {}),
    features: Object.fromEntries(
      Object.entries(stock.features ?? {}).map(([name, feature]) => [name, { ...feature, values: feature.values.subarray(0, rows) }]),
    ),
  }
}
