import { closeInstant } from '#core/market-day.ts'
import { marketOf } from '#core/symbol.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { wholeBar } from '#numeric/fold-bars.ts'
import type { LiveDay } from '#stream/forming-bars.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { z } from 'zod'
import { known } from '../fields.ts'
import { symbolsParam } from '../kline-query.ts'
import { livedDate } from '../lived-date.ts'
import { defineRoute } from '../route.ts'

const priceRow = z.object({
  symbol: z.string(),
  trade_date: z.number(),
  price: z.number(),
  pre_close: known,
  change: known,
  ret: known,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  volume: z.number(),
  amount: known,
  bid1: known,
  ask1: known,
  time_ms: z.number(),
  origin: z.enum(['session', 'daily']),
})

/** 最新价 (spec simulator §16, `stock_realtime_price`): from the session that runs, else the last daily bar, while a market lives the last before its day; stocks with neither are named apart. */
export const realtime = defineRoute({
  path: 'GET /api/realtime',
  summary: 'Last price of up to 200 symbols',
  query: z.object({ symbols: symbolsParam(200) }),
  reply: z.object({
    rows: z.array(priceRow),
    unknown: z.array(z.string()),
  }),
  maxAge: 0,
  async handle({ symbols }, { engine, live }) {
    const foreign = symbols.filter((symbol) => marketOf(symbol) !== 'cn')
    const bars = [...(await shareBars(engine, symbols, livedDate(live) ?? 99_999_999)), ...(foreign.length === 0 ? [] : await foreignBars(engine, foreign))]
    const daily = new Map(bars.map((row) => [row.ts_code, row]))
    const rows = symbols.flatMap((symbol): readonly PriceRow[] => {
      const [day, bar] = [live.minutesOf(symbol), daily.get(symbol)]
      if (day !== undefined && day.date >= (bar?.trade_date ?? 0)) return [sessionRow(symbol, day)]
      return bar === undefined ? [] : [dailyRow(symbol, bar)]
    })
    const found = new Set<string>(rows.map(({ symbol }) => symbol))
    return { rows, unknown: symbols.filter((symbol) => !found.has(symbol)) }
  },
})

function shareBars(engine: Engine, symbols: readonly string[], before: number): Promise<readonly DailyRow[]> {
  return engine.rows<DailyRow>(
    `select ts_code, trade_date, open, high, low, close, pre_close, vol_shares, amount_cny from fupan.dwd_daily
     where ts_code in {symbols:Array(String)} and is_bar_valid = 1 and trade_date < {before:UInt32} order by trade_date desc limit 1 by ts_code`,
    { params: { symbols, before } },
  )
}

/** 境外: the reference of a day is the close before it. */
function foreignBars(engine: Engine, symbols: readonly string[]): Promise<readonly DailyRow[]> {
  return engine.rows<DailyRow>(
    `select ts_code, max(d.trade_date) as trade_date, argMax(d.open, d.trade_date) as open, argMax(d.high, d.trade_date) as high, argMax(d.low, d.trade_date) as low,
            argMax(d.close, d.trade_date) as close, if(count() < 2, null, argMin(d.close, d.trade_date)) as pre_close,
            argMax(d.volume, d.trade_date) as vol_shares, argMax(d.amount, d.trade_date) as amount_cny
     from (select * from fupan.ods_foreign_daily where ts_code in {symbols:Array(String)} order by trade_date desc limit 2 by ts_code) as d group by ts_code`,
    { params: { symbols } },
  )
}

type PriceRow = z.input<typeof priceRow>

interface DailyRow {
  readonly ts_code: string
  readonly trade_date: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly pre_close: number | null
  readonly vol_shares: number
  readonly amount_cny: number
}

function sessionRow(symbol: string, { date, bars, bid1, ask1, at, previousClose }: LiveDay): PriceRow {
  const { open, high, low, close: price, volume, amount } = wholeBar(bars)
  return {
    symbol,
    trade_date: date,
    price,
    ...changes(price, previousClose),
    open,
    high,
    low,
    volume,
    amount: orNull(amount),
    bid1: orNull(bid1),
    ask1: orNull(ask1),
    time_ms: at,
    origin: 'session',
  }
}

function dailyRow(symbol: string, bar: DailyRow): PriceRow {
  return {
    symbol,
    trade_date: bar.trade_date,
    price: bar.close,
    ...changes(bar.close, bar.pre_close ?? NaN),
    open: bar.open,
    high: bar.high,
    low: bar.low,
    volume: bar.vol_shares,
    amount: orNull(bar.amount_cny),
    bid1: null,
    ask1: null,
    time_ms: closeInstant(marketOf(symbol), bar.trade_date as TradeDate),
    origin: 'daily',
  }
}

/** Against the reference price of the day, in whole 厘; `ret` is a fraction. */
function changes(price: number, preClose: number) {
  return { pre_close: orNull(preClose), change: orNull(Math.round((price - preClose) * 1000) / 1000), ret: orNull(price / preClose - 1) }
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
