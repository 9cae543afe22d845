import { metricDefinitions } from './metric-definitions.ts'
import { histogramOf } from '#numeric/histogram.ts'
import { column, named, quantity, type Cell, type HeatMap, type ReportBlock, type ReportSection } from './report-block.ts'
import type { RunReport } from './run-report.ts'

/** Why to believe it: the search counted, parameters, intervals, walk-forward, controls, quintiles, data quality, how to reproduce it. */
export function evidenceSections(report: RunReport): ReportSection[] {
  return [
    selection(report),
    parameters(report),
    intervals(report),
    folds(report),
    controlTable(report),
    ...quintiles(report),
    findings(report),
    reproducibility(report),
    definitions(),
  ]
}

function selection({ bias, conventions }: RunReport): ReportSection {
  const heading = { id: 'selection', label: '多重检验', english: 'Multiple testing', half: true }
  if (bias === undefined)
    return { ...heading, blocks: [{ type: 'note', text: 'Absent: no trial log was given, so the search behind this result is not counted.' }] }
  const { overfitting, realityCheck } = bias
  const annual = Math.sqrt(conventions.periodsPerYear)
  const none = 'fewer than two trials'
  const few = '20 trials or fewer'
  const rows: Cell[][] = [
    ['去水夏普 DSR, N clusters', quantity(bias.deflatedSharpe, 'probability', { missing: 'no Sharpe ratio' }), 'PSR against SR*, N by clusters'],
    ['DSR, raw N', quantity(bias.deflatedSharpeRaw, 'probability', { missing: 'no Sharpe ratio' }), 'the same with every trial counted'],
    ['独立试验 Independent trials N', quantity(bias.independentTrials, 'count'), 'average linkage of return correlations, cut at ρ = 0.5'],
    ['试验总数 Raw trials', quantity(bias.rawTrials, 'count'), 'life of the strategy family'],
    ['试验离散 √V', quantity(Math.sqrt(bias.sharpeVariance) * annual, 'ratio'), 'std of trial Sharpe ratios, annual'],
    ['期望最大夏普 SR*', quantity(bias.expectedMaximum * annual, 'ratio'), '√V·[(1−γ)Φ⁻¹(1−1/N) + γΦ⁻¹(1−1/(N·e))], annual'],
    ['最短记录 MinTRL 95', quantity(bias.minimumTrackLength, 'days', { missing: 'no Sharpe ratio' }), 'days to beat SR 0 at 95 %'],
    [
      '过拟合概率 PBO',
      quantity(overfitting?.probability ?? NaN, 'probability', { missing: none }),
      `share of λ ≤ 0${overfitting === undefined ? '' : `, S = ${overfitting.blocks}, ${overfitting.logits.length} splits`}`,
    ],
    ['衰减斜率 Degradation slope', quantity(overfitting?.degradationSlope ?? NaN, 'ratio', { missing: none }), 'out-of-sample on in-sample Sharpe'],
    [
      '样本外亏损概率 P(loss)',
      quantity(overfitting?.lossProbability ?? NaN, 'probability', { missing: none }),
      'share of splits with Sharpe < 0 out of sample',
    ],
    ['White reality check p', quantity(realityCheck?.whiteP ?? NaN, 'probability', { missing: few }), 'best trial against the benchmark'],
    ['Hansen SPA p', quantity(realityCheck?.spaP ?? NaN, 'probability', { missing: few }), 'studentised, consistent'],
  ]
  const table: ReportBlock = { type: 'table', columns: [column('指标', 'Metric', true), column('值', 'Value'), column('定义', 'Definition', true)], rows }
  if (overfitting === undefined) return { ...heading, blocks: [table] }
  const { edges, counts } = histogramOf(overfitting.logits, 31)
  return {
    ...heading,
    blocks: [
      {
        type: 'histogram',
        caption: { label: 'PBO 对数几率', english: 'Logit of the out-of-sample rank of the in-sample best' },
        edges,
        counts,
        unit: 'ratio',
        marks: [{ label: '中位', english: 'median rank', value: 0 }],
        height: 150,
        note: 'Left of 0 the trial chosen in sample falls below the median out of sample.',
        table: {
          type: 'table',
          columns: [column('从', 'From', true), column('到', 'To'), column('划分数', 'Splits')],
          rows: [...counts].map((count, i) => [quantity(edges[i]!, 'ratio'), quantity(edges[i + 1]!, 'ratio'), quantity(count, 'count')]),
          scrollAbove: 14,
        },
      },
      table,
    ],
  }
}

