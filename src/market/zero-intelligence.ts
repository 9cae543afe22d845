import type { Rng } from '#core/rng.ts'
import { ln } from '#numeric/fmath.ts'
import { OrderBook } from './order-book.ts'
import { ORDER_TYPE } from './order-request.ts'

/** The Santa Fe model: orders of one unit, drawn without any thought (spec simulator §11.4). Rates per unit of time. */
export interface ZeroIntelligence {
  /** μ: market orders, half on each side. */
  readonly marketRate: number
  /** α: limit orders per tick and side. */
  readonly limitRate: number
  /** δ: each live order is cancelled at this rate. */
  readonly cancelRate: number
  /** W: limit buys fall evenly on this many ticks below the best ask, limit sells on as many above the best bid. */
  readonly window: number
}

/** What a run of the model measured. */
export interface ZeroIntelligenceRun {
  /** Time-weighted mean of best ask − best bid, ticks; NaN when the run had no time. */
  readonly meanSpread: number
  /** Time-weighted mean number of live orders. */
  readonly meanOrders: number
  readonly events: number
}

const CENTRE = 20_000

/**
 * 零智能模型 (Smith, Farmer, Gillemot & Krishnamurthy 2003; Farmer, Patelli & Zovko 2005) run on the order book: `warmUp` units of time are passed over,
 * then the spread is averaged over `time` units. Its mean spread is known from independent simulation, so it tests the matching.
 */
export function zeroIntelligence(model: ZeroIntelligence, time: number, warmUp: number, rng: Rng): ZeroIntelligenceRun {
  const { marketRate, limitRate, cancelRate, window } = model
  if (!(marketRate > 0 && limitRate > 0 && cancelRate > 0) || !(Number.isInteger(window) && window > 0 && window < CENTRE / 4))
    throw new RangeError(
      `Cannot run the zero-intelligence model: rates are positive and the window whole ticks below ${CENTRE / 4}, found ${JSON.stringify(model)}`,
    )
  const book = new OrderBook({ lowest: 1, highest: 2 * CENTRE })
  // Ids that were live once: a draw of one that has traded since is a cancellation that finds nothing, and so leaves every other rate as it was.
  const live: number[] = []
  let [bid, ask] = [CENTRE - 1, CENTRE + 1]
  for (let k = 0; k < window; k++) {
    live.push(book.submit(0, 1, ORDER_TYPE.LIMIT, CENTRE - 1 - k, 1), book.submit(0, -1, ORDER_TYPE.LIMIT, CENTRE + 1 + k, 1))
  }
  const limits = 2 * limitRate * window
  const end = warmUp + time
  let [now, spreadTime, orderTime, events] = [0, 0, 0, 0]
  while (now < end) {
    const total = marketRate + limits + cancelRate * live.length
    const next = Math.min(end, now - ln(1 - rng.next()) / total)
    const counted = next - Math.max(now, warmUp)
    if (counted > 0) {
      spreadTime += counted * (ask - bid)
      orderTime += counted * book.resting
    }
    now = next
    events++
    const u = rng.next() * total
    if (u < limits) {
      const side = u < limits / 2 ? 1 : -1
      const away = rng.integer(1, window)
      live.push(book.submit(now, side, ORDER_TYPE.LIMIT, side > 0 ? ask - away : bid + away, 1))
    } else if (u < limits + marketRate) book.submit(now, u < limits + marketRate / 2 ? 1 : -1, ORDER_TYPE.BEST_5_CANCEL, 0, 1)
    else {
      const place = rng.integer(0, live.length - 1)
      book.cancel(live[place]!, now)
      live[place] = live.at(-1)!
      live.pop()
    }
    // An emptied side keeps its last price until somebody quotes again.
    bid = book.bestBid || bid
    ask = book.bestAsk || ask
    if (bid >= ask) [bid, ask] = book.bestBid > 0 ? [bid, bid + 1] : [ask - 1, ask]
  }
  return { meanSpread: time > 0 ? spreadTime / time : NaN, meanOrders: time > 0 ? orderTime / time : NaN, events }
}
