import { frameOf, type Frame } from '#core/frame.ts'
import type { DaySpan } from './bar-rows.ts'
import { EDGES, sumUpChips, walkChips, type ChipCosts } from './chip-walk.ts'
import type { DailyBars } from './daily-bars.ts'
import { stockRows } from './stock-rows.ts'
import type { World } from './world.ts'

/** `cyq_perf` (spec simulator §9.8, warehouse-ods §5.15): cost quantiles in CNY on the day's price basis and the winners in percent, on every bar. By stock, then date. */
export function chipCostFrame(world: World, bars: readonly DailyBars[], { first, last }: DaySpan): Frame {
  const quantiles = ['cost_5pct', 'cost_15pct', 'cost_50pct', 'cost_85pct', 'cost_95pct'] as const
  const rows = stockRows(bars, bars.length * (last - first + 1), ['his_low', 'his_high', ...quantiles, 'weight_avg', 'winner_rate'])
  const { columns } = rows
  const costs: ChipCosts = { quantiles: new Float64Array(quantiles.length), mean: 0, winners: 0 }
  for (const [k, own] of bars.entries())
    walkChips(own, last, (day, chips) => {
      if (day < first) return
      const row = rows.add(k, world.dates[day]!)
      sumUpChips(chips, own.close[day]!, costs)
      columns.his_low[row] = toFen(chips.low)
      columns.his_high[row] = toFen(chips.high)
      for (const [at, name] of quantiles.entries()) columns[name][row] = toFen(costs.quantiles[at]!)
      columns.weight_avg[row] = toFen(costs.mean)
      columns.winner_rate[row] = Math.round(1e4 * costs.winners) / 100
    })
  return rows.frame()
}

/** 厘 as CNY with two digits. */
function toFen(milli: number): number {
  return Math.round(milli / 10) / 100
}

/** Buckets with less than this part of the chips are counted with their neighbour. */
const LEAST = 1e-5

/** `cyq_chips` (spec warehouse-ods §5.14): percent of the chips by the middle price of their bucket, adding up to 100; by stock, date and price. */
export function chipsFrame(world: World, bars: readonly DailyBars[], { first, last }: DaySpan): Frame {
  const [stockOf, dates, prices, percents]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (const [k, own] of bars.entries())
    walkChips(own, last, (day, { axis, weight, from, to }) => {
      if (day < first) return
      let [carried, row] = [0, -1]
      for (let bucket = from; bucket <= to; bucket++) {
        carried += weight[bucket]!
        if (carried < LEAST) continue
        const price = Math.round((axis * (EDGES[bucket]! + EDGES[bucket + 1]!)) / 2) / 1000
        // Below some 0.1 CNY two buckets may share a whole 厘.
        if (row < 0 || prices[row] !== price) {
          stockOf.push(k)
          dates.push(world.dates[day]!)
          prices.push(price)
          row = percents.push(0) - 1
        }
        percents[row]! += 100 * carried
        carried = 0
      }
      if (row >= 0) percents[row]! += 100 * carried
    })
  return frameOf({
    ts_code: { index: Uint32Array.from(stockOf), values: bars.map(({ stock }) => stock.code) },
    trade_date: Uint32Array.from(dates),
    price: Float64Array.from(prices),
    percent: Float64Array.from(percents),
  })
}