function intervals({ intervals: found }: RunReport): ReportSection {
  const heading = { id: 'intervals', label: '自助区间', english: 'Bootstrap intervals', half: true }
  if (found === undefined) return { ...heading, blocks: [{ type: 'note', text: 'Absent: no resampling was asked for.' }] }
  const { sharpe, cagr, maxDrawdown, level, draws, meanBlock } = found
  const missing = 'fewer than two returns, or they do not vary'
  const row = (name: string, { estimate, low, high }: typeof sharpe, unit: 'ratio' | 'fraction' | 'fraction/year'): Cell[] => [
    name,
    quantity(low, unit, { missing }),
    quantity(estimate, unit, { missing }),
    quantity(high, unit, { missing }),
  ]
  return {
    ...heading,
    blocks: [
      {
        type: 'table',
        columns: [column('指标', 'Metric', true), column('下限', 'Low'), column('估计', 'Estimate'), column('上限', 'High')],
        rows: [row('夏普比率 Sharpe', sharpe, 'ratio'), row('年化收益 CAGR', cagr, 'fraction/year'), row('最大回撤 Max drawdown', maxDrawdown, 'fraction')],
        note: `Stationary bootstrap, ${level * 100} % percentile interval, ${draws} draws, mean block ${meanBlock} d.`,
      },
    ],
  }
}

function folds({ walkForward, run }: RunReport): ReportSection {
  const heading = { id: 'walk_forward', label: '滚动样本外', english: 'Walk-forward' }
  if (walkForward === undefined) return { ...heading, blocks: [{ type: 'note', text: 'Absent: no walk-forward was run; every figure above is in sample.' }] }
  const day = (at: number): Cell => quantity(run.dates[at]!, 'date')
  return {
    ...heading,
    blocks: [
      {
        type: 'table',
        columns: [
          column('训练', 'Train from', true),
          column('至', 'Train to'),
          column('测试', 'Test from'),
          column('至', 'Test to'),
          column('所选参数', 'Chosen', true),
          column('目标值', 'Objective'),
          column('训练夏普', 'Train Sharpe'),
          column('测试夏普', 'Test Sharpe'),
        ],
        rows: walkForward.folds.map((fold) => [
          day(fold.trainFrom),
          day(fold.trainTo - 1),
          day(fold.testFrom),
          day(fold.testTo - 1),
          fold.chosen,
          quantity(fold.score, 'probability'),
          quantity(fold.trainSharpe, 'ratio', { missing: 'nothing varied' }),
          quantity(fold.testSharpe, 'ratio', { missing: 'nothing varied', signed: true }),
        ]),
        scrollAbove: 16,
        note: `Sharpe in sample ${walkForward.inSampleSharpe.toFixed(2)} (mean of the chosen), out of sample ${walkForward.outOfSampleSharpe.toFixed(2)}; efficiency ${Number.isNaN(walkForward.efficiency) ? '—' : walkForward.efficiency.toFixed(2)}.`,
      },
    ],
  }
}

