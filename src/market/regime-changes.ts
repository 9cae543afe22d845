import { beginRegime, walkRegimeDay, type MarketState } from './regime.ts'
import type { World } from './world.ts'

/** 行情状态真值: the state of a chain and the trading minute (0 … 239) of the day from which it holds: a row of `sim_truth_regime` (spec simulator §12.2). */
export interface RegimeChange {
  readonly day: number
  readonly minute: number
  readonly state: MarketState
}

/** The changes of one fast chain over days [from, until) of a world: of `MKT`, of a sector by its name, of a stock by its code. The first row is its beginning. */
export function regimeChanges(world: World, entity: string, from: number, until: number): readonly RegimeChange[] {
  const stream = world.stream('regime', entity)
  const chain = beginRegime(stream)
  const day = { drift: 0, meanSquare: 0, volume: 0 }
  const changes: RegimeChange[] = []
  for (let at = from; at < until; at++)
    walkRegimeDay(chain, stream.at(world.dates[at]!), day, 240, (minute, state) => {
      if (changes.at(-1)?.state !== state) changes.push({ day: at, minute, state })
    })
  return changes
}
