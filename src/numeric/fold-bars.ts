/** Bars as columns, oldest first. Any price unit; volume in shares, amount in CNY. NaN amount or trades = not known. */
export interface Bars {
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  readonly amount: Float64Array
  readonly trades: Float64Array
}

/** The columns of bars, for whoever copies them all. */
export const BAR_COLUMNS = ['open', 'high', 'low', 'close', 'volume', 'amount', 'trades'] as const satisfies readonly (keyof Bars)[]

/** Empty bars of a length, to be filled. */
export function emptyBars(length: number): Bars {
  const column = () => new Float64Array(length)
  return { open: column(), high: column(), low: column(), close: column(), volume: column(), amount: column(), trades: column() }
}

/**
 * K 线合并 (spec simulator §17.4): run k of neighbouring bars, `starts[k]` to `starts[k + 1]`, becomes one bar. Open is that of the first bar with volume,
 * close that of the last, high and low the extremes over bars with volume; volume, amount and trades are sums. A run without volume is flat at its last
 * close. A part that is not known makes the sum unknown. Summed in order, so finer runs give the same whole numbers; `starts` ends with the length.
 */
export function foldBars(bars: Bars, starts: ArrayLike<number>): Bars {
  const out = emptyBars(Math.max(0, starts.length - 1))
  for (let k = 0; k + 1 < starts.length; k++) {
    const [from, to] = [starts[k]!, starts[k + 1]!]
    let open = NaN
    let close = NaN
    let high = -Infinity
    let low = Infinity
    let volume = 0
    let amount = 0
    let trades = 0
    for (let i = from; i < to; i++) {
      volume += bars.volume[i]!
      amount += bars.amount[i]!
      trades += bars.trades[i]!
      if (!(bars.volume[i]! > 0)) continue
      if (Number.isNaN(open)) open = bars.open[i]!
      if (bars.high[i]! > high) high = bars.high[i]!
      if (bars.low[i]! < low) low = bars.low[i]!
      close = bars.close[i]!
    }
    const flat = bars.close[to - 1]!
    const hasTraded = !Number.isNaN(close)
    out.open[k] = hasTraded ? open : flat
    out.high[k] = hasTraded ? high : flat
    out.low[k] = hasTraded ? low : flat
    out.close[k] = hasTraded ? close : flat
    out.volume[k] = volume
    out.amount[k] = amount
    out.trades[k] = trades
  }
  return out
}

/** All bars as one, its values as numbers. */
export function wholeBar(bars: Bars): Readonly<Record<keyof Bars, number>> {
  const { open, high, low, close, volume, amount, trades } = foldBars(bars, [0, bars.open.length])
  return { open: open[0]!, high: high[0]!, low: low[0]!, close: close[0]!, volume: volume[0]!, amount: amount[0]!, trades: trades[0]! }
}
