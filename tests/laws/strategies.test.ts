import { describe, expect, test } from 'vitest'
import { randomTable } from '#backtest/candidate-table-by-hand.ts'
import { Market } from '#backtest/market.ts'
import type { RunResult } from '#backtest/result.ts'
import type { StockInput } from '#backtest/stock-input.ts'
import { seededRng } from '#core/rng.ts'
import { withNoise, withoutFuture } from '#research/changed-future.ts'
import { fairDates, fairStocks } from '#research/fair-market.ts'
import { runJob, type Job } from '#research/job.ts'
import type { MarketData } from '#research/read-market.ts'
import { strategies } from '#strategies/index.ts'

/* LAYOUT §13 over every registered strategy: a new one is covered by being listed. */

const CUT = 30
const dates = Uint32Array.from(fairDates)
const stocks = fairStocks(3, 12)
const market = new Market({ dates, stocks })
const data: MarketData = { dates, stocks, candidateTable: randomTable(market, seededRng('laws'), 0.15), levelFlows: [], adjustedOnly: 0 }

const jobOf = (strategy: string): Job => ({ strategy, params: {}, from: fairDates[40]!, to: fairDates.at(-1)!, cash: 2_000_000, seed: 1, grade: 'TICK' })
const runOn = ({ candidateTable, ...input }: MarketData, job: Job) => runJob(new Market(input), candidateTable, job)
const ordersBefore = ({ orders }: RunResult, last: number) =>
  orders.filter(({ createdOn }) => createdOn < last).map(({ createdOn, code, side, type, rule, price }) => ({ createdOn, code, side, type, rule, price }))

describe.each(strategies.map(({ name }) => name))('%s', (name) => {
  const job = jobOf(name)
  const whole = runOn(data, job)

  test('trades, so that the laws have something to judge', () => {
    expect(whole.trades.length).toBeGreaterThan(10)
  })

  test.each([
    ['taken away', withoutFuture],
    ['replaced by noise', withNoise],
  ] as const)('no future: with the last days %s every earlier order is the same', (_what, change) => {
    const last = fairDates.at(-1 - CUT)!
    const changed = runOn(change(data, CUT), job)
    expect(ordersBefore(changed, last)).toEqual(ordersBefore(whole, last))
    expect(ordersBefore(whole, last).length).toBeGreaterThan(10)
  })

  test('same seed, same bytes; the order of the stocks does not show', () => {
    const again = runOn({ ...data, stocks: stocks.toReversed() }, job)
    expect(JSON.stringify(again)).toBe(JSON.stringify(whole))
  })

  test('adjustment invariance: a stock split one for two with its factor brings the same money, but for the rounding of lots', () => {
    const from = fairDates[120]!
    const split = { ...data, stocks: stocks.map((stock, i) => (i === 4 ? splitInTwo(stock, from) : stock)) }
    const found = runOn(split, { ...job, costFactor: 0 })
    const expected = runOn(data, { ...job, costFactor: 0 })
    const other = (run: RunResult) => run.orders.filter(({ code, createdOn }) => code !== stocks[4]!.code && createdOn <= from).length
    expect(other(found)).toBe(other(expected))
    expect(Math.abs(found.equity.at(-1)! / expected.equity.at(-1)! - 1)).toBeLessThan(0.05)
  })

  test('conservation: cash and positions are the equity of every day, and all results and costs add up to its change, to the fen', () => {
    const { equity, cash, exposure, startEquity, trades, openPositions } = whole
    for (let day = 0; day < equity.length; day++) expect(cash[day]! + exposure[day]! * equity[day]!).toBeCloseTo(equity[day]!, 4)
    const closed = trades.reduce((sum, { netPnl }) => sum + netPnl, 0)
    const open = openPositions.reduce((sum, { unrealisedPnl, entryCosts, dividends }) => sum + unrealisedPnl - entryCosts + dividends, 0)
    expect(startEquity + closed + open).toBeCloseTo(equity.at(-1)!, 2)
  })

  test('nothing bought today is sold today', () => {
    for (const { entryDay, exitDay } of whole.trades) expect(exitDay).toBeGreaterThan(entryDay)
  })
})

/** Prices halve and shares double from a day on, the factor with them. */
function splitInTwo(stock: StockInput, from: number): StockInput {
  const isAfter = Array.from(stock.dates, (date) => date >= from)
  const halved = (values: Float64Array) => values.map((value, row) => (isAfter[row] ? Math.round(value * 50) / 100 : value))
  return {
    ...stock,
    open: halved(stock.open),
    high: halved(stock.high),
    low: halved(stock.low),
    close: halved(stock.close),
    preClose: halved(stock.preClose!),
    volume: stock.volume.map((value, row) => (isAfter[row] ? value * 2 : value)),
    adjFactor: Float64Array.from(isAfter, (after) => (after ? 2 : 1)),
  }
}
