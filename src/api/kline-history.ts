import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { INTERVALS, minutesOf, slotsByEnd } from '#core/kline-interval.ts'
import { MARKETS, PROFILES, type Market } from '#core/market-profile.ts'
import { LAST_SLOT } from '#core/session.ts'
import { marketOf } from '#core/symbol.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BAR_COLUMNS, emptyBars, type Bars } from '#numeric/fold-bars.ts'
import { firstAtLeast } from '#numeric/first-place.ts'
import { fillMinutes } from '#numeric/minute-bars.ts'
import type { MinuteBars } from '#numeric/resample-bars.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { ByteLru, type Sized } from './kline-lru.ts'
import { midnightOf } from './kline-series.ts'
import type { DrawnMinutes, FoldedDays } from './views.ts'

/** Valid daily bars of a stock, unadjusted, oldest first. */
export interface DailyHistory extends Sized, Bars {
  readonly date: ArrayLike<number>
}

/** Adjustment factors of a stock by day, oldest first. */
export interface FactorHistory extends Sized {
  readonly date: ArrayLike<number>
  readonly factor: ArrayLike<number>
}

/** The days of a stock with minute bars, oldest first: how long the bars of each are, and the minute slot of its last one. */
export interface MinuteDays extends Sized {
  readonly date: readonly TradeDate[]
  readonly minutes: readonly number[]
  readonly lastSlot: readonly number[]
  /** Days that are not stored, but drawn when they are asked for. */
  readonly drawn: ReadonlySet<number>
}

/** One stock's rows are few: more threads of the engine would only wait for each other while many ask. */
const FEW_ROWS = { max_threads: 1 } as const

/** Decoded histories kept: some three hundred stocks with ten years of daily bars. */
const HISTORY_BYTES = 48 * 1024 * 1024

/** Drawn days kept: some two thousand. They never change, whatever is published. */
const DRAWN_BYTES = 32 * 1024 * 1024

/** What the warehouse knows of a stock's bars, read once and kept until something is published. */
export class KlineHistory {
  readonly #engine: Engine
  readonly #kept = new ByteLru<Sized>(HISTORY_BYTES)
  readonly #reading = new Map<string, Promise<Sized>>()
  readonly #drawn: DrawnMinutes | undefined
  readonly #folded: FoldedDays | undefined
  readonly #drawnDay = new ByteLru<MinuteBars & Sized>(DRAWN_BYTES)
  #stamp = ''

  /** `drawn`: where minutes of days with a daily bar and no stored minutes come from; `folded`: days whose coarser bars can be read. */
  constructor(engine: Engine, { drawn, folded }: { readonly drawn?: DrawnMinutes; readonly folded?: FoldedDays } = {}) {
    this.#engine = engine
    this.#drawn = drawn
    this.#folded = folded
  }

