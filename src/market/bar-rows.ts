import type { Labels } from '#core/frame.ts'
import type { DailyBars } from './daily-bars.ts'
import type { World } from './world.ts'

/** Open days of the world by index, first to last, both included. */
export interface DaySpan {
  readonly first: number
  readonly last: number
}

/** Which stock-days a frame has as rows, and how its columns are filled. */
export interface BarRows {
  readonly codes: Labels
  readonly dates: Uint32Array
  /** One number per row. */
  numbers(of: (own: DailyBars, day: number) => number): Float64Array
}

/** The stock-days that satisfy a condition, by date and then in the order of the stocks. */
export function barRows(world: World, bars: readonly DailyBars[], { first, last }: DaySpan, has: (own: DailyBars, day: number) => boolean): BarRows {
  const [stockOf, dayOf]: [number[], number[]] = [[], []]
  for (let day = first; day <= last; day++)
    for (let k = 0; k < bars.length; k++) {
      if (!has(bars[k]!, day)) continue
      stockOf.push(k)
      dayOf.push(day)
    }
  const codes: Labels = { index: Uint32Array.from(stockOf), values: bars.map(({ stock }) => stock.code) }
  return {
    codes,
    dates: Uint32Array.from(dayOf, (day) => world.dates[day]!),
    numbers(of: (own: DailyBars, day: number) => number): Float64Array {
      const column = new Float64Array(dayOf.length)
      for (let row = 0; row < column.length; row++) column[row] = of(bars[stockOf[row]!]!, dayOf[row]!)
      return column
    },
  }
}