function parameters({ scan }: RunReport): ReportSection {
  const heading = { id: 'parameters', label: '参数扫描', english: 'Parameter scan', half: true }
  if (scan === undefined || scan.best === undefined)
    return { ...heading, blocks: [{ type: 'note', text: 'Absent: no parameter was scanned, or no trial has a score.' }] }
  const { axes, best, tried, objective, plateau } = scan
  const known = tried.filter(({ score }) => !Number.isNaN(score)).toSorted((a, b) => b.score - a.score)
  const top: ReportBlock = {
    type: 'table',
    caption: { label: '最佳试验', english: 'Best trials' },
    columns: [column('#', '#', true), ...axes.map(({ name }) => column(name, '')), column('目标值', objective)],
    rows: known
      .slice(0, 8)
      .map(({ point, score }, i) => [String(i + 1), ...axes.map((axis, k): Cell => String(axis.values[point[k]!]!)), quantity(score, 'ratio')]),
    note: `Plateau score ${plateau === undefined || Number.isNaN(plateau.share) ? '—' : `${(plateau.share * 100).toFixed(0)} %`}: share of the ${plateau?.tried ?? 0} tried neighbours (of ${plateau?.neighbours ?? 0}) within 70 % of the best. ${tried.length} trials.`,
  }
  const drawn = [...axes.keys()].filter((i) => axes[i]!.values.length > 1).slice(0, 2)
  const [y, x] = drawn
  return { ...heading, blocks: x === undefined || y === undefined ? [top] : [heatMap(scan, x, y, best), top] }
}

/** The slice through the best place along two axes. */
function heatMap({ axes, tried, objective }: NonNullable<RunReport['scan']>, x: number, y: number, best: readonly number[]): HeatMap {
  const [xAxis, yAxis] = [axes[x]!, axes[y]!]
  const scores = new Map(tried.map(({ point, score }) => [point.join(), score]))
  const cells = Float64Array.from({ length: xAxis.values.length * yAxis.values.length }, (_, at) => {
    const point = best.with(x, at % xAxis.values.length).with(y, Math.floor(at / xAxis.values.length))
    return scores.get(point.join()) ?? NaN
  })
  const fixed = axes.filter((_, i) => i !== x && i !== y).map(({ name, values }) => `${name} = ${values[best[axes.findIndex((axis) => axis.name === name)]!]}`)
  return {
    type: 'heat',
    caption: { label: '参数热力图', english: `${objective} by ${yAxis.name} and ${xAxis.name}` },
    xName: xAxis.name,
    yName: yAxis.name,
    xValues: xAxis.values,
    yValues: yAxis.values,
    cells,
    best: { x: best[x]!, y: best[y]! },
    unit: 'ratio',
    ...(fixed.length > 0 && { note: `Slice through the best trial: ${fixed.join(', ')}.` }),
    table: {
      type: 'table',
      columns: [column(`${yAxis.name} \\ ${xAxis.name}`, '', true), ...xAxis.values.map((value) => column(String(value), ''))],
      rows: yAxis.values.map((value, row) => [
        String(value),
        ...xAxis.values.map((_, i) => quantity(cells[row * xAxis.values.length + i]!, 'ratio', { missing: 'not tried' })),
      ]),
    },
  }
}

function controlTable({ controls }: RunReport): ReportSection {
  const heading = { id: 'controls', label: '对照实验', english: 'Ablations and controls' }
  if (controls === undefined || controls.length === 0) return { ...heading, blocks: [{ type: 'note', text: 'Absent: no control was run.' }] }
  return {
    ...heading,
    blocks: [
      {
        type: 'table',
        columns: [
          column('对照', 'Control', true),
          column('改变', 'What changes', true),
          column('次数', 'Runs'),
          column('值', 'Value'),
          column('结论', 'Verdict', true),
        ],
        rows: controls.map(({ control, verdict, value, runs, sentence }) => [
          `${control.label} ${control.english}`,
          control.changes,
          quantity(runs, 'count'),
          quantity(
            value,
            control.judge === 'identical'
              ? 'count'
              : control.judge === 'beats-random'
                ? 'probability'
                : control.name === 'leave_top_5_trades_out'
                  ? 'fraction'
                  : 'ratio',
            { missing: sentence },
          ),
          { text: `${{ pass: '✓', fail: '×', unknown: '—' }[verdict]} ${sentence}`, tone: ({ pass: 'ok', fail: 'bad', unknown: 'quiet' } as const)[verdict] },
        ]),
      },
    ],
  }
}

