import { normalCdf } from '#numeric/normal-distribution.ts'
import { growthOf } from './daily-returns.ts'
import { underwater } from './drawdowns.ts'
import { monthEnds } from './period-returns.ts'
import { returnDefinitions } from './metric-definitions.ts'
import { histogramOf } from '#numeric/histogram.ts'
import {
  column,
  named,
  quantity,
  type Bilingual,
  type Cell,
  type ChartSeries,
  type QuantityUnit,
  type ReportSection,
  type ReportTable,
} from './report-block.ts'
import type { ReturnMetrics } from './return-metrics.ts'
import type { ReportedCurve, RunReport } from './run-report.ts'

/** How it went: headline, equity and drawdown, months and years, rolling figures, distribution. */
export function returnSections(report: RunReport): ReportSection[] {
  return [headline(report), equity(report), periods(report), drawdowns(report), distribution(report), rolling(report)]
}

const headlineRows: readonly (keyof ReturnMetrics)[] = [
  'totalReturn',
  'cagr',
  'volatility',
  'sharpe',
  'sortino',
  'maxDrawdown',
  'calmar',
  'ulcerIndex',
  'omega',
  'tailRatio',
  'stability',
  'dailyWinRate',
  'probabilisticSharpe',
  'days',
]
const signedRows = new Set<keyof ReturnMetrics>(['totalReturn', 'cagr'])

function headline({ curves, conventions }: RunReport): ReportSection {
  return {
    id: 'headline',
    label: '总览',
    english: 'Headline',
    blocks: [
      {
        type: 'table',
        columns: [column('指标', 'Metric', true), ...curves.map(({ label, english }) => ({ label, english }))],
        rows: headlineRows.map((name) => {
          const { label, english, unit, missing, definition } = returnDefinitions[name]
          const cells = curves.map(({ metrics }): Cell => quantity(metrics[name], unit, { missing, signed: signedRows.has(name), formula: definition }))
          return [named({ label, english }), ...cells]
        }),
        note: `Simple daily returns, compounded. P = ${conventions.periodsPerYear} periods a year, risk-free ${(conventions.riskFree * 100).toFixed(2)} %/yr. Excess compounds (1+net)/(1+benchmark) − 1. Walk-forward covers test days only; the in-sample best is hindsight.`,
      },
    ],
  }
}

function equity({ run, curves, walkForward }: RunReport): ReportSection {
  const find = (name: ReportedCurve['name']): ReportedCurve | undefined => curves.find((curve) => curve.name === name)
  const net = find('net')!
  const series: ChartSeries[] = [
    ...drawn(find('hindsight'), 'faint'),
    ...drawn(find('benchmark'), 'benchmark'),
    ...drawn(find('walk_forward'), 'second'),
    ...drawn(net, 'main'),
  ]
  const below = underwater(net.returns)
  const ends = monthEnds(run.dates)
  return {
    id: 'equity',
    label: '权益与回撤',
    english: 'Equity and drawdown',
    blocks: [
      {
        type: 'line',
        caption: { label: '净值(对数轴)', english: 'Growth of 1, log scale' },
        dates: run.dates,
        series,
        unit: 'ratio',
        logScale: true,
        height: 300,
        ...(walkForward && { shaded: walkForward.folds.filter((_, i) => i % 2 === 0).map(({ testFrom, testTo }) => ({ from: testFrom, to: testTo })) }),
        ...(walkForward && { note: 'Shaded: every second walk-forward test part. The walk-forward curve starts at 1 on its first test day.' }),
        table: {
          type: 'table',
          columns: [column('月末', 'Month end', true), ...series.map(({ label, english }) => ({ label, english })), column('回撤', 'Drawdown')],
          rows: ends.map((day) => [
            quantity(run.dates[day]!, 'date'),
            ...series.map(({ values }) => quantity(values[day]!, 'ratio', { missing: 'no return is known yet' })),
            quantity(below[day]!, 'fraction'),
          ]),
          scrollAbove: 14,
        },
      },
      {
        type: 'line',
        caption: { label: '回撤', english: 'Drawdown from the running maximum' },
        dates: run.dates,
        series: [{ label: '回撤', english: 'Drawdown', role: 'area', values: below }],
        unit: 'fraction',
        height: 130,
        table: {
          type: 'table',
          columns: [column('月末', 'Month end', true), column('回撤', 'Drawdown')],
          rows: ends.map((day) => [quantity(run.dates[day]!, 'date'), quantity(below[day]!, 'fraction')]),
          scrollAbove: 14,
        },
      },
    ],
  }
}

