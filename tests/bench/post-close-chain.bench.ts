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

const DAYS = 460

interface ChainSize {
  readonly name: string
  readonly stocks: number
  /** The day itself and the days before it that have ticks: the big-trade threshold reads up to 60 of them. */
  readonly tickDays: number
  readonly scope: 'pool' | 'all'
  /** Seconds, and bytes where memory is bounded. */
  readonly budget: number
  readonly memory?: number
}

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

/** `run_post_close_jobs` of one day once its bars and ticks are in, the days before known: the work set of a day. */
export const postCloseChain = chainBench({ name: 'post-close-chain', stocks: 800, tickDays: 61, scope: 'pool', budget: 20, memory: 1.5e9 })

/** The same for the whole market. Sixty of its tick days are 1.6 billion records: the sample of the threshold is three days here, the rest is in the budget of the work set. */
export const postCloseMarket = chainBench({ name: 'post-close-market', stocks: 5400, tickDays: 4, scope: 'all', budget: 120 })

function chainBench({ name, stocks, tickDays, scope, budget, memory }: ChainSize): Bench {
  return {
    name,
    about: `the whole chain of one day for ${stocks.toLocaleString('en')} stocks × ${RECORDS.toLocaleString('en')} records, ${tickDays - 1} tick days before it`,
    flag: 'fresh',
    async prepare({ folder, scale, say }) {
      const dates = benchDates(DAYS)
      await withEngine(folder, async (engine) => {
        await fillMarket(engine, Math.max(20, Math.round(stocks * scale)), dates, scale < 1 ? Math.min(25, tickDays) : tickDays)
        const before = dates.slice(-21, -1)
        for (const [i, table] of earlier.entries()) {
          // Those that read ticks: a few days of them are history enough for what is measured.
          const days =
            table === bigTradeThreshold || table === stockMicrostructureDaily || table === stockLevelMicrostructure
              ? before.slice(-Math.min(5, tickDays - 1))
              : before
          const { written } = await built(buildTable(engine, table, { dates: days, scope: 'all', version: 10 + i, progress() {} }))
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
            const step = await measured(() => built(buildTable(engine, table, { dates: [day!], scope, version: 100 + i, progress() {} })))
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
        budget: budget * Math.max(scale, 0.2),
        memory: { peak: whole.peak, ...(memory === undefined ? {} : { budget: memory }) },
        note: `processor ${whole.processor.toFixed(1)} s; ${steps
          .toSorted((a, b) => b.seconds - a.seconds)
          .slice(0, 3)
          .map((step) => `${step.name} ${step.seconds.toFixed(1)} s`)
          .join(', ')}`,
      }
    },
  }
}

/** What earlier nights left: levels of yesterday, pool and summaries of the last weeks. */
const earlier: readonly Table[] = [
  stockActivePool,
  abuPriceLevels,
  bigTradeThreshold,
  stockMicrostructureDaily,
  dwsFundQualityMetric,
  stockFundQuality,
  stockLevelMicrostructure,
  dwsLevelScore,
  stockLevelScoreDaily,
]
