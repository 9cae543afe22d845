import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { seededRng } from '#core/rng.ts'
import { tradeDate } from '#core/trade-date.ts'
import { randomTable } from '#backtest/candidate-table-by-hand.ts'
import { runDaily } from '#backtest/daily-run.ts'
import { Market } from '#backtest/market.ts'
import type { StockInput } from '#backtest/stock-input.ts'
import { BacktestPool } from '#research/backtest-pool.ts'
import { runJob, type Job } from '#research/job.ts'
import type { MarketData } from '#research/read-market.ts'
import { shared } from '#research/shared-arrays.ts'
import { movingAverageCross } from '#strategies/moving-average-cross.ts'
import type { Bench } from './bench.ts'

const STOCKS = 217
const dates = aShareCalendar.dates(tradeDate(20140102), tradeDate(20231229))

/** Ten years of 217 stocks through the event loop, one set of parameters and two hundred; and a thousand pairs of averages on one stock. */
export const dailyBacktest: Bench = {
  name: 'daily-backtest',
  about: `${dates.length.toLocaleString('en')} days × ${STOCKS} stocks with T+1, limits, lots and fees; 200 parameter sets on all cores; 1,000 moving-average pairs on one stock`,
  async *run({ scale, say }) {
    const stocks = Array.from({ length: Math.max(4, Math.round(STOCKS * scale)) }, (_, i) => walk(`${600_000 + i}.SH` as Code, `stock ${i}`))
    const input = { dates: shared(Uint32Array.from(dates)), stocks }
    const market = new Market(input)
    const bars = stocks.length * dates.length
    const table = randomTable(market, seededRng('candidates'), 0.05)
    say(`${table.length.toLocaleString('en')} candidates`)
    const job = (strategy: string, params: Job['params']): Job => ({ strategy, params, from: dates[0]!, to: dates.at(-1)!, cash: 1e7, seed: 1, grade: 'TICK' })
    const timed = (work: () => unknown) => {
      const started = performance.now()
      work()
      return (performance.now() - started) / 1000
    }
    // The first run derives columns and warms the code; a scan pays for it once.
    const tape = Array.from({ length: 4 }, () => timed(() => runJob(market, table, job('bollinger_microstructure', { qualityShare: 1 }))))
    const cross = Array.from({ length: 4 }, () => timed(() => runJob(market, table, job('moving_average_cross', {}))))
    yield { name: `bollinger_microstructure, ${(bars / 1e3).toFixed(0)} k bars`, unit: 's', readings: tape, budget: 3 * Math.max(scale, 0.1) }
    yield { name: `moving_average_cross, ${(bars / 1e3).toFixed(0)} k bars`, unit: 's', readings: cross, budget: 3 * Math.max(scale, 0.1) }
    yield { name: 'bars through the event loop', unit: 'per s', readings: [...tape, ...cross].map((seconds) => bars / seconds), budget: 1e6 }

    const one = new Market({ dates: input.dates, stocks: stocks.slice(0, 1) })
    const pairs = Array.from({ length: 1000 }, (_, i) => ({ fast: 2 + (i % 20), slow: 25 + Math.floor(i / 20) * 3, maxPositions: 1 }))
    const averages = Array.from({ length: 3 }, () => timed(() => pairs.forEach((params) => runDaily(one, movingAverageCross, params, { cash: 1e6 }))))
    yield { name: `1,000 moving-average pairs × ${dates.length.toLocaleString('en')} bars`, unit: 's', readings: averages, budget: 0.5 }

    const data: MarketData = { ...input, candidateTable: table, levelFlows: [], adjustedOnly: 0 }
    const pool = new BacktestPool(data)
    try {
      const sets = Array.from({ length: Math.max(4, Math.round(200 * scale)) }, (_, i) =>
        job('bollinger_microstructure', { qualityShare: 1, maxDays: 5 + (i % 10), stopPct: 0.01 + (i % 7) / 1000 }),
      )
      const started = performance.now()
      await pool.summaries(sets, () => {})
      yield {
        name: `scan of ${sets.length} sets on all cores`,
        unit: 's',
        readings: [(performance.now() - started) / 1000],
        budget: 300 * Math.max(scale, 0.1),
      }
    } finally {
      await pool.close()
    }
  },
}

/** A walk on the tick with waves, so that averages cross, volume plenty. */
function walk(code: Code, name: string): StockInput {
  const rng = seededRng(name)
  const length = dates.length
  const column = () => shared(new Float64Array(length))
  const [open, high, low, close, volume, preClose, position] = [column(), column(), column(), column(), column(), column(), column()]
  let price = 8 + 30 * rng.next()
  for (let i = 0; i < length; i++) {
    preClose[i] = price
    open[i] = Math.round(price * Math.exp(0.006 * rng.normal()) * 100) / 100
    close[i] = Math.max(2, Math.round(open[i]! * Math.exp(0.015 * rng.normal() + 0.004 * Math.sin(i / 15)) * 100) / 100)
    high[i] = Math.round(Math.max(open[i]!, close[i]!) * 100.7) / 100
    low[i] = Math.round(Math.min(open[i]!, close[i]!) * 99.3) / 100
    volume[i] = 1e7
    position[i] = 50 + 30 * Math.sin(i / 7)
    price = close[i]!
  }
  return {
    code,
    listDate: tradeDate(20100104),
    dates: shared(Uint32Array.from(dates)),
    open,
    high,
    low,
    close,
    volume,
    preClose,
    features: { price_position: { values: position } },
  }
}
