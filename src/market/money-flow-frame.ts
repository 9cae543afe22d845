import type { Frame } from '#core/frame.ts'
import type { DaySpan } from './bar-rows.ts'
import type { DailyBars } from './daily-bars.ts'
import { drawMoneyFlow, emptyMoneyFlow, flowSource, ORDER_CLASSES } from './money-flow.ts'
import { stockRows } from './stock-rows.ts'
import type { World } from './world.ts'

const CLASS_COLUMNS = (['buy', 'sell'] as const).flatMap((side) => ORDER_CLASSES.flatMap((size) => [`${side}_${size}_vol`, `${side}_${size}_amount`] as const))

/**
 * `moneyflow` (spec simulator §9.6, warehouse-ods §5.9): bought and sold by class of order in lots and ten-thousand CNY, net of the aggressors. No rows for Beijing, as
 * the vendor; the number of trades is not given. By date, then stock.
 */
export function moneyFlowFrame(world: World, bars: readonly DailyBars[], { first, last }: DaySpan): Frame {
  const rows = stockRows(bars, bars.length * (last - first + 1), [...CLASS_COLUMNS, 'net_mf_vol', 'net_mf_amount'])
  const { columns } = rows
  const flow = emptyMoneyFlow()
  const sources = bars.map((own) => (own.stock.exchange === 'BJ' ? undefined : flowSource(world, own)))
  // Day by day: the days whose balance is read off records share the market's minutes.
  for (let day = first; day <= last; day++)
    for (const [k, source] of sources.entries()) {
      if (source === undefined || source.bars.volume[day] === 0) continue
      const row = rows.add(k, world.dates[day]!)
      drawMoneyFlow(world, source, day, flow)
      for (const [size, name] of ORDER_CLASSES.entries()) {
        columns[`buy_${name}_vol`][row] = flow.buyVolume[size]! / 100
        columns[`buy_${name}_amount`][row] = flow.buyAmount[size]! / 1e7
        columns[`sell_${name}_vol`][row] = flow.sellVolume[size]! / 100
        columns[`sell_${name}_amount`][row] = flow.sellAmount[size]! / 1e7
      }
      columns.net_mf_vol[row] = flow.netVolume / 100
      columns.net_mf_amount[row] = flow.netAmount / 1e7
    }
  return rows.frame()
}
