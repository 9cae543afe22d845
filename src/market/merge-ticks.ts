import { instantOf } from '#core/shanghai-time.ts'
import type { Tick, TickDay } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'

/** The columns of a day of ticks, whatever they are kept in. */
export type PackedTicks = { readonly [Field in keyof TickDay]: TickDay[Field] extends Float64Array ? Float64Array | Float32Array : TickDay[Field] }

/** The same ticks in half the memory: a column whose every value four bytes can hold is kept in four. */
export function packTicks(day: TickDay): PackedTicks {
  const columns = Object.entries(day).map(([field, column]: [string, unknown]) => [field, column instanceof Float64Array ? packed(column) : column])
  return Object.fromEntries(columns) as PackedTicks
}

function packed(column: Float64Array): Float64Array | Float32Array {
  const small = Float32Array.from(column)
  return column.every((value, i) => Object.is(small[i], value)) ? small : column
}

/** All ticks of a date in event-time order, at the same millisecond in the order of the days given, in batches of at most `size`. */
export function* mergeTicks(date: TradeDate, days: readonly PackedTicks[], size = 1000): Generator<readonly Tick[]> {
  const cursor = new TickCursor(date, days)
  for (let batch = cursor.take(size); batch.length > 0; batch = cursor.take(size)) yield batch
}

/** The same order read piece by piece: what happened up to an instant and was not taken yet. */
export class TickCursor {
  readonly #days: readonly PackedTicks[]
  /** Which day each tick is of; a day's own ticks are in order. */
  readonly #order: Uint16Array
  readonly #next: Uint32Array
  #at = 0

  constructor(date: TradeDate, days: readonly PackedTicks[]) {
    this.#days = days
    this.#order = orderOfTicks(date, days)
    this.#next = new Uint32Array(days.length)
  }

  /** When the next tick happens; nothing when all were taken. */
  get nextAt(): number | undefined {
    if (this.#at === this.#order.length) return undefined
    const k = this.#order[this.#at]!
    return this.#days[k]!.at[this.#next[k]!]!
  }

  /** At most `most` ticks of those that happen up to `until`. */
  take(most: number, until = Infinity): readonly Tick[] {
    const batch: Tick[] = []
    for (let at = this.nextAt; at !== undefined && at <= until && batch.length < most; at = this.nextAt) {
      const k = this.#order[this.#at++]!
      batch.push(tickAt(this.#days[k]!, this.#next[k]!++))
    }
    return batch
  }
}

/** More stocks than this no market has: time and stock sort as one number. */
const STOCKS = 8192

/** The day of every tick, in the order of time and at the same instant of the days: a stock has one record per instant. */
function orderOfTicks(date: TradeDate, days: readonly PackedTicks[]): Uint16Array {
  const midnight = instantOf(date, 0)
  const order = new Float64Array(days.reduce((sum, day) => sum + day.length, 0))
  let filled = 0
  for (const [k, day] of days.entries()) for (let i = 0; i < day.length; i++) order[filled++] = (day.at[i]! - midnight) * STOCKS + k
  order.sort()
  return Uint16Array.from(order, (key) => key % STOCKS)
}

function tickAt(day: PackedTicks, seq: number): Tick {
  const at = day.at[seq]! as EpochMs
  return {
    code: day.code,
    date: day.date,
    at,
    seenAt: at,
    seq,
    grain: day.grain,
    price: day.price[seq]!,
    volume: day.volume[seq]!,
    amount: day.amount[seq]!,
    amountEstimated: day.amountEstimated[seq] === 1,
    vendorSide: day.vendorSide[seq]!,
    tradeCount: day.tradeCount[seq]!,
    bid1: day.bid1[seq]!,
    ask1: day.ask1[seq]!,
  }
}
