import { numbers } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Engine, QueryOptions } from '#warehouse/engine/engine.ts'
import type { MarketData } from './read-market.ts'

export interface Benchmark {
  readonly name: string
  /** NaN on a day without a level. */
  readonly levelOn: (date: TradeDate) => number
}

/** CSI 300 (price index) where it is loaded for the span, else the universe with equal weights. */
export async function readBenchmark(engine: Engine, data: MarketData, options: Pick<QueryOptions, 'signal'>): Promise<Benchmark> {
  const [from, to] = [data.dates[0]!, data.dates[data.dates.length - 1]!]
  const frame = await engine.frame(
    "select trade_date, close from fupan.ods_index_daily where ts_code = '000300.SH' and trade_date between {from:UInt32} and {to:UInt32} and close is not null",
    { ...options, params: { from, to } },
  )
  const date = numbers(frame, 'trade_date')
  const close = numbers(frame, 'close')
  const index = new Map(Array.from({ length: frame.length }, (_, row) => [date[row]!, close[row]!]))
  if (index.size >= 0.9 * data.dates.length) return { name: '000300.SH (price index)', levelOn: (day) => index.get(day) ?? NaN }
  const level = equalWeight(data)
  return { name: 'universe, equal weights, before costs', levelOn: (day) => level.get(day) ?? NaN }
}

/** Level of a portfolio that holds every stock of the data in equal parts, set right every day, without costs: the mean of close / reference price. */
export function equalWeight({ dates, stocks }: Pick<MarketData, 'dates' | 'stocks'>): ReadonlyMap<number, number> {
  const sum = new Map<number, number>()
  const count = new Map<number, number>()
  for (const stock of stocks) {
    for (let row = 0; row < stock.dates.length; row++) {
      const before = stock.preClose?.[row] ?? NaN
      if (!(before > 0)) continue
      const date = stock.dates[row]!
      sum.set(date, (sum.get(date) ?? 0) + stock.close[row]! / before - 1)
      count.set(date, (count.get(date) ?? 0) + 1)
    }
  }
  const level = new Map<number, number>()
  let value = 1
  for (const date of Array.from(dates)) {
    value *= 1 + (sum.get(date) ?? 0) / (count.get(date) ?? 1)
    level.set(date, value)
  }
  return level
}
