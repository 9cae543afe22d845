import { frameOf, type Frame } from '#core/frame.ts'
import type { DailyBars } from './daily-bars.ts'

/** Rows of a frame in the making, in the order they are added. */
export interface StockRows<Name extends string> {
  readonly columns: Readonly<Record<Name, Float64Array>>
  /** Begin the row of a stock (by its position) on a date; its number, to fill the columns at. */
  add(stock: number, date: number): number
  /** What was filled, with ts_code and trade_date in front. */
  frame(): Frame
}

/** Room for `most` rows of numbers about these stocks. */
export function stockRows<const Name extends string>(bars: readonly DailyBars[], most: number, names: readonly Name[]): StockRows<Name> {
  const [stockOf, dates] = [new Uint32Array(most), new Uint32Array(most)]
  const columns = Object.fromEntries(names.map((name) => [name, new Float64Array(most)])) as Record<Name, Float64Array>
  let length = 0
  return {
    columns,
    add(stock, date) {
      stockOf[length] = stock
      dates[length] = date
      return length++
    },
    frame: () =>
      frameOf({
        ts_code: { index: stockOf.subarray(0, length), values: bars.map(({ stock }) => stock.code) },
        trade_date: dates.subarray(0, length),
        ...Object.fromEntries(names.map((name) => [name, columns[name].subarray(0, length)])),
      }),
  }
}
