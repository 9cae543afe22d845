import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { seededRng, type Rng } from '#core/rng.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { Market } from '#backtest/market.ts'
import type { StockInput } from '#backtest/stock-input.ts'

/** For tests: the days of a year on which fair markets trade. */
export const fairDates: readonly TradeDate[] = aShareCalendar.dates(tradeDate(20240102), tradeDate(20241231))

/** A stock whose logarithm is a driftless walk: the close is fair given the open, the open given the close before, so a cheap open is no bargain. Volume is plenty. */
function fairStock(code: Code, rng: Rng): StockInput {
  const length = fairDates.length
  const column = () => new Float64Array(length)
  const [open, high, low, close, volume, preClose] = [column(), column(), column(), column(), column(), column()]
  let price = 20
  for (let i = 0; i < length; i++) {
    preClose[i] = price
    open[i] = Math.round(price * Math.exp(0.005 * rng.normal() - 0.0000125) * 100) / 100
    const next = Math.round(open[i]! * Math.exp(0.014 * rng.normal() - 0.000098) * 100) / 100
    close[i] = next
    high[i] = Math.round(Math.max(open[i]!, next) * 100.5) / 100
    low[i] = Math.round(Math.min(open[i]!, next) * 99.5) / 100
    volume[i] = 1e7
    price = next
  }
  return {
    code,
    listDate: tradeDate(20100104),
    dates: Uint32Array.from(fairDates),
    open,
    high,
    low,
    close,
    volume,
    amount: volume.map((shares, i) => shares * close[i]!),
    preClose,
    features: { price_position: { values: close.map(() => 50 + 20 * rng.normal()) } },
  }
}

/** The stocks of a market in which nothing can be known ahead. */
export function fairStocks(seed: number, count = 20): readonly StockInput[] {
  const rng = seededRng(seed)
  return Array.from({ length: count }, (_, i) => fairStock(`${600_000 + i}.SH` as Code, rng.fork(`stock ${i}`)))
}

export function fairMarket(seed: number): Market {
  return new Market({ dates: Uint32Array.from(fairDates), stocks: fairStocks(seed) })
}