function quintiles({ quintiles: found }: RunReport): ReportSection[] {
  if (found === undefined) return []
  const groups = found[0]?.groups.length ?? 0
  return [
    {
      id: 'quintiles',
      label: '分层前瞻收益',
      english: 'Forward returns by quintile of score',
      blocks: [
        {
          type: 'table',
          columns: [
            column('期限', 'Horizon', true),
            ...Array.from({ length: groups }, (_, i) => column(`Q${i + 1}`, i === 0 ? 'lowest' : i === groups - 1 ? 'highest' : '')),
            column('高减低', 'Spread'),
            column('t 值', 'Newey–West t'),
            column('天数', 'Days'),
          ],
          rows: found.map(({ horizon, groups: cells, spread }) => [
            quantity(horizon, 'days'),
            ...cells.map(({ mean }) => quantity(mean, 'fraction', { signed: true, missing: 'no day with enough scores' })),
            quantity(spread.mean, 'fraction', { signed: true, missing: 'no day with both ends' }),
            quantity(spread.t, 'ratio', { missing: 'nothing varied' }),
            quantity(spread.days, 'days'),
          ]),
          note: 'Mean of daily cross-section means; t with lag = horizon.',
        },
      ],
    },
  ]
}

function findings({ findings: found, header }: RunReport): ReportSection {
  const heading = { id: 'data_quality', label: '数据质量', english: 'Data quality of the period', half: true }
  if (found === undefined) return { ...heading, blocks: [{ type: 'note', text: `Absent: no audit was given. Data grade: ${header.dataGrade ?? 'unknown'}.` }] }
  return {
    ...heading,
    blocks: [
      found.length === 0
        ? { type: 'note', text: 'The audits of the period found nothing.' }
        : {
            type: 'table',
            columns: [column('问题', 'Finding', true), column('次数', 'Count'), column('说明', 'Note', true)],
            rows: found.map(({ what, count, note }) => [what, quantity(count, 'count'), note]),
          },
    ],
  }
}

function reproducibility({ header, run, conventions, schema }: RunReport): ReportSection {
  const rows: Cell[][] = [
    ['策略 Strategy', `${run.strategy} ${run.version}`],
    [
      '参数 Parameters',
      Object.entries(run.params)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', ') || 'none',
    ],
    ['模式 Mode', run.mode],
    ['种子 Seed', String(run.seed)],
    ['成本倍数 Cost factor', `×${run.costFactor}`],
    ['延迟 Delay', `${run.delay} d`],
    ['代码 Code hash', header.codeHash ?? 'unknown'],
    ['数据 Data hash', header.dataHash ?? 'unknown'],
    ['运行 Run', header.runId ?? 'unnamed'],
    [
      '约定 Conventions',
      `simple daily returns, compounded; P = ${conventions.periodsPerYear}; rf = ${conventions.riskFree}; mar = ${conventions.acceptable} a day`,
    ],
    ['报告 Schema', schema],
  ]
  return {
    id: 'reproducibility',
    label: '可复现信息',
    english: 'Reproducibility',
    half: true,
    blocks: [{ type: 'table', columns: [column('项', 'Item', true), column('值', 'Value', true)], rows }],
  }
}

function definitions(): ReportSection {
  return {
    id: 'definitions',
    label: '指标定义',
    english: 'Definitions',
    blocks: [
      {
        type: 'table',
        columns: [
          column('指标', 'Metric', true),
          column('定义', 'Definition', true),
          column('与 empyrical', 'Against empyrical', true),
          column('缺失条件', 'Missing when', true),
        ],
        rows: Object.values(metricDefinitions).map(({ label, english, definition, empyrical = '', missing }) => [
          named({ label, english }),
          definition,
          empyrical,
          missing,
        ]),
        scrollAbove: 12,
      },
    ],
  }
}
