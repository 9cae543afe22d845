import { formatDate, type TradeDate } from '#core/trade-date.ts'
import type { RunComparison } from './compare-runs.ts'
import { growthOf } from './daily-returns.ts'
import { underwater } from './drawdowns.ts'
import { returnDefinitions } from './metric-definitions.ts'
import { monthEnds } from './period-returns.ts'
import { column, named, quantity, type Cell, type ChartSeries, type QuantityUnit, type ReportSection, type SeriesRole } from './report-block.ts'
import { htmlPage } from './report-page.ts'
import { sectionsMarkdown } from './report-markdown.ts'
import type { ReturnMetrics } from './return-metrics.ts'
import { escaped } from './svg-axis.ts'

const rows: readonly (keyof ReturnMetrics)[] = [
  'totalReturn',
  'cagr',
  'volatility',
  'sharpe',
  'sortino',
  'maxDrawdown',
  'calmar',
  'tailRatio',
  'stability',
  'dailyWinRate',
  'probabilisticSharpe',
  'days',
]
const colours: readonly SeriesRole[] = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8']

/** 对比报告 of 2 to 8 runs: metrics side by side, growth on common days, paired bootstrap of differences (spec backtest §10). */
export function compareSections({ dates, runs, pairs }: RunComparison): ReportSection[] {
  const chart = (values: (returns: Float64Array) => Float64Array): ChartSeries[] =>
    runs.map(({ name, returns }, i) => ({ label: name, english: name, role: colours[i]!, values: values(returns) }))
  const growth = chart(growthOf)
  const below = chart(underwater)
  const table = (series: readonly ChartSeries[], unit: QuantityUnit) => ({
    type: 'table' as const,
    columns: [column('月末', 'Month end', true), ...series.map(({ label }) => column(label, ''))],
    rows: monthEnds(dates).map((day): Cell[] => [quantity(dates[day]!, 'date'), ...series.map(({ values }) => quantity(values[day]!, unit))]),
    scrollAbove: 14,
  })
  return [
    {
      id: 'metrics',
      label: '指标对比',
      english: 'Metrics side by side',
      blocks: [
        {
          type: 'table',
          columns: [column('指标', 'Metric', true), ...runs.map(({ name }) => column(name, ''))],
          rows: [
            ...rows.map((name): Cell[] => {
              const { unit, missing, definition, ...names } = returnDefinitions[name]
              return [
                named(names),
                ...runs.map(({ metrics }) =>
                  quantity(metrics[name], unit, { missing, formula: definition, signed: name === 'totalReturn' || name === 'cagr' }),
                ),
              ]
            }),
            ['p (Sharpe ≤ 0)', ...runs.map(({ p }) => quantity(p, 'probability', { missing: 'no Sharpe ratio', formula: '1 − PSR(0)' }))],
            ['p, Holm', ...runs.map(({ holmP }) => quantity(holmP, 'probability', { missing: 'no Sharpe ratio' }))],
            ['p, Benjamini–Hochberg', ...runs.map(({ benjaminiHochbergP }) => quantity(benjaminiHochbergP, 'probability', { missing: 'no Sharpe ratio' }))],
          ],
          note: 'Over the days all runs know; simple daily returns, compounded.',
        },
      ],
    },
    {
      id: 'growth',
      label: '净值与回撤',
      english: 'Growth and drawdown',
      blocks: [
        {
          type: 'line',
          caption: { label: '净值(对数轴)', english: 'Growth of 1, log scale' },
          dates,
          series: growth,
          unit: 'ratio',
          logScale: true,
          height: 300,
          table: table(growth, 'ratio'),
        },
        { type: 'line', caption: { label: '回撤', english: 'Drawdown' }, dates, series: below, unit: 'fraction', height: 180, table: table(below, 'fraction') },
      ],
    },
    {
      id: 'pairs',
      label: '两两差异',
      english: 'Differences, paired bootstrap',
      blocks: [
        {
          type: 'table',
          columns: [
            column('甲减乙', 'A minus B', true),
            ...['夏普 Sharpe', '年化 CAGR', '最大回撤 Max drawdown'].flatMap((name) => [
              column(name, 'difference'),
              column('下限', 'low'),
              column('上限', 'high'),
            ]),
            column('p', 'Sharpe equal'),
            column('p', 'Holm'),
          ],
          rows: pairs.map(({ a, b, sharpe, cagr, maxDrawdown, p, adjustedP }): Cell[] => [
            `${a} − ${b}`,
            ...(
              [
                [sharpe, 'ratio'],
                [cagr, 'fraction/year'],
                [maxDrawdown, 'fraction'],
              ] as const
            ).flatMap(([{ estimate, low, high }, unit]) =>
              [estimate, low, high].map((value, i) => quantity(value, unit, { signed: i === 0, missing: 'too few common days' })),
            ),
            quantity(p, 'probability', { missing: 'too few common days' }),
            quantity(adjustedP, 'probability', { missing: 'too few common days' }),
          ]),
          note: 'Stationary bootstrap on the same days for both runs, 95 % percentile intervals; p is two-sided. An interval that holds 0 is no difference.',
        },
      ],
    },
  ]
}

/** The comparison as one self-contained page. */
export function compareHtml(comparison: RunComparison): string {
  const title = titleOf(comparison)
  return htmlPage(
    title,
    `<header><div><h1>${escaped(title)}</h1><div class="sub">回测对比 Back-test comparison · 红涨绿跌 red up, green down</div></div></header>`,
    compareSections(comparison),
    'fupan.backtest-comparison/1',
  )
}

/** The comparison as Markdown. */
export function compareMarkdown(comparison: RunComparison): string {
  return `# ${titleOf(comparison)}\n\n${sectionsMarkdown(compareSections(comparison))}\n`
}

function titleOf({ runs, dates }: RunComparison): string {
  const [first, last] = [dates[0], dates.at(-1)]
  const range = first === undefined || last === undefined ? 'no common days' : `${formatDate(first as TradeDate)} – ${formatDate(last as TradeDate)}`
  return `${runs.map(({ name }) => name).join(' · ')} — ${range}`
}
