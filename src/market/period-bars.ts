import { frameOf, type Frame } from '#core/frame.ts'
import { dateOfDayNumber, dayNumber, tradeDate, weekday, type TradeDate } from '#core/trade-date.ts'
import type { DaySpan } from './bar-rows.ts'
import type { DailyBars } from './daily-bars.ts'
import { nextOpen } from './next-open.ts'
import type { World } from './world.ts'

/** How days are gathered into bars: which belong together, the date their bar stands under, and the vendor's unit of `pct_chg`. */
interface Period {
  /** Equal for days of one period. */
  readonly keyOf: (date: TradeDate) => number
  readonly labelOf: (lastOpen: TradeDate) => TradeDate
  readonly percent: number
}

/** Weeks from Monday to Sunday under their last open day; the vendor gives `pct_chg` as a fraction. */
const WEEK: Period = { keyOf: (date) => dayNumber(date) - weekday(date), labelOf: (lastOpen) => lastOpen, percent: 1 }

/** Calendar months under their last calendar day, open or not. */
const MONTH: Period = { keyOf: (date) => Math.floor(date / 100), labelOf: lastOfMonth, percent: 100 }

/** `weekly` (spec warehouse-ods §5.2): one bar per stock and week with trading, when the week is over; exact aggregates of the daily bars. */
export function weeklyFrame(world: World, bars: readonly DailyBars[], span: DaySpan): Frame {
  return periodFrame(world, bars, span, WEEK)
}

/** `monthly` (spec warehouse-ods §5.3): one bar per stock and month with trading, when the month is over; exact aggregates of the daily bars. */
export function monthlyFrame(world: World, bars: readonly DailyBars[], span: DaySpan): Frame {
  return periodFrame(world, bars, span, MONTH)
}

function periodFrame(world: World, bars: readonly DailyBars[], { first, last }: DaySpan, { keyOf, labelOf, percent }: Period): Frame {
  const { dates } = world
  const rows: { readonly own: DailyBars; readonly stock: number; readonly from: number; readonly to: number }[] = []
  for (let to = first; to <= last; to++) {
    const key = keyOf(dates[to]!)
    if (keyOf(nextOpen(world, to)) === key) continue
    let from = to
    while (from > 0 && keyOf(dates[from - 1]!) === key) from--
    for (const [stock, own] of bars.entries()) if (own.volume.subarray(from, to + 1).some((shares) => shares > 0)) rows.push({ own, stock, from, to })
  }
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of)
  const reduced = (of: (own: DailyBars) => ArrayLike<number>, fold: (so: number, value: number) => number, begin: number) =>
    column(({ own, from, to }) => {
      let value = begin
      for (let day = from; day <= to; day++) if (own.volume[day]! > 0) value = fold(value, of(own)[day]!)
      return value
    })
  const milli = (values: Float64Array) => values.map((value) => value / 1000)
  const close = reduced(
    (own) => own.close,
    (_, value) => value,
    NaN,
  )
  const before = column(({ own, from, to }) => closeBefore(own, from, to))
  return frameOf({
    ts_code: { index: Uint32Array.from(rows, ({ stock }) => stock), values: bars.map(({ stock }) => stock.code) },
    trade_date: Uint32Array.from(rows, ({ to }) => labelOf(dates[to]!)),
    open: milli(
      reduced(
        (own) => own.open,
        (so, value) => (Number.isNaN(so) ? value : so),
        NaN,
      ),
    ),
    high: milli(reduced((own) => own.high, Math.max, 0)),
    low: milli(reduced((own) => own.low, Math.min, Infinity)),
    close: milli(close),
    pre_close: milli(before),
    change: close.map((value, row) => (value - before[row]!) / 1000),
    pct_chg: close.map((value, row) => percent * (value / before[row]! - 1)),
    vol: reduced((own) => own.volume, plus, 0).map((shares) => shares / 100),
    amount: reduced((own) => own.amount, plus, 0).map((milliAmount) => milliAmount / 1e6),
    period_end_open_day: Uint32Array.from(rows, ({ to }) => dates[to]!),
  })
}

function plus(a: number, b: number): number {
  return a + b
}

/** The last close before a period in 厘; for the first bar there is, the reference price of its first day. */
function closeBefore(own: DailyBars, from: number, to: number): number {
  for (let day = from - 1; day >= 0; day--) if (own.volume[day]! > 0) return own.close[day]!
  let day = from
  while (day < to && own.volume[day] === 0) day++
  return own.preClose[day]!
}

function lastOfMonth(date: TradeDate): TradeDate {
  const [year, month] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100]
  const next = month === 12 ? (year + 1) * 10_000 + 101 : year * 10_000 + (month + 1) * 100 + 1
  return dateOfDayNumber(dayNumber(tradeDate(next)) - 1)
}
