import { aShareCalendar } from '#core/a-share-calendar.ts'
import { exchangeOf } from '#core/code.ts'
import { frameOf, MISSING, toLabels, type Frame } from '#core/frame.ts'
import { dateOfDayNumber, dayNumber, type TradeDate } from '#core/trade-date.ts'
import { barRows, type DaySpan } from './bar-rows.ts'
import type { DailyBars } from './daily-bars.ts'
import { STATUS } from './listing-status.ts'
import { nameUnder } from './stock.ts'
import type { World } from './world.ts'

const EXCHANGE_NAMES = { SH: 'SSE', SZ: 'SZSE', BJ: 'BSE' } as const
const BOARD_NAMES = { main: '主板', chinext: '创业板', star: '科创板', bse: '北交所' } as const

/** `trade_cal` (spec warehouse-ods §3.2): every calendar day of the span; after the world's last date the bundled calendar, as far as it goes. */
export function tradeCalFrame(world: World, from: TradeDate, to: TradeDate): Frame {
  const [first, last] = [world.dates[0]!, world.dates.at(-1)!]
  const isOpen = (date: TradeDate) => (date <= last ? world.dayOf.has(date) : aShareCalendar.isOpen(date))
  const [exchanges, dates, open, previous]: [string[], number[], number[], number[]] = [[], [], [], []]
  const end = Math.min(dayNumber(to), dayNumber(last > aShareCalendar.to ? last : aShareCalendar.to))
  let before = NaN
  for (let day = dayNumber(first); day <= end; day++) {
    const date = dateOfDayNumber(day)
    for (const exchange of date < from ? [] : ['SSE', 'SZSE']) {
      exchanges.push(exchange)
      dates.push(date)
      open.push(isOpen(date) ? 1 : 0)
      previous.push(before)
    }
    if (isOpen(date)) before = date
  }
  return frameOf({
    exchange: toLabels(exchanges),
    cal_date: Uint32Array.from(dates),
    is_open: Uint8Array.from(open),
    pretrade_date: Float64Array.from(previous),
  })
}

/** `stock_basic` (spec warehouse-ods §3.1), names and listing status as of the world's last date. A delisted stock stays in the list. */
export function stockFrame(world: World, bars: readonly DailyBars[]): Frame {
  const last = world.dates.length - 1
  const stocks = bars.map(({ stock }) => stock)
  return frameOf({
    ts_code: toLabels(stocks.map(({ code }) => code)),
    symbol: toLabels(stocks.map(({ code }) => code.slice(0, 6))),
    name: toLabels(bars.map(({ stock, status }) => nameUnder(stock, status[last]!, last - stock.listDay + 1))),
    area: toLabels(stocks.map(({ area }) => area)),
    industry: toLabels(stocks.map(({ industry }) => industry)),
    market: toLabels(stocks.map(({ board }) => BOARD_NAMES[board])),
    exchange: toLabels(stocks.map(({ code }) => EXCHANGE_NAMES[exchangeOf(code)])),
    is_a_share: new Uint8Array(stocks.length).fill(1),
    curr_type: toLabels(stocks.map(() => 'CNY')),
    list_status: toLabels(bars.map(({ status }) => (status[last] === STATUS.delisted ? 'D' : 'L'))),
    list_date: Uint32Array.from(stocks, ({ listDate }) => listDate),
    delist_date: Float64Array.from(bars, ({ status }) => (status[last] === STATUS.delisted ? world.dates[status.indexOf(STATUS.delisted)]! : NaN)),
    board: toLabels(stocks.map(({ board }) => board)),
    source: toLabels(stocks.map(() => 'simulator')),
  })
}

/** `daily` (spec warehouse-ods §5.1): volume in lots of 100 shares, amount in thousand CNY; a suspended stock has no row. By date, then code. */
export function dailyFrame(world: World, bars: readonly DailyBars[], span: DaySpan): Frame {
  const rows = barRows(world, bars, span, (own, day) => own.volume[day]! > 0)
  const milli = (of: (own: DailyBars) => Int32Array) => rows.numbers((own, day) => of(own)[day]! / 1000)
  return frameOf({
    ts_code: rows.codes,
    trade_date: rows.dates,
    open: milli((own) => own.open),
    high: milli((own) => own.high),
    low: milli((own) => own.low),
    close: milli((own) => own.close),
    pre_close: milli((own) => own.preClose),
    change: rows.numbers((own, day) => (own.close[day]! - own.preClose[day]!) / 1000),
    pct_chg: rows.numbers((own, day) => (100 * (own.close[day]! - own.preClose[day]!)) / own.preClose[day]!),
    vol: rows.numbers((own, day) => own.volume[day]! / 100),
    amount: rows.numbers((own, day) => own.amount[day]! / 1e6),
    ah_vol: rows.numbers((own, day) => (own.afterHours[day]! > 0 ? own.afterHours[day]! / 100 : NaN)),
    ah_amount: rows.numbers((own, day) => (own.afterHours[day]! > 0 ? (own.afterHours[day]! * own.close[day]!) / 1e6 : NaN)),
  })
}

