import { frameOf, type Frame } from '#core/frame.ts'
import { barRows, type DaySpan } from './bar-rows.ts'
import type { DailyBars } from './daily-bars.ts'
import { announcedOn, lastAnnual, statementsOf, trailing, type Statement } from './statements.ts'
import type { World } from './world.ts'

/**
 * `daily_basic` (spec warehouse-ods §5.5): shares in 万股, values in 万元, turnover and yields in percent, NaN for P/E of a loss, P/B negative for negative equity.
 * Multiples use what was announced on or before the day.
 */
export function dailyBasicFrame(world: World, bars: readonly DailyBars[], span: DaySpan): Frame {
  const rows = barRows(world, bars, span, (own, day) => own.volume[day]! > 0)
  const books = new Map(bars.map(({ stock }) => [stock, statementsOf(world, stock)]))
  const value = (own: DailyBars, day: number) => (own.close[day]! / 1000) * own.totalShares[day]!
  const float = (own: DailyBars, day: number) => own.stock.floatRatio * own.totalShares[day]!
  const multiple = (of: (book: readonly Statement[], at: number) => number, keepsNegative = false) =>
    rows.numbers((own, day) => {
      const book = books.get(own.stock)!
      const base = of(book, announcedOn(book, world.dates[day]!))
      return base > 0 || (keepsNegative && base < 0) ? value(own, day) / base : NaN
    })
  const annual = (figure: (statement: Statement) => number) => (book: readonly Statement[], at: number) => trailing(book, lastAnnual(book, at), figure)
  const lastYear = (figure: (statement: Statement) => number) => (book: readonly Statement[], at: number) => trailing(book, at, figure)
  const profit = ({ profit }: Statement) => profit
  const revenue = ({ revenue }: Statement) => revenue
  return frameOf({
    ts_code: rows.codes,
    trade_date: rows.dates,
    close: rows.numbers((own, day) => own.close[day]! / 1000),
    turnover_rate: rows.numbers((own, day) => (100 * own.volume[day]!) / float(own, day)),
    turnover_rate_f: rows.numbers((own, day) => (100 * own.volume[day]!) / (float(own, day) * own.stock.freeRatio)),
    volume_ratio: rows.numbers(volumeRatio),
    pe: multiple(annual(profit)),
    pe_ttm: multiple(lastYear(profit)),
    pb: multiple((book, at) => book[at]?.equity ?? NaN, true),
    ps: multiple(annual(revenue)),
    ps_ttm: multiple(lastYear(revenue)),
    dv_ratio: rows.numbers((own, day) => dividendYield(own, day, lastPayment(own, day))),
    dv_ttm: rows.numbers((own, day) => dividendYield(own, day, yearOfPayments(world, own, day))),
    total_share: rows.numbers((own, day) => own.totalShares[day]! / 1e4),
    float_share: rows.numbers((own, day) => float(own, day) / 1e4),
    free_share: rows.numbers((own, day) => (float(own, day) * own.stock.freeRatio) / 1e4),
    total_mv: rows.numbers((own, day) => value(own, day) / 1e4),
    circ_mv: rows.numbers((own, day) => (value(own, day) * own.stock.floatRatio) / 1e4),
    limit_status: rows.numbers((own, day) => (own.close[day] === own.limitUp[day] ? 1 : own.close[day] === own.limitDown[day] ? -1 : 0)),
  })
}

/** 量比 after the close: the day's volume over the mean of the five bars before it; NaN with fewer. */
function volumeRatio(own: DailyBars, day: number): number {
  let [sum, bars] = [0, 0]
  for (let at = day - 1; at >= 0 && bars < 5; at--) {
    if (own.volume[at] === 0) continue
    sum += own.volume[at]!
    bars++
  }
  return bars === 5 ? (5 * own.volume[day]!) / sum : NaN
}

/** 股息率: cash per share (厘) over the close, in percent; NaN when the world has seen none. */
function dividendYield(own: DailyBars, day: number, cash: number): number {
  return cash > 0 ? (100 * cash) / own.close[day]! : NaN
}

function lastPayment(own: DailyBars, day: number): number {
  let at = day
  while (at >= 0 && own.cash[at] === 0) at--
  return at < 0 ? 0 : own.cash[at]!
}

function yearOfPayments(world: World, own: DailyBars, day: number): number {
  let paid = 0
  for (let at = day; at >= 0 && world.dates[at]! > world.dates[day]! - 10_000; at--) paid += own.cash[at]!
  return paid
}
