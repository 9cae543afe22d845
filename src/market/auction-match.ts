/** Which price wins when several trade the same: the rule of the exchange. */
export type TieRule = 'SSE' | 'SZSE'

/** The live limit orders of a call auction in order of time. Prices in whole ticks. */
export interface AuctionOrders {
  readonly length: number
  /** +1 buys, -1 sells, 0 is cancelled. */
  readonly side: ArrayLike<number>
  readonly price: ArrayLike<number>
  readonly quantity: ArrayLike<number>
}

/** 虚拟匹配: the one price of a call auction, what trades at it, and what could not although its price allowed it (one of the two is 0). */
export interface AuctionMatch {
  readonly price: number
  readonly volume: number
  readonly buyLeft: number
  readonly sellLeft: number
}

/** The fills of a call auction: positions of the buy and the sell in the orders, and how much they traded. */
export interface AuctionFill {
  readonly buy: number
  readonly sell: number
  readonly quantity: number
}

/**
 * 集合竞价定价: the price that trades most, with every buy above and every sell below it filled and at least one side filled at it (spec simulator §11.2).
 * Ties go to the smallest quantity left over. Still tied, Shanghai takes the middle of the tied order prices, half up to the tick; Shenzhen, which looks
 * at every tick and not at order prices alone, takes the nearest to `reference`: the previous close at the open, the last trade at the close
 * (of two equally near the higher). Undefined when no buy reaches a sell.
 */
export function auctionMatch(orders: AuctionOrders, tieRule: TieRule, reference: number): AuctionMatch | undefined {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < orders.length; i++) {
    if (orders.side[i]! > 0) high = Math.max(high, orders.price[i]!)
    else if (orders.side[i]! < 0) low = Math.min(low, orders.price[i]!)
  }
  if (!(high >= low)) return undefined
  // Only prices from the lowest sell to the highest buy can trade. Cumulative quantities: buys at or above, sells at or below.
  const buys = new Float64Array(high - low + 2)
  const sells = new Float64Array(high - low + 2)
  const isOrderPrice = new Uint8Array(high - low + 1)
  for (let i = 0; i < orders.length; i++) {
    const at = orders.price[i]! - low
    if (at < 0 || at > high - low) continue
    if (orders.side[i]! > 0) buys[at]! += orders.quantity[i]!
    else if (orders.side[i]! < 0) sells[at]! += orders.quantity[i]!
    if (orders.side[i] !== 0) isOrderPrice[at] = 1
  }
  for (let at = high - low - 1; at >= 0; at--) buys[at]! += buys[at + 1]!
  for (let at = 1; at <= high - low; at++) sells[at]! += sells[at - 1]!

  let [volume, over, first, last, nearest] = [0, Infinity, 0, 0, 0]
  for (let at = 0; at <= high - low; at++) {
    if (tieRule === 'SSE' && isOrderPrice[at] === 0) continue
    const here = Math.min(buys[at]!, sells[at]!)
    // Written as ≤: what trades must hold all better-priced orders of both sides.
    if (buys[at + 1]! > here || (at > 0 && sells[at - 1]! > here)) continue
    const left = Math.abs(buys[at]! - sells[at]!)
    if (here < volume || (here === volume && left > over)) continue
    if (here > volume || left < over) {
      ;[volume, over, first, nearest] = [here, left, at, at]
    }
    last = at
    if (Math.abs(at + low - reference) <= Math.abs(nearest + low - reference)) nearest = at
  }
  const at = tieRule === 'SSE' ? Math.ceil((first + last) / 2) : nearest
  return { price: at + low, volume, buyLeft: buys[at]! - volume, sellLeft: sells[at]! - volume }
}

/** The fills at the auction's price: the best prices first, at one price the earliest first, on both sides. */
export function auctionFills(orders: AuctionOrders, match: AuctionMatch): AuctionFill[] {
  const queue = (side: number): number[] =>
    Array.from({ length: orders.length }, (_, i) => i)
      .filter((i) => orders.side[i]! * side > 0 && side * (orders.price[i]! - match.price) >= 0)
      .toSorted((a, b) => side * (orders.price[b]! - orders.price[a]!) || a - b)
  const [buys, sells] = [queue(1), queue(-1)]
  const fills: AuctionFill[] = []
  let [left, b, s, buyLeft, sellLeft] = [match.volume, -1, -1, 0, 0]
  while (left > 0) {
    if (buyLeft === 0) buyLeft = orders.quantity[buys[++b]!]!
    if (sellLeft === 0) sellLeft = orders.quantity[sells[++s]!]!
    const quantity = Math.min(left, buyLeft, sellLeft)
    fills.push({ buy: buys[b]!, sell: sells[s]!, quantity })
    left -= quantity
    buyLeft -= quantity
    sellLeft -= quantity
  }
  return fills
}
