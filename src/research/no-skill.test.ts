import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { dailyReturns } from '#backtest/daily-returns.ts'
import { probabilisticSharpe, sharpeSample } from '#numeric/sharpe-statistics.ts'
import { fairDates, fairMarket } from './fair-market.ts'
import { runJob, type Job } from './job.ts'
import { emptyTable, randomTable } from '#backtest/candidate-table-by-hand.ts'

/* With nothing to be found the backtester must find nothing, at the rate its statistics promise (issue: "no skill at the nominal rate"). */

const job = (strategy: string, seed: number): Job => ({
  strategy,
  params: strategy === 'moving_average_cross' ? { fast: 3, slow: 10 } : {},
  from: fairDates[20]!,
  to: fairDates.at(-1)!,
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
