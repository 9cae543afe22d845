import { buildTable } from '#warehouse/build.ts'
import { dwsMinuteBar } from '#warehouse/dws/dws_minute_bar.ts'
import { stockMicrostructureDaily } from '#warehouse/dws/stock_microstructure_daily.ts'
import type { Bench } from './bench.ts'
import { withEngine } from './bench-engine.ts'
import { built } from './built.ts'
import { measured } from './peak-memory.ts'
import { benchDates } from './synthetic-bars.ts'
import { fillTickDay, RECORDS } from './synthetic-ticks.ts'

const STOCKS = 5400

/** A tick day of the whole market, thresholds known, folded into its daily summary: read, classify, scale by 20 days of minutes, audit, publish. */
export const microstructureDay: Bench = {
  name: 'microstructure-day',
  about: `stock_microstructure_daily of a day of ${((STOCKS * RECORDS) / 1e6).toFixed(0)} M records of ${STOCKS.toLocaleString('en')} stocks`,
  async prepare({ folder, scale }) {
    await withEngine(folder, (engine) => fillTickDay(engine, Math.round(STOCKS * scale), benchDates(21)))
  },
  async *run({ folder, scale }) {
    const stocks = Math.round(STOCKS * scale)
    const dates = benchDates(1)
    const { summary, minutes } = await withEngine(folder, async (engine) => {
      const build = (table: typeof stockMicrostructureDaily | typeof dwsMinuteBar, version: number) =>
        measured(() => built(buildTable(engine, table, { dates, scope: 'all', version, progress() {} })))
      return { summary: await build(stockMicrostructureDaily, 2), minutes: await build(dwsMinuteBar, 3) }
    })
    if (summary.value.written !== stocks) throw new Error(`Cannot measure: ${summary.value.written} summaries for ${stocks} stocks`)
    const records = `${((stocks * RECORDS) / 1e6).toFixed(1)} M records`
    yield {
      name: `${records} → ${stocks} summaries`,
      unit: 's',
      readings: [summary.seconds],
      budget: 30 * scale,
      memory: { peak: summary.peak, budget: 2e9 },
      note: `processor ${summary.processor.toFixed(1)} s`,
    }
    yield {
      name: `${records} → ${(minutes.value.written / 1e6).toFixed(1)} M minutes`,
      unit: 's',
      readings: [minutes.seconds],
      memory: { peak: minutes.peak },
      note: `processor ${minutes.processor.toFixed(1)} s`,
    }
  },
}
