import { emptyBars, type DailyBars } from './daily-bars.ts'
import { StockWalk, type StockCheckpoint } from './stock-walk.ts'
import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/** One day of one stock drawn alone: its bar, and where it stood before and after. */
export interface StockDay {
  /** Columns over the world's dates of which only this day is filled. */
  readonly bars: DailyBars
  readonly before: StockCheckpoint
  readonly after: StockCheckpoint
}

/**
 * 单日: the day `day` of a stock, from a checkpoint taken before it or before any earlier day, else from the first day on. The same bits as the day has in `dailyBars`.
 * Nothing when the stock is not listed yet. Throws RangeError on a checkpoint of a later day.
 */
export function stockDay(world: World, stock: Stock, day: number, from?: StockCheckpoint): StockDay | undefined {
  if (from !== undefined && from.day > day) throw new RangeError(`Cannot draw day ${day} of ${stock.code}: its checkpoint is of the later day ${from.day}`)
  const bars = emptyBars(stock, world.dates.length)
  const walk = new StockWalk(world, stock, bars)
  if (day < walk.firstDay) return undefined
  if (from !== undefined) walk.resume(from)
  for (let earlier = from?.day ?? walk.firstDay; earlier < day; earlier++) walk.step(earlier)
  const before = walk.checkpoint(day)
  walk.step(day)
  return { bars, before, after: walk.checkpoint(day + 1) }
}
