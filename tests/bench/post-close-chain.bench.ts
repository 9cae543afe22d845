import { strategyCandidates } from '#warehouse/ads/strategy_candidates.ts'
import { buildTable } from '#warehouse/build.ts'
import { abuPriceLevels } from '#warehouse/dws/abu_price_levels.ts'
import { bigTradeThreshold } from '#warehouse/dws/big_trade_threshold.ts'
import { dwsFundQualityMetric } from '#warehouse/dws/dws_fund_quality_metric.ts'
import { dwsLevelScore } from '#warehouse/dws/dws_level_score.ts'
import { dwsLevelTestOutcome } from '#warehouse/dws/dws_level_test_outcome.ts'
import { dwsMinuteBar } from '#warehouse/dws/dws_minute_bar.ts'
import { stockActivePool } from '#warehouse/dws/stock_active_pool.ts'
import { stockBollingerData } from '#warehouse/dws/stock_bollinger_data.ts'
import { stockFundQuality } from '#warehouse/dws/stock_fund_quality.ts'
import { stockLevelMicrostructure } from '#warehouse/dws/stock_level_microstructure.ts'
import { stockLevelScoreDaily } from '#warehouse/dws/stock_level_score_daily.ts'
import { stockMicrostructureDaily } from '#warehouse/dws/stock_microstructure_daily.ts'
import type { Table } from '#warehouse/table.ts'
import type { Bench } from './bench.ts'
import { withEngine } from './bench-engine.ts'
import { built } from './built.ts'
import { measured } from './peak-memory.ts'
import { benchDates } from './synthetic-bars.ts'
import { fillMarket } from './synthetic-market.ts'
import { RECORDS } from './synthetic-ticks.ts'

const STOCKS = 800
const DAYS = 460
/** The big-trade threshold reads the ticks of the 60 days before. */
const TICK_DAYS = 61

/** Table after table as the night builds them. Two of them at a time share the cores in the night; here one after another. */
const chain: readonly Table[] = [
  stockBollingerData,
  stockActivePool,
  dwsMinuteBar,
  bigTradeThreshold,
  stockMicrostructureDaily,
  dwsFundQualityMetric,
  stockFundQuality,
  abuPriceLevels,
  stockLevelMicrostructure,
  dwsLevelTestOutcome,
  dwsLevelScore,
  stockLevelScoreDaily,
  strategyCandidates,
]

/** `run_post_close_jobs` of one day once its bars and ticks are in, the days before known. */
export const postCloseChain: Bench = {
  name: 'post-close-chain',
  about: `the whole chain of one day for a work set of ${STOCKS} stocks × ${RECORDS.toLocaleString('en')} records, ${TICK_DAYS - 1} tick days before it`,
  flag: 'fresh',
  async prepare({ folder, scale, say }) {
    const dates = benchDates(DAYS)
    await withEngine(folder, async (engine) => {
      await fillMarket(engine, Math.max(20, Math.round(STOCKS * scale)), dates, scale < 1 ? 25 : TICK_DAYS)
      // What earlier nights left: levels of yesterday, pool and summaries of the last weeks.
      const before = dates.slice(-21, -1)
      for (const [i, table] of [
        stockActivePool,
        abuPriceLevels,
        bigTradeThreshold,
        stockMicrostructureDaily,
        dwsFundQualityMetric,
        stockFundQuality,
        stockLevelMicrostructure,
        dwsLevelScore,
        stockLevelScoreDaily,
      ].entries()) {
        const dates = table === bigTradeThreshold || table === stockMicrostructureDaily || table === stockLevelMicrostructure ? before.slice(-5) : before
        const { written } = await built(buildTable(engine, table, { dates, scope: 'all', version: 10 + i, progress() {} }))
        say(`${table.name}: ${written.toLocaleString('en')} rows of earlier days`)
      }
    })
  },
  async *run({ folder, scale, say }) {
    const [day] = benchDates(1)
    const { steps, whole } = await withEngine(folder, async (engine) => {
      const steps: { readonly name: string; readonly seconds: number }[] = []
      const whole = await measured(async () => {
        for (const [i, table] of chain.entries()) {
          const step = await measured(() => built(buildTable(engine, table, { dates: [day!], scope: 'pool', version: 100 + i, progress() {} })))
          steps.push({ name: table.name, seconds: step.seconds })
          say(`${table.name}: ${step.value.written.toLocaleString('en')} rows in ${step.seconds.toFixed(2)} s`)
        }
      })
      return { steps, whole }
    })
    yield {
      name: 'one day, table after table',
      unit: 's',
      readings: [whole.seconds],
      budget: 20 * Math.max(scale, 0.2),
      memory: { peak: whole.peak, budget: 1.5e9 },
      note: `processor ${whole.processor.toFixed(1)} s; ${steps
        .toSorted((a, b) => b.seconds - a.seconds)
        .slice(0, 3)
        .map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`)
        .join(', ')}`,
    }
  },
}