  /** Something was published: what was read before counts no longer. */
  renew(stamp: string): void {
    if (stamp === this.#stamp) return
    this.#stamp = stamp
    this.#kept.clear()
    this.#reading.clear()
  }

  daily(symbol: string): Promise<DailyHistory> {
    return this.#remembered(`daily ${symbol}`, async () => {
      const frame = await this.#engine.frame(
        `select trade_date, open, high, low, close, ${
          marketOf(symbol) === 'cn' ? 'vol_shares as volume, amount_cny as amount from fupan.dwd_daily' : 'volume, amount from fupan.ods_foreign_daily'
        }
         where ts_code = {symbol:String}${marketOf(symbol) === 'cn' ? ' and is_bar_valid = 1' : ''} order by trade_date`,
        { params: { symbol }, settings: FEW_ROWS },
      )
      return { date: numbers(frame, 'trade_date'), ...barsOf(frame), bytes: 60 * frame.length + 200 }
    })
  }

  factors(symbol: string): Promise<FactorHistory> {
    return this.#remembered(`factors ${symbol}`, async () => {
      const frame = await this.#engine.frame('select trade_date, adj_factor from fupan.dwd_adj_factor where ts_code = {symbol:String} order by trade_date', {
        params: { symbol },
        settings: FEW_ROWS,
      })
      return { date: numbers(frame, 'trade_date'), factor: numbers(frame, 'adj_factor'), bytes: 12 * frame.length + 200 }
    })
  }

  minuteDays(symbol: string): Promise<MinuteDays> {
    return this.#remembered(`days ${symbol}`, async () => {
      const [frame, traded] = await Promise.all([
        this.#engine.frame(
          `select trade_date, any(interval) as length, max(time) as last_time from ${minuteTable(symbol)}
           where ts_code = {symbol:String} group by trade_date order by trade_date`,
          { params: { symbol }, settings: FEW_ROWS },
        ),
        this.#drawn === undefined || marketOf(symbol) !== 'cn' ? undefined : this.daily(symbol),
      ])
      const length = labels(frame, 'length')
      const slotOf = slotsOf(marketOf(symbol))
      const stored = Array.from(numbers(frame, 'trade_date'), (date, row) => ({
        date: date as TradeDate,
        minutes: Number(labelAt(length, row)!.slice(0, -1)),
        lastSlot: slotOf(date, numbers(frame, 'last_time')[row]!),
      }))
      // Days with a daily bar whose minutes are not stored.
      const drawn = new Set(Array.from(traded?.date ?? []) as TradeDate[]).difference(new Set(stored.map(({ date }) => date)))
      const days = [...stored, ...Array.from(drawn, (date) => ({ date, minutes: 1, lastSlot: LAST_SLOT }))].toSorted((a, b) => a.date - b.date)
      return {
        date: days.map(({ date }) => date),
        minutes: days.map(({ minutes }) => minutes),
        lastSlot: days.map(({ lastSlot }) => lastSlot),
        drawn,
        bytes: 32 * days.length + 200,
      }
    })
  }

  /** The bars of a span of days whose length divides `minutes`, in order of day and slot; not kept. Bars of just this length where the span has been folded. */
  async minutes(symbol: string, minutes: number, from: TradeDate, to: TradeDate): Promise<MinuteBars> {
    const days = await this.minuteDays(symbol)
    const [table, lengths] = this.#isFolded(symbol, minutes, from, to, days)
      ? ['fupan.market_kline_buckets', `'${minutes}m'`]
      : [minuteTable(symbol), lengthsWithin(minutes)]
    const frame = await this.#engine.frame(
      `select trade_date, time, open, high, low, close, volume, amount from ${table}
       where ts_code = {symbol:String} and interval in (${lengths}) and trade_date between {from:UInt32} and {to:UInt32}
       order by trade_date, time`,
      { params: { symbol, from, to }, settings: FEW_ROWS },
    )
    const [day, time] = [numbers(frame, 'trade_date'), numbers(frame, 'time')]
    const slotOf = slotsOf(marketOf(symbol))
    const slot = new Int32Array(frame.length)
    for (let row = 0; row < slot.length; row++) slot[row] = slotOf(day[row]!, time[row]!)
    const stored = { day, slot, ...barsOf(frame) }
    const drawn = [...days.drawn].filter((date) => date >= from && date <= to)
    return drawn.length === 0
      ? stored
      : joined(
          stored,
          drawn.flatMap((date) => this.#draw(symbol, date as TradeDate) ?? []),
        )
  }

  /** Whether every stored day of a span has its bars of so many minutes as rows: all were folded, from finer bars. */
  #isFolded(symbol: string, minutes: number, from: TradeDate, to: TradeDate, days: MinuteDays): boolean {
    if (this.#folded === undefined || marketOf(symbol) !== 'cn') return false
    const isFolded = this.#folded.reader()
    return days.date.every((date, i) => date < from || date > to || days.drawn.has(date) || (days.minutes[i]! < minutes && isFolded(date)))
  }

  #draw(symbol: string, date: TradeDate): MinuteBars | undefined {
    const key = `${symbol} ${date}`
    const kept = this.#drawnDay.get(key)
    if (kept !== undefined) return kept
    const found = this.#drawn!.minutes(symbol, date)
    if (found === undefined) return undefined
    const bars = fillMinutes(found.bars, found.previousClose, LAST_SLOT)
    const day = { day: new Int32Array(bars.slot.length).fill(date), ...bars, bytes: 64 * bars.slot.length + key.length + 200 }
    this.#drawnDay.set(key, day)
    return day
  }

  /** Read once for all who ask at the same time, and kept unless something was published meanwhile. */
  #remembered<Value extends Sized>(key: string, read: () => Promise<Value>): Promise<Value> {
    const kept = this.#kept.get(key)
    if (kept !== undefined) return Promise.resolve(kept as Value)
    const under = this.#reading.get(key)
    if (under !== undefined) return under as Promise<Value>
    const stamp = this.#stamp
    const reading = read().then(
      (value) => {
        if (stamp === this.#stamp) {
          this.#reading.delete(key)
          this.#kept.set(key, value)
        }
        return value
      },
      (error: unknown) => {
        if (stamp === this.#stamp) this.#reading.delete(key)
        throw error
      },
    )
    this.#reading.set(key, reading)
    return reading
  }
}