/** `adj_factor` (spec warehouse-ods §5.6): every day from the listing on, suspended days included. */
export function adjFactorFrame(world: World, bars: readonly DailyBars[], span: DaySpan): Frame {
  const rows = barRows(world, bars, span, (own, day) => !Number.isNaN(own.adjFactor[day]!))
  return frameOf({ ts_code: rows.codes, trade_date: rows.dates, adj_factor: rows.numbers((own, day) => own.adjFactor[day]!) })
}

/** `stock_st` (spec warehouse-ods §5.19): one row per day and stock under a risk warning, traded or suspended. */
export function stockStFrame(world: World, bars: readonly DailyBars[], span: DaySpan): Frame {
  const isWarned = ({ status }: DailyBars, day: number) => status[day] === STATUS.st || status[day] === STATUS.starSt
  const rows = barRows(world, bars, span, isWarned)
  const star = rows.numbers((own, day) => (own.status[day] === STATUS.starSt ? 1 : 0))
  const names = {
    // The plain and the starred name of each stock, one after the other.
    index: Uint32Array.from(rows.codes.index, (stock, row) => 2 * stock + star[row]!),
    values: bars.flatMap(({ stock }) => [nameUnder(stock, STATUS.st), nameUnder(stock, STATUS.starSt)]),
  }
  return frameOf({
    ts_code: rows.codes,
    trade_date: rows.dates,
    name: names,
    type: { index: Uint32Array.from(star), values: ['ST', '*ST'] },
    type_name: { index: new Uint32Array(rows.dates.length), values: ['风险警示板'] },
  })
}

/**
 * TuShare `dividend`: one row per stock and ex-date with cash or bonus shares, per share; recorded the day before, paid on the ex-date. A rights issue is not a dividend: an
 * ex-date with one has no row here, and only the adjustment factor tells of it.
 */
export function dividendFrame(world: World, bars: readonly DailyBars[], span: DaySpan): Frame {
  const rows = barRows(world, bars, span, ({ cash, bonus, rights }, day) => rights[day] === 0 && (cash[day]! > 0 || bonus[day]! > 0))
  const before = rows.dates.map((date) => world.dates[Math.max(0, world.dayOf.get(date as TradeDate)! - 1)]!)
  const cash = rows.numbers((own, day) => own.cash[day]! / 1000)
  return frameOf({
    trade_date: rows.dates,
    ts_code: rows.codes,
    div_proc: { index: new Uint32Array(rows.dates.length), values: ['实施'] },
    stk_div: rows.numbers((own, day) => own.bonus[day]!),
    cash_div_tax: cash,
    record_date: Float64Array.from(before),
    pay_date: Float64Array.from(rows.dates),
  })
}

/** `suspend_d` (spec warehouse-ods §5.17): one row per stock and day without trading, one more with R on the day trading resumes. Whole days only. */
export function suspendFrame(world: World, bars: readonly DailyBars[], span: DaySpan): Frame {
  const isIdle = (own: DailyBars, day: number) => own.volume[day] === 0 && !Number.isNaN(own.adjFactor[day]!)
  const resumes = (own: DailyBars, day: number) => day > 0 && own.volume[day]! > 0 && isIdle(own, day - 1)
  const rows = barRows(world, bars, span, (own, day) => isIdle(own, day) || resumes(own, day))
  const length = rows.dates.length
  return frameOf({
    ts_code: rows.codes,
    trade_date: rows.dates,
    suspend_type: { index: Uint32Array.from(rows.numbers((own, day) => (own.volume[day] === 0 ? 0 : 1))), values: ['S', 'R'] },
    suspend_timing: { index: new Uint32Array(length).fill(MISSING), values: [] },
    suspend_timing_key: { index: new Uint32Array(length), values: [''] },
  })
}
