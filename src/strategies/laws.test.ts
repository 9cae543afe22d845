import { expect, test } from 'vitest'
import { runDaily } from '#backtest/daily-run.ts'
import { Market } from '#backtest/market.ts'
import type { RunResult } from '#backtest/result.ts'
import type { StockInput } from '#backtest/stock-input.ts'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { CandidateRow } from '#core/candidate.ts'
import type { Code } from '#core/code.ts'
import { seededRng } from '#core/rng.ts'
import type { Strategy, StrategyParams } from '#core/strategy.ts'
import { tradeDate } from '#core/trade-date.ts'
import { strategies } from './index.ts'

const DAYS = 160
const CUT = 110
const dates = aShareCalendar.dates(tradeDate(20230103), aShareCalendar.shift(tradeDate(20230103), DAYS - 1))
const codes = ['600001.SH', '000002.SZ', '300003.SZ', '688004.SH', '920005.BJ'] as Code[]

/** Random stocks with a support near the close every day; from day `CUT` on everything depends on `future`. */
function market(future: string): Market {
  const candidates: CandidateRow[] = []
  const stocks = codes.map((code): StockInput => {
    const column = () => new Float64Array(DAYS)
    const [open, high, low, close, volume, position] = [column(), column(), column(), column(), column(), column()]
    let price = 20
    for (let day = 0; day < DAYS; day++) {
      const rng = seededRng(`${code} ${day} ${day < CUT ? 'past' : future}`)
      const step = () => Math.round(price * (1 + Math.max(-0.09, Math.min(0.09, rng.normal() * 0.02))) * 100) / 100
      const [a, b, c, d] = [step(), step(), step(), step()]
      open[day] = a
      close[day] = b
      high[day] = Math.max(a, b, c, d)
      low[day] = Math.min(a, b, c, d)
      volume[day] = 3e6
      position[day] = rng.next() * 100
      price = b
      if (day + 1 < DAYS)
        candidates.push({
          date: dates[day]!,
          validFor: dates[day + 1]!,
          code,
          supportPrice: price,
          supportLevelId: 'near',
          stopPct: 0.015,
          rankScore: rng.next(),
          grade: 'BAR',
        })
    }
    return { code, listDate: tradeDate(20100104), dates, open, high, low, close, volume, features: { price_position: { values: position } } }
  })
  return new Market({ dates, stocks, candidates })
}

const bytes = (value: unknown) => JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? Array.from(part as Float64Array) : part))

/** What a run had done by the last day of the shared past. */
function past(result: RunResult): string {
  const last = dates[CUT - 1]!
  return bytes({
    equity: result.equity.subarray(0, CUT),
    trades: result.trades.filter(({ exitDate }) => exitDate <= last),
    placed: result.orders
      .filter(({ createdOn }) => createdOn <= last)
      .map(({ id, code, side, type, rule, createdOn }) => [id, code, side, type, rule, createdOn]),
  })
}

for (const strategy of strategies as readonly Strategy<StrategyParams, unknown>[]) {
  test(`${strategy.name} never sees the future: other days to come leave its past alone`, () => {
    const one = runDaily(market('one'), strategy)
    const other = runDaily(market('other'), strategy)
    expect(past(one)).toBe(past(other))
    expect(bytes(one)).not.toBe(bytes(other))
    expect(one.trades.filter(({ exitDay }) => exitDay < CUT).length).toBeGreaterThan(5)
  })

  test(`${strategy.name} gives the same bytes twice, and other trades a day late`, () => {
    expect(bytes(runDaily(market('one'), strategy))).toBe(bytes(runDaily(market('one'), strategy)))
    expect(bytes(runDaily(market('one'), strategy, strategy.params, { delay: 1 }).trades)).not.toBe(bytes(runDaily(market('one'), strategy).trades))
  })

  test(`${strategy.name} earns less the more trading costs`, () => {
    const net = [0, 1, 2].map((costFactor) => {
      const { trades, openPositions } = runDaily(market('one'), strategy, strategy.params, { costFactor })
      return [...trades.map(({ costs }) => costs.commission + costs.slippage), ...openPositions.map(({ entryCosts }) => entryCosts)].reduce((a, b) => a + b, 0)
    })
    expect(net[0]).toBe(0)
    expect(net[1]).toBeGreaterThan(0)
    expect(net[2]).toBeGreaterThan(1.5 * net[1]!)
  })
}