/** The days of a history before a date. */
export function daysBefore(history: DailyHistory, date: number): Bars & Pick<DailyHistory, 'date'> {
  const end = firstAtLeast(history.date, date)
  if (end === history.date.length) return history
  const bars = Object.fromEntries(BAR_COLUMNS.map((name) => [name, history[name].subarray(0, end)])) as unknown as Bars
  return { ...bars, date: Array.from(history.date).slice(0, end) }
}

/** Stored bars with drawn days between them, by day; what a live market folded of a day that is drawn, because its minutes never came, is left out. */
function joined(stored: MinuteBars, drawn: readonly MinuteBars[]): MinuteBars {
  const parts = drawn.map((bars) => ({ day: bars.day[0]!, bars, from: 0, to: bars.slot.length }))
  const isDrawn = new Set(parts.map(({ day }) => day))
  for (let from = 0; from < stored.slot.length;) {
    let to = from + 1
    while (to < stored.slot.length && stored.day[to] === stored.day[from]) to++
    if (!isDrawn.has(stored.day[from]!)) parts.push({ day: stored.day[from]!, bars: stored, from, to })
    from = to
  }
  parts.sort((a, b) => a.day - b.day)
  const length = parts.reduce((sum, { from, to }) => sum + to - from, 0)
  const out = { day: new Float64Array(length), slot: new Int32Array(length), ...emptyBars(length) }
  let at = 0
  for (const { bars, from, to } of parts) {
    for (const name of BAR_COLUMNS) out[name].set(bars[name].subarray(from, to), at)
    for (let i = from; i < to; i++, at++) {
      out.day[at] = bars.day[i]!
      out.slot[at] = bars.slot[i]!
    }
  }
  return out
}

/** Foreign minutes in the form of `market_klines`: a row of theirs is always one minute. */
function minuteTable(symbol: string): string {
  return marketOf(symbol) === 'cn' ? 'fupan.market_klines' : "(select *, '1m' as interval, at as time from fupan.ods_foreign_minute)"
}

/** Slots by their end label, milliseconds after midnight of the exchange: those of a short day are the first of a full one. */
const slotAt = new Map(MARKETS.map((market) => [market, slotsByEnd(PROFILES[market].session)]))

/** The slot of a label on a day; fast while days come in runs. */
function slotsOf(market: Market): (date: number, time: number) => number {
  const slots = slotAt.get(market)!
  let [own, midnight] = [0, 0]
  return (date, time) => {
    if (date !== own) {
      own = date
      midnight = midnightOf(market, date as TradeDate)
    }
    return slots.get(time - midnight)!
  }
}

/** Whether bars of one length can be folded from bars of another. */
export function canFold(from: number, minutes: number): boolean {
  return minutes % from === 0
}

function lengthsWithin(minutes: number): string {
  return INTERVALS.filter((interval) => canFold(minutesOf(interval) ?? Infinity, minutes))
    .map((interval) => `'${interval}'`)
    .join(', ')
}

function barsOf(frame: Frame): Bars {
  const column = (name: string) => numbers(frame, name) as Float64Array
  return {
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    amount: column('amount'),
    trades: new Float64Array(frame.length).fill(NaN),
  }
}