/** A growth line from its first known day on. */
function drawn(curve: ReportedCurve | undefined, role: ChartSeries['role']): ChartSeries[] {
  if (curve === undefined) return []
  const { label, english, returns } = curve
  const first = returns.findIndex((value) => !Number.isNaN(value))
  return [{ label, english, role, values: growthOf(returns).map((value, day) => (first === -1 || day < first ? NaN : value)) }]
}

function periods({ months, years, curves, run }: RunReport): ReportSection {
  const benchmark = curves.find(({ name }) => name === 'benchmark')
  const largest = months.reduce((most, { value }) => Math.max(most, Math.abs(value) || 0), 0)
  const monthNumbers = Array.from({ length: 12 }, (_, i) => i + 1)
  return {
    id: 'periods',
    label: '月度与年度收益',
    english: 'Monthly and yearly returns',
    blocks: [
      {
        type: 'table',
        columns: [
          column('年', 'Year', true),
          ...monthNumbers.map((month) => column(`${month}月`, 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')[month - 1]!)),
          column('全年', 'Year'),
          ...(benchmark === undefined ? [] : [column('基准', 'Benchmark')]),
        ],
        rows: years.map(({ year, value }) => [
          String(year),
          ...monthNumbers.map((month) => {
            const found = months.find((period) => period.year === year && period.month === month)
            const own = found?.value ?? NaN
            return quantity(own, 'fraction', { signed: true, tint: own / largest, missing: 'no trading day in the period of the run' })
          }),
          quantity(value, 'fraction', { signed: true, missing: 'no known return' }),
          ...(benchmark === undefined ? [] : [quantity(yearOf(benchmark.returns, run.dates, year), 'fraction', { signed: true, missing: 'no known return' })]),
        ]),
        note: 'Compounded net returns of calendar months and years; the first and last may be parts.',
      },
    ],
  }
}

function yearOf(returns: Float64Array, dates: Uint32Array, year: number): number {
  const own = returns.filter((value, day) => Math.floor(dates[day]! / 10_000) === year && !Number.isNaN(value))
  return own.length === 0 ? NaN : own.reduce((level, value) => level * (1 + value), 1) - 1
}

function drawdowns({ drawdowns: spells, run }: RunReport): ReportSection {
  const dateOf = (day: number): Cell => (day === -1 ? 'start' : quantity(run.dates[day]!, 'date'))
  return {
    id: 'drawdowns',
    label: '回撤明细',
    english: 'Drawdown table',
    half: true,
    blocks: [
      spells.length === 0
        ? { type: 'note', text: 'Equity never fell below its maximum.' }
        : {
            type: 'table',
            columns: [
              column('#', '#', true),
              column('深度', 'Depth'),
              column('起点', 'Peak'),
              column('谷底', 'Trough'),
              column('恢复', 'Recovery'),
              column('水下', 'Under water'),
            ],
            rows: spells.map(({ peak, trough, recovery, depth, daysUnderWater }, i) => [
              String(i + 1),
              quantity(depth, 'fraction'),
              dateOf(peak),
              dateOf(trough),
              recovery === undefined ? 'not yet' : dateOf(recovery),
              quantity(daysUnderWater, 'days'),
            ]),
          },
    ],
  }
}

function rolling({ rolling: windows, run, curves }: RunReport): ReportSection {
  const hasBenchmark = curves.some(({ name }) => name === 'benchmark')
  const ends = monthEnds(run.dates)
  const chart = (caption: Bilingual, unit: QuantityUnit, pick: 'sharpe' | 'volatility' | 'beta') => {
    const series = windows.map(({ window, ...values }, i): ChartSeries => ({
      label: `${window} 日`,
      english: `${window} days`,
      role: i === 0 ? 'second' : 'main',
      values: values[pick],
    }))
    const table: ReportTable = {
      type: 'table',
      columns: [column('月末', 'Month end', true), ...series.map(({ label, english }) => ({ label, english }))],
      rows: ends.map((day) => [
        quantity(run.dates[day]!, 'date'),
        ...series.map(({ values }) => quantity(values[day]!, unit, { missing: 'the window is not full, or nothing varies' })),
      ]),
      scrollAbove: 14,
    }
    return { type: 'line' as const, caption, dates: run.dates, series, unit, height: 150, table }
  }
  return {
    id: 'rolling',
    label: '滚动指标',
    english: 'Rolling metrics',
    blocks: [
      chart({ label: '滚动夏普', english: 'Rolling Sharpe' }, 'ratio', 'sharpe'),
      chart({ label: '滚动波动', english: 'Rolling volatility' }, 'fraction/year', 'volatility'),
      hasBenchmark
        ? chart({ label: '滚动 Beta', english: 'Rolling beta' }, 'ratio', 'beta')
        : { type: 'note', text: 'Rolling beta — absent: the run has no benchmark.' },
    ],
  }
}

function distribution({ curves, metrics, run, conventions }: RunReport): ReportSection {
  const all = curves.find(({ name }) => name === 'net')!.returns
  const known = all.filter((value) => !Number.isNaN(value))
  if (known.length < 2)
    return {
      id: 'distribution',
      label: '分布与尾部',
      english: 'Distribution and tails',
      half: true,
      blocks: [{ type: 'note', text: 'Fewer than two known returns.' }],
    }
  const { edges, counts } = histogramOf(known, 41)
  const centre = known.reduce((sum, value) => sum + value, 0) / known.length
  const deviation = metrics.volatility / Math.sqrt(conventions.periodsPerYear)
  const expected = counts.map((_, i) => known.length * (normalCdf((edges[i + 1]! - centre) / deviation) - normalCdf((edges[i]! - centre) / deviation)))
  const order = [...all.keys()].filter((day) => !Number.isNaN(all[day]!)).toSorted((a, b) => all[a]! - all[b]!)
  const names = ['valueAtRisk95', 'conditionalValueAtRisk95', 'tailRatio', 'skewness', 'kurtosis', 'dailyProfitFactor'] as const
  return {
    id: 'distribution',
    label: '分布与尾部',
    english: 'Distribution and tails',
    half: true,
    blocks: [
      {
        type: 'histogram',
        caption: { label: '日收益分布', english: 'Daily returns; line: normal with the same mean and deviation' },
        edges,
        counts,
        curve: expected,
        unit: 'fraction',
        marks: [
          { label: 'VaR', english: 'VaR 95', value: metrics.valueAtRisk95 },
          { label: 'CVaR', english: 'CVaR 95', value: metrics.conditionalValueAtRisk95 },
        ],
        height: 170,
        table: {
          type: 'table',
          columns: [column('从', 'From', true), column('到', 'To'), column('天数', 'Days'), column('正态', 'Normal')],
          rows: [...counts].map((count, i) => [
            quantity(edges[i]!, 'fraction'),
            quantity(edges[i + 1]!, 'fraction'),
            quantity(count, 'days'),
            quantity(Math.round(expected[i]! * 10) / 10, 'days'),
          ]),
          scrollAbove: 14,
        },
      },
      {
        type: 'table',
        columns: [
          column('尾部', 'Tail', true),
          column('值', 'Value'),
          column('最差日', 'Worst days', true),
          column('收益', 'Return'),
          column('最好日', 'Best days', true),
          column('收益', 'Return'),
        ],
        rows: names.map((name, i) => {
          const { label, english, unit, missing, definition } = returnDefinitions[name]
          const [low, high] = [order[i], order.at(-1 - i)]
          return [
            named({ label, english }),
            quantity(metrics[name], unit, { missing, formula: definition }),
            low === undefined ? '' : quantity(run.dates[low]!, 'date'),
            low === undefined ? '' : quantity(all[low]!, 'fraction', { signed: true }),
            high === undefined ? '' : quantity(run.dates[high]!, 'date'),
            high === undefined ? '' : quantity(all[high]!, 'fraction', { signed: true }),
          ]
        }),
      },
    ],
  }
}
