import { createBollinger, updateBollinger } from '#numeric/incremental-bollinger.ts'
import { createEma, updateEma } from '#numeric/incremental-ema.ts'
import { createMacd, updateMacd } from '#numeric/incremental-macd.ts'
import { createMean, updateMean } from '#numeric/incremental-mean.ts'
import { createRsi, updateRsi } from '#numeric/incremental-rsi.ts'
import { seededRng } from '#core/rng.ts'
import type { Bench } from './bench.ts'

const STOCKS = 500
const TICKS = 2_000_000
const ROUNDS = 7

/** Five indicators of 500 stocks, one tick after the other: what a live page keeps per stock. Baseline: the mean of 20 summed afresh each tick. */
export const incrementalIndicators: Bench = {
  name: 'incremental-indicators',
  about: 'mean, EMA, Bollinger, RSI and MACD updated by each tick',
  async *run({ scale }) {
    const rng = seededRng('bench')
    const ticks = Math.round(TICKS * scale)
    const prices = Int32Array.from({ length: ticks }, () => 10_000 + Math.round(rng.normal() * 200))
    const stocks = Array.from({ length: STOCKS }, () => ({
      mean: createMean(20),
      ema: createEma(12),
      bands: createBollinger(20, 2),
      rsi: createRsi(14),
      macd: createMacd(12, 26, 9),
    }))
    const readings: number[] = []
    const plain: number[] = []
    let kept = 0
    for (let round = 0; round < ROUNDS; round++) {
      let started = performance.now()
      for (let i = 0; i < ticks; i++) {
        const stock = stocks[i % STOCKS]!
        const price = prices[i]!
        updateMean(stock.mean, price)
        updateEma(stock.ema, price)
        updateBollinger(stock.bands, price)
        updateRsi(stock.rsi, price)
        updateMacd(stock.macd, price)
      }
      readings.push(((performance.now() - started) * 1e6) / ticks)
      started = performance.now()
      for (let i = 20; i < ticks; i++) {
        let sum = 0
        for (let back = 0; back < 20; back++) sum += prices[i - back]!
        kept += sum
      }
      plain.push(((performance.now() - started) * 1e6) / ticks)
    }
    yield {
      name: `five indicators per tick, ${STOCKS} stocks`,
      unit: 'ns',
      readings: readings.slice(2),
      budget: 100,
      baseline: { name: 'one mean of 20 afresh', readings: plain.slice(2) },
      ...(kept === 0 ? { note: 'nothing summed' } : {}),
    }
  },
}
