import type { Code } from '#core/code.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { dailyBars, type DailyBars } from './daily-bars.ts'
import { flowPlan, plantedOn, type FlowPlan } from './flow-plan.ts'
import type { World } from './world.ts'

/** One day on which large orders of one side were planted in the ticks. */
export interface PlantedDay {
  readonly code: Code
  readonly date: TradeDate
  readonly side: 'buy' | 'sell'
  readonly strength: number
}

/** 真值表: every planted stock-day of the world, by code and date. For tests and reports only; no detector may read it. */
export function plantedFlow(world: World): readonly PlantedDay[] {
  return world.stocks.flatMap((stock) => {
    const plan = flowPlan(world, stock)
    return plan.side === 0 ? [] : plantedDays(world, plan, dailyBars(world, stock))
  })
}

function plantedDays(world: World, plan: FlowPlan, bars: DailyBars): PlantedDay[] {
  const days: PlantedDay[] = []
  for (let day = 0; day < world.dates.length; day++) {
    const planted = bars.volume[day]! > 0 ? plantedOn(plan, bars, day) : 0
    if (planted !== 0) days.push({ code: bars.stock.code, date: world.dates[day]!, side: planted > 0 ? 'buy' : 'sell', strength: plan.strength })
  }
  return days
}
