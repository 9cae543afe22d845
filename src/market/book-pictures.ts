import { frameOf, toLabels, type Column, type Frame } from '#core/frame.ts'
import type { TickDay } from '#core/tick.ts'
import type { DailyBars } from './daily-bars.ts'
import type { Stream } from './keyed-stream.ts'
import type { World } from './world.ts'

const TICK = 10
const LEVELS = 10

/** Mean depth of each level as a multiple of the best one: it grows to the fourth level and thins out beyond (spec simulator §10.1). */
const DEPTH = [1, 1.4, 1.8, 2, 1.8, 1.5, 1.3, 1.1, 1, 0.9] as const

/** Depth of the best level in mean records, and of the queue behind a sealed limit. */
const BEST_RECORDS = 3
const SEAL_RECORDS = 200

/**
 * 快照: pictures of the book of one stock-day as rows of `ods_quote`, one after each record of its ticks: the quotes are those in force for the next
 * record, cumulative volume (shares) and turnover (CNY) are those up to this one. Ten levels on neighbouring ticks inside the price limits; behind a
 * sealed board the other side is empty. The last picture, after the closing auction, says nothing about the book. Depends on the seed, the code, the
 * date and the ticks only.
 */
export function bookPictures(world: World, bars: DailyBars, ticks: TickDay, source: string): Frame {
  const day = world.dayOf.get(ticks.date)!
  const { length } = ticks
  const stream = world.stream('book', `${ticks.code} depth`, ticks.date)
  const column = () => new Float64Array(length)
  const sides = { bid: levelColumns(length), ask: levelColumns(length) }
  const soFar = { open: column(), high: column(), low: column(), volume: column(), amount: column(), trades: column() }
  const usual = ticks.volume.reduce((sum, shares) => sum + shares, 0) / length
  let [high, low, volume, amount, trades] = [0, Infinity, 0, 0, 0]
  for (let row = 0; row < length; row++) {
    const price = ticks.price[row]!
    high = Math.max(high, price)
    low = Math.min(low, price)
    volume += ticks.volume[row]!
    amount += ticks.amount[row]!
    trades += ticks.tradeCount[row]!
    soFar.open[row] = ticks.price[0]!
    soFar.high[row] = high
    soFar.low[row] = low
    soFar.volume[row] = volume
    soFar.amount[row] = amount / 1000
    soFar.trades[row] = trades
    const [bid, ask] = [ticks.bid1[row + 1] ?? NaN, ticks.ask1[row + 1] ?? NaN]
    const isOpen = row + 1 < length && !Number.isNaN(bid)
    fillSide(sides.bid, row, isOpen ? bid : NaN, -TICK, bars.limitDown[day]!, ask === 0 ? SEAL_RECORDS * usual : usual, bars.stock.lot, stream)
    fillSide(sides.ask, row, isOpen ? ask : NaN, TICK, bars.limitUp[day]!, bid === 0 ? SEAL_RECORDS * usual : usual, bars.stock.lot, stream)
  }
  const same = (text: string) => toLabels(Array.from({ length }, () => text))
  const named = (name: string, columns: readonly Float64Array[]) => columns.map((values, k): [string, Column] => [`${name}${k + 1}`, values])
  return frameOf({
    trade_date: new Uint32Array(length).fill(ticks.date),
    ts_code: same(ticks.code),
    source: same(source),
    at: ticks.at.slice(),
    seq: Uint32Array.from({ length }, (_, row) => row),
    last: Float64Array.from(ticks.price),
    prev_close: column().fill(bars.preClose[day]!),
    open: soFar.open,
    high: soFar.high,
    low: soFar.low,
    cum_volume: soFar.volume,
    cum_amount: soFar.amount,
    ...Object.fromEntries([
      ...named('bid', sides.bid.price),
      ...named('ask', sides.ask.price),
      ...named('bid_volume', sides.bid.volume),
      ...named('ask_volume', sides.ask.volume),
    ]),
    trade_count: soFar.trades,
  })
}

interface SideColumns {
  readonly price: readonly Float64Array[]
  readonly volume: readonly Float64Array[]
}

function levelColumns(length: number): SideColumns {
  const columns = () => Array.from({ length: LEVELS }, () => new Float64Array(length))
  return { price: columns(), volume: columns() }
}

/** One side of one picture: from the best price outwards, up to the limit (0 = none); NaN = not known, 0 = nobody there. */
function fillSide({ price, volume }: SideColumns, row: number, best: number, step: number, limit: number, usual: number, lot: number, stream: Stream): void {
  for (let level = 0; level < LEVELS; level++) {
    const at = best + level * step
    // A gamma distribution of shape 2: the sum of two exponentials, with mean 1.
    const depth = (usual * BEST_RECORDS * DEPTH[level]! * (stream.exponential() + stream.exponential())) / 2
    const isBeyond = limit > 0 && (step > 0 ? at > limit : at < limit)
    const isEmpty = best === 0 || isBeyond || at <= 0
    price[level]![row] = Number.isNaN(best) ? NaN : isEmpty ? 0 : at
    volume[level]![row] = Number.isNaN(best) ? NaN : isEmpty ? 0 : lot * Math.max(1, Math.round(depth / lot))
  }
}
