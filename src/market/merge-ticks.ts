import { instantOf } from '#core/shanghai-time.ts'
import type { Tick, TickDay } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'

type Column = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array

/** The columns of a day of ticks, whatever they are kept in. */
export type PackedTicks = { readonly [Field in keyof TickDay]: TickDay[Field] extends Float64Array ? Column : TickDay[Field] } & {
  /** What `at` is counted from; absent = it is epoch ms. */
  readonly since?: number
}

/** The same ticks in about half the memory: a column is kept in the fewest bytes that hold its every value. */
export function packTicks(day: TickDay): PackedTicks {
  const since = day.at[0] ?? 0
  const columns = Object.entries({ ...day, at: day.at.map((at) => at - since) }).map(([field, column]: [string, unknown]) => [
    field,
    column instanceof Float64Array ? packed(column) : column,
  ])
  return Object.fromEntries([...columns, ['since', since]]) as PackedTicks
}

/** Narrow first; whole numbers of four bytes are exact where floats of four are not. */
const KINDS = [Int8Array, Int16Array, Int32Array, Float32Array] as const

function packed(column: Float64Array): Column {
  for (const Kind of KINDS) {
    const small = new Kind(column)
    if (column.every((value, i) => Object.is(small[i], value))) return small
  }
  return column
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
    return atOf(this.#days[k]!, this.#next[k]!)
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
  for (const [k, day] of days.entries()) for (let i = 0; i < day.length; i++) order[filled++] = (atOf(day, i) - midnight) * STOCKS + k
  order.sort()
  return Uint16Array.from(order, (key) => key % STOCKS)
}

function atOf({ at, since = 0 }: PackedTicks, i: number): number {
  return since + at[i]!
}

function tickAt(day: PackedTicks, seq: number): Tick {
  const at = atOf(day, seq) as EpochMs
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
