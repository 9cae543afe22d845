import { buildTable } from '#warehouse/build.ts'
import { stockBollingerData } from '#warehouse/dws/stock_bollinger_data.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { compact } from '#warehouse/publish.ts'
import type { Bench } from './bench.ts'
import { withEngine } from './bench-engine.ts'
import { built } from './built.ts'
import { measured } from './peak-memory.ts'
import { benchDates, fillBars } from './synthetic-bars.ts'

const STOCKS = 5400
const DAYS = 4000
const NEW_DAYS = 5

/** The whole market's bands over 4,000 days, then day after day: through the real build, audits and publication included, engine open. */
export const bollingerHistory: Bench = {
  name: 'bollinger-history',
  about: `stock_bollinger_data of ${STOCKS.toLocaleString('en')} stocks × ${DAYS.toLocaleString('en')} bars, then of new days`,
  async prepare({ folder, scale }) {
    await withEngine(folder, (engine) => fillBars(engine, Math.round(STOCKS * scale), benchDates(DAYS)))
  },
  async *run({ folder, scale }) {
    const dates = benchDates(DAYS)
    const [history, fresh] = [dates.slice(0, -NEW_DAYS), dates.slice(-NEW_DAYS)]
    const rows = `${((STOCKS * scale * history.length) / 1e6).toFixed(1)} M rows`
    const results = await withEngine(folder, async (engine) => {
      const build = (days: typeof dates, version: number) =>
        measured(() => built(buildTable(engine, stockBollingerData, { dates: days, scope: 'all', version, progress() {} })))
      const whole = await build(history, 2)
      // What the night does after a backfill; the engine would do it by itself, in the middle of what is measured next.
      const merge = await measured(() => merged(engine, history))
      const days: number[] = []
      for (const [i, date] of fresh.entries()) days.push((await build([date], 3 + i)).seconds)
      return { whole, merge, days }
    })
    yield {
      name: rows,
      unit: 's',
      readings: [results.whole.seconds],
      budget: 30 * scale,
      memory: { peak: results.whole.peak, budget: 3e9 },
      note: `processor ${results.whole.processor.toFixed(1)} s`,
    }
    yield { name: `${rows} merged afterwards`, unit: 's', readings: [results.merge.seconds] }
    yield { name: 'one new day', unit: 's', readings: results.days, budget: 1 }
  },
}

function merged(engine: Engine, dates: ReturnType<typeof benchDates>): Promise<void> {
  return compact(engine, stockBollingerData, dates)
}
