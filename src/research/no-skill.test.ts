import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { seededRng, type Rng } from '#core/rng.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dailyReturns } from '#backtest/daily-returns.ts'
import { Market } from '#backtest/market.ts'
import type { StockInput } from '#backtest/stock-input.ts'
import { probabilisticSharpe, sharpeSample } from '#numeric/sharpe-statistics.ts'
import { runJob, type Job } from './job.ts'
import { emptyTable, randomTable } from '#backtest/candidate-table-by-hand.ts'

/* With nothing to be found the backtester must find nothing, at the rate its statistics promise (issue: "no skill at the nominal rate"). */

const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20241231))

/** A stock whose logarithm is a driftless walk, each day's price fair given the day before; volume plenty. */
function fairStock(code: Code, rng: Rng): StockInput {
  const length = dates.length
  const column = () => new Float64Array(length)
  const [open, high, low, close, volume, preClose] = [column(), column(), column(), column(), column(), column()]
  let price = 20
  for (let i = 0; i < length; i++) {
    preClose[i] = price
    // The close is fair given the open, the open given the close before: a cheap open is no bargain.
    open[i] = Math.round(price * Math.exp(0.005 * rng.normal() - 0.0000125) * 100) / 100
    const next = Math.round(open[i]! * Math.exp(0.014 * rng.normal() - 0.000098) * 100) / 100
    close[i] = next
    high[i] = Math.round(Math.max(open[i]!, next) * 100.5) / 100
    low[i] = Math.round(Math.min(open[i]!, next) * 99.5) / 100
    volume[i] = 1e7
    price = next
  }
  return {
    code,
    listDate: tradeDate(20100104),
    dates: Uint32Array.from(dates),
    open,
    high,
    low,
    close,
    volume,
    amount: volume.map((v, i) => v * close[i]!),
    preClose,
    features: { price_position: { values: close.map(() => 50 + 20 * rng.normal()) } },
  }
}

function fairMarket(seed: number): Market {
  const rng = seededRng(seed)
  const stocks = Array.from({ length: 20 }, (_, i) => fairStock(`${String(600_000 + i)}.SH` as Code, rng.fork(`stock ${i}`)))
  return new Market({ dates: Uint32Array.from(dates), stocks })
}

const job = (strategy: string, seed: number): Job => ({
  strategy,
  params: strategy === 'moving_average_cross' ? { fast: 3, slow: 10 } : {},
  from: dates[20]!,
  to: dates.at(-1)!,
  cash: 10_000_000,
  seed,
  grade: 'TICK',
  // Costs are a certain loss: without them a fair market is a fair game.
  costFactor: 0,
})

test.each(['moving_average_cross', 'bollinger_microstructure'])(
  '%s on 150 fair markets is called skilful about as often as the one time in twenty that is promised',
  (strategy) => {
    let called = 0
    const worlds = 150
    for (let seed = 0; seed < worlds; seed++) {
      const market = fairMarket(seed)
      const table = strategy === 'moving_average_cross' ? emptyTable() : randomTable(market, seededRng(seed).fork('candidates'), 0.1)
      const { equity, startEquity, trades } = runJob(market, table, job(strategy, seed))
      expect(trades.length).toBeGreaterThan(5)
      const skill = probabilisticSharpe(sharpeSample(dailyReturns(equity, startEquity)), 0)
      if (skill > 0.95) called++
    }
    // Binomial(150, 0.05): 7.5 ± 2.7; three deviations above, and not so rare that nothing could ever be called.
    expect(called).toBeLessThanOrEqual(15)
    expect(called).toBeGreaterThanOrEqual(1)
  },
)
