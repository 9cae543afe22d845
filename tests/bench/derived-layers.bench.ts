import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Frame } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { chipCostFrame } from '#market/chip-frames.ts'
import { dailyBars, type DailyBars } from '#market/daily-bars.ts'
import { marginDetailFrame } from '#market/margin-frames.ts'
import { moneyFlowFrame } from '#market/money-flow-frame.ts'
import { weeklyFrame } from '#market/period-bars.ts'
import { tickDay } from '#market/tick-path.ts'
import { tradeTape } from '#market/trade-tape.ts'
import { createWorld } from '#market/world.ts'
import type { Bench } from './bench.ts'

const STOCKS = 300
const DAYS = 750
const STOCKS_AT_A_TIME = 130

/** The layers of the simulated market that follow from its bars, and the records and single trades of one stock-day. */
export const derivedLayers: Bench = {
  name: 'derived-layers',
  about: `money flow, margin, chips and weekly bars of ${STOCKS} stocks × ${DAYS} days; records and single trades of stock-days`,
  async *run({ scale }) {
    const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20261130)).slice(0, DAYS)
    const world = createWorld({ seed: 20_260_701, size: Math.max(20, Math.round(STOCKS * scale)), dates })
    const bars = world.stocks.map((stock) => dailyBars(world, stock))
    const span = { first: 0, last: dates.length - 1 }
    const days = bars.length * dates.length
    const layers: readonly (readonly [string, (part: readonly DailyBars[]) => Frame])[] = [
      ['money flow', (part) => moneyFlowFrame(world, part, span)],
      ['margin', (part) => marginDetailFrame(world, bars, part, span)],
      ['chips', (part) => chipCostFrame(world, part, span)],
      ['weekly bars', (part) => weeklyFrame(world, part, span)],
    ]
    for (const [name, frameOf] of layers) {
      const readings = Array.from({ length: 3 }, () => {
        const started = performance.now()
        for (let at = 0; at < bars.length; at += STOCKS_AT_A_TIME) frameOf(bars.slice(at, at + STOCKS_AT_A_TIME))
        return (1000 * days) / (performance.now() - started)
      })
      // 5,000 stocks × 243 days of each within 60 s.
      yield { name: `${name}, stock-days`, unit: 'per s', readings, budget: 20_000 }
    }
    const [records, trades]: [number[], number[]] = [[], []]
    for (const own of bars.slice(0, 60)) {
      const started = performance.now()
      const ticks = tickDay(world, own, dates.length - 1)
      if (ticks === undefined) continue
      const drawn = performance.now()
      tradeTape(world, own, ticks)
      records.push(drawn - started)
      trades.push(performance.now() - drawn)
    }
    yield { name: 'records of one stock-day', unit: 'ms', readings: records, budget: 20 }
    yield { name: 'single trades of one stock-day with their orders', unit: 'ms', readings: trades, budget: 60 }
  },
}
