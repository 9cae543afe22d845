import { buildTable } from '#warehouse/build.ts'
import { stockBollingerData } from '#warehouse/dws/stock_bollinger_data.ts'
import type { Bench } from './bench.ts'
import { withEngine } from './bench-engine.ts'
import { measured } from './peak-memory.ts'
import { benchDates, fillBars } from './synthetic-bars.ts'

const STOCKS = 5400
const DAYS = 4000

/** The whole market's bands over 4,000 days, then one more day: through the real build, audits and publication included. */
export const bollingerHistory: Bench = {
  name: 'bollinger-history',
  about: `stock_bollinger_data of ${STOCKS} stocks × ${DAYS} bars, then of one new day`,
  async prepare({ folder, scale }) {
    await withEngine(folder, (engine) => fillBars(engine, Math.round(STOCKS * scale), benchDates(DAYS)))
  },
  async *run({ folder, scale, say }) {
    const dates = benchDates(DAYS)
    const build = (days: typeof dates, version: number) =>
      measured(() => withBuild(folder, days, version))
    const whole = await build(dates.slice(0, -1), 2)
    say(`whole: ${whole.seconds.toFixed(1)} s`)
    yield { name: `${(STOCKS * scale * (DAYS - 1) / 1e6).toFixed(1)} M rows`, unit: 's', readings: [whole.value], budget: 30 * scale, memory: { peak: whole.peak, budget: 3e9 } }
  },
}

function withBuild(folder: string, dates: ReturnType<typeof benchDates>, version: number): Promise<number> {
  return withEngine(folder, async (engine) => {
    const started = performance.now()
    const result = await buildTable(engine, stockBollingerData, { dates, scope: 'all', version, progress() {} })
    if (result.type !== 'published') throw new Error(`Cannot measure: ${JSON.stringify(result.audits)}`)
    return (performance.now() - started) / 1000
  })
}
