import type { Tick } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'

/** A trade of the running session as a tape shows it: price and amount in CNY, `side` +1 active buy, -1 active sell, 0 neutral, NaN no flag. */
export interface TapeTrade {
  readonly seq: number
  readonly at: EpochMs
  readonly price: number
  readonly volume: number
  readonly amount: number
  readonly side: number
  /** NaN when not reported. */
  readonly tradeCount: number
}

/** Trades kept of each stock: three screens of a tape. For 5,000 stocks some 25 MB. */
export const KEEP_TRADES = 100

/** 分笔: the newest trades of one stock, columns written round and round. */
export class TradeRing {
  readonly #seq = new Int32Array(KEEP_TRADES)
  readonly #at = new Float64Array(KEEP_TRADES)
  readonly #price = new Int32Array(KEEP_TRADES)
  readonly #volume = new Float64Array(KEEP_TRADES)
  readonly #amount = new Float64Array(KEEP_TRADES)
  readonly #side = new Float32Array(KEEP_TRADES)
  readonly #tradeCount = new Float32Array(KEEP_TRADES)
  #count = 0

  push(tick: Tick): void {
    const i = this.#count++ % KEEP_TRADES
    this.#seq[i] = tick.seq
    this.#at[i] = tick.at
    this.#price[i] = tick.price
    this.#volume[i] = tick.volume
    this.#amount[i] = tick.amount
    this.#side[i] = tick.vendorSide
    this.#tradeCount[i] = tick.tradeCount
  }

  /** Newest first, those numbered below `before`, at most `limit`. */
  read(before: number, limit: number): readonly TapeTrade[] {
    const found: TapeTrade[] = []
    for (let k = this.#count - 1; k >= Math.max(0, this.#count - KEEP_TRADES) && found.length < limit; k--) {
      const i = k % KEEP_TRADES
      if (this.#seq[i]! >= before) continue
      found.push({
        seq: this.#seq[i]!,
        at: this.#at[i] as EpochMs,
        price: this.#price[i]! / 1000,
        volume: this.#volume[i]!,
        amount: this.#amount[i]! / 1000,
        side: this.#side[i]!,
        tradeCount: this.#tradeCount[i]!,
      })
    }
    return found
  }
}
