import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { aggregateSession } from '#app/aggregate-session.ts'
import { openApp } from '#app/app.ts'
import { readConfig } from '#app/config.ts'
import { runLiveMarket } from '#app/live-market.ts'
import { createLog } from '#app/log.ts'
import { systemClock } from '#app/system-clock.ts'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { exchangeOf } from '#core/code.ts'
import { sessionRulesOn } from '#core/session.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { bookPictures } from '#market/book-pictures.ts'
import { dailyBars } from '#market/daily-bars.ts'
import { keyedRng } from '#market/keyed-rng.ts'
import { minuteBars } from '#market/minute-bars.ts'
import { plantScenario } from '#market/planted-scenarios.ts'
import { tickDay } from '#market/tick-path.ts'
import { createWorld } from '#market/world.ts'
import type { Bench } from './bench.ts'
import { measured } from './peak-memory.ts'

const root = join(import.meta.dirname, '..', '..')

/** One symbol-day of the simulated market in every fidelity. */
export const simulatedDay: Bench = {
  name: 'simulated-day',
  about: 'one symbol-day of the simulated market: minutes, ticks and pictures of the book, the order book itself',
  async *run({ scale }) {
    const dates = aShareCalendar.dates(tradeDate(20250102), tradeDate(20261120))
    const world = createWorld({ seed: 20260701, size: Math.max(20, Math.round(200 * scale)), dates })
    const stocks = world.stocks.map((stock) => dailyBars(world, stock))
    const over = (work: (bars: (typeof stocks)[number], day: number) => void) =>
      Array.from({ length: 5 }, (_, round) => {
        const day = dates.length - 1 - round
        const started = performance.now()
        for (const bars of stocks) work(bars, day)
        return (performance.now() - started) / stocks.length
      })
    const minutes = over((bars, day) => {
      const ticks = tickDay(world, bars, day)
      if (ticks !== undefined) minuteBars(ticks, sessionRulesOn(ticks.date, exchangeOf(ticks.code), bars.stock.board))
    })
    yield { name: 'minutes of a symbol-day', unit: 'ms', readings: minutes, budget: 1, note: `mean of ${stocks.length} stocks` }
    const pictures = over((bars, day) => {
      const ticks = tickDay(world, bars, day)
      if (ticks !== undefined) bookPictures(world, bars, ticks, 'simulator')
    })
    yield { name: 'ticks and ten-level pictures of a symbol-day', unit: 'ms', readings: pictures, budget: 20 }
    const rng = keyedRng(1, 'truth', 'bench', 0)
    const books = Array.from({ length: 9 }, () => {
      const started = performance.now()
      plantScenario({ type: 'null_test', strength: 0, code: stocks[0]!.stock.code, date: dates.at(-1)! }, rng)
      return ((performance.now() - started) * 237) / 105
    })
    yield { name: 'order book of a symbol-day', unit: 'ms', readings: books, budget: 500, note: 'from a tape of 105 minutes' }
  },
}

/** `fupan sim init` of the two sizes that are promised, as a process of its own. */
export const simInit: Bench = {
  name: 'sim-init',
  about: 'fupan sim init: 300 stocks × 750 days with 60 days of minutes; 5,000 × 243',
  flag: 'fresh',
  async *run({ folder, say }) {
    for (const [size, days, budget] of [
      [300, 750, 60],
      [5000, 243, 120],
    ] as const) {
      const started = performance.now()
      const words = ['bin/fupan.mjs', 'sim', 'init', '--days', String(days), '--size', String(size), '--data-dir', join(folder, `${size}`)]
      const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'ignore' })
      if (status !== 0) throw new Error(`Cannot measure: sim init ended with ${status}`)
      const seconds = (performance.now() - started) / 1000
      say(`${size} × ${days}: ${seconds.toFixed(1)} s`)
      yield { name: `sim init ${size} stocks × ${days} days`, unit: 's', readings: [seconds], budget }
    }
  },
}

/** The live market with all stocks: drawing the day, each minute, and a cycle of the aggregator over the whole of it. */
export const liveMarket: Bench = {
  name: 'live-market',
  about: 'fupan sim run with 5,000 stocks: the day, its minutes, the aggregator',
  async *run({ folder, scale }) {
    const size = Math.max(100, Math.round(5000 * scale))
    const config = readConfig({ dataDirectory: folder }, { UV_THREADPOOL_SIZE: '16' })
    const opened = await openApp({ config, world: 'sim', clock: systemClock, log: createLog({ level: 'silent' }), simulated: { size, days: 30 } })
    if (opened.type === 'held') throw new Error('Cannot measure: the folder is held')
    const { app } = opened
    try {
      const last = app.calendar.lastCompleted(app.clock.now())
      const aggregation: number[] = []
      const whole: number[] = []
      let cycle: Promise<unknown> | undefined
      const { peak } = await measured(() =>
        runLiveMarket(app, {
          action: 'run',
          test: true,
          // A minute in a quarter of a second: an aggregator does not stand behind the minutes of the next cycle.
          speed: 240,
          from: last,
          until: instantOf(last, clockTime('15:00')),
          night: false,
          folder,
          signal: new AbortController().signal,
          emit(event) {
            if (event.type !== 'progress' || event.unit !== 'minutes' || event.done % 5 !== 0 || cycle !== undefined) return
            // Once everything is folded anew, as by a program that was just started.
            const isWhole = event.done >= 230 && whole.length === 0
            if (isWhole) app.live.runningMinutes!.foldedTo = -1
            const started = performance.now()
            cycle = aggregateSession(app).then(() => {
              ;(isWhole ? whole : aggregation).push((performance.now() - started) / 1000)
              cycle = undefined
            })
          },
        }),
      )
      await cycle
      const [day, ...minutes] = app.liveMarket.generationSeconds
      yield {
        name: `drawing a day of ${size} stocks`,
        unit: 's',
        readings: [day!],
        memory: { peak },
        note: 'before the open, thirty days after the world began; memory with the engine in the same process, at 240 times the clock',
      }
      yield { name: `live minute of ${size} stocks`, unit: 's', readings: minutes, budget: 1.5 }
      yield { name: `worst live minute of ${size} stocks`, unit: 's', readings: [Math.max(...minutes)], budget: 1.5 }
      yield { name: `aggregator cycle of ${size} stocks`, unit: 's', readings: aggregation, budget: 3, note: 'what was not over at the cycle before' }
      yield { name: `first aggregator cycle of ${size} stocks`, unit: 's', readings: whole, budget: 3, note: 'the whole session so far, at its end' }
    } finally {
      await app.close()
    }
  },
}
