import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { defineStrategy, type OrderRequest, type Strategy, type StrategyContext } from '#core/strategy.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { Market, type MarketInput } from './market.ts'
import type { StockInput } from './stock-input.ts'

/** One day written by hand: open, high, low, close and perhaps the volume (1,000,000 shares); a single number is a day at one price; undefined is a suspended day. */
export type DayByHand = number | readonly [open: number, high: number, low: number, close: number, volume?: number] | undefined

/** A stock for tests: days from the first day of its market on, and whatever else of a StockInput matters. */
export interface StockByHand extends Partial<Omit<StockInput, 'code' | 'dates' | 'open' | 'high' | 'low' | 'close' | 'volume'>> {
  readonly code: string
  readonly bars: readonly DayByHand[]
}

/** A market for tests: the market days from `start` on, as many as the longest stock has. */
export function marketByHand(start: number, stocks: readonly StockByHand[], rest: Omit<Partial<MarketInput>, 'dates' | 'stocks'> = {}): Market {
  const from = tradeDate(start)
  const days = Math.max(...stocks.map(({ bars }) => bars.length))
  const first = aShareCalendar.isOpen(from) ? from : aShareCalendar.next(from)
  const dates = aShareCalendar.dates(first, days === 1 ? first : aShareCalendar.shift(first, days - 1))
  return new Market({ dates, stocks: stocks.map((stock) => stockInput(stock, dates)), ...rest })
}

function stockInput({ code, bars, ...rest }: StockByHand, dates: readonly TradeDate[]): StockInput {
  const column = (value: (bar: readonly [number, number, number, number, number?]) => number) =>
    Float64Array.from(bars, (bar) => (bar === undefined ? NaN : value(typeof bar === 'number' ? [bar, bar, bar, bar] : bar)))
  return {
    code: code as Code,
    listDate: tradeDate(20100104),
    dates: dates.slice(0, bars.length),
    open: column(([open]) => open),
    high: column(([, high]) => high),
    low: column(([, , low]) => low),
    close: column(([, , , close]) => close),
    volume: column(([, , , , volume = 1e6]) => volume),
    suspended: Uint8Array.from(bars, (bar) => (bar === undefined ? 1 : 0)),
    ...rest,
  }
}

/** A strategy for tests that does what is written for the n-th day of the run: `morning` before the opening auction, `close` when the bar is complete. */
export function scripted(script: Readonly<Record<number, ScriptDay>>): Strategy<Record<string, never>, { day: number }> {
  return defineStrategy({
    name: 'scripted',
    label: { zh: '脚本', en: 'Scripted' },
    version: '1',
    params: {},
    start: () => ({ day: -1 }),
    onSessionStart(state, context) {
      state.day++
      place(script[state.day]?.morning, context)
    },
    onBar(state, context) {
      place(script[state.day]?.close, context)
    },
  })
}

type Step = readonly (Partial<OrderRequest> & Pick<OrderRequest, 'side' | 'size'>)[] | ((context: StrategyContext) => void)

export interface ScriptDay {
  readonly morning?: Step
  readonly close?: Step
}

function place(step: Step | undefined, context: StrategyContext): void {
  if (typeof step === 'function') step(context)
  else for (const order of step ?? []) context.order({ stock: 0, type: 'auction_open', rule: 'test', ...order })
}
