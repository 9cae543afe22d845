import { executionDefinitions, relativeDefinitions, tradeDefinitions, type MetricDefinition } from './metric-definitions.ts'
import { monthEnds } from './period-returns.ts'
import { column, named, quantity, type Cell, type ReportBlock, type ReportSection } from './report-block.ts'
import type { Costs, OpenPosition } from './result.ts'
import { quantityText } from './quantity-text.ts'
import type { RunReport } from './run-report.ts'

/** What it traded and what that cost: trade statistics, costs, exposure, capacity, what was never bought, attribution, the trade list. */
export function tradingSections(report: RunReport): ReportSection[] {
  return [statistics(report), costs(report), exposure(report), capacity(report), unfilled(report), holding(report), attribution(report), trades(report)]
}

function metricRows<K extends string>(
  definitions: Readonly<Record<K, MetricDefinition>>,
  values: Readonly<Record<K, number>>,
  signed: readonly string[] = [],
): Cell[][] {
  return (Object.keys(definitions) as K[]).map((name) => {
    const { label, english, unit, missing, definition } = definitions[name]
    return [named({ label, english }), quantity(values[name], unit, { missing, formula: definition, signed: signed.includes(name) }), definition]
  })
}

function statistics({ metrics, run }: RunReport): ReportSection {
  const columns = [column('指标', 'Metric', true), column('值', 'Value'), column('定义', 'Definition', true)]
  return {
    id: 'statistics',
    label: '交易与相对指标',
    english: 'Trades and benchmark',
    half: true,
    blocks: [
      { type: 'table', columns, rows: metricRows(tradeDefinitions, metrics, ['netPnl', 'expectancy', 'bestReturn', 'worstReturn']) },
      {
        type: 'table',
        columns,
        rows: metricRows(relativeDefinitions, metrics, ['alpha', 'excessReturn']),
        note: `Benchmark: ${run.benchmarkName ?? 'none'}.`,
      },
    ],
  }
}

const costNames: readonly { readonly key: keyof Costs; readonly text: string }[] = [
  { key: 'commission', text: '佣金 Commission' },
  { key: 'stampDuty', text: '印花税 Stamp duty' },
  { key: 'transferFee', text: '过户费 Transfer fee' },
  { key: 'slippage', text: '滑点与冲击 Slippage and impact' },
  { key: 'dividendTax', text: '红利税 Dividend tax' },
]

function costs({ run, curves, metrics }: RunReport): ReportSection {
  const traded = run.tradedAmount.reduce((sum, value) => sum + value, 0)
  const sum = costNames.reduce((total, { key }) => total + run.costs[key], 0)
  const row = (text: string, amount: number): Cell[] => [
    text,
    quantity(amount, 'CNY'),
    quantity(amount / traded, 'bp', { missing: 'nothing was traded' }),
    quantity(amount / sum, 'fraction', { missing: 'there were no costs' }),
  ]
  const levels = (['gross', 'net', 'double_cost'] as const).map((name, factor): Cell[] => {
    const found = curves.find((curve) => curve.name === name)?.metrics
    const missing = 'this run was not made'
    return [
      `×${factor}`,
      quantity(found?.totalReturn ?? NaN, 'fraction', { signed: true, missing }),
      quantity(found?.cagr ?? NaN, 'fraction/year', { signed: true, missing }),
      quantity(found?.sharpe ?? NaN, 'ratio', { missing }),
      quantity(found?.maxDrawdown ?? NaN, 'fraction', { missing }),
    ]
  })
  return {
    id: 'costs',
    label: '成本',
    english: 'Costs',
    half: true,
    blocks: [
      {
        type: 'table',
        columns: [column('项目', 'Item', true), column('金额', 'Amount'), column('占成交额', 'Of traded'), column('占成本', 'Of costs')],
        rows: [...costNames.map(({ key, text }) => row(text, run.costs[key])), row('合计 Total', sum)],
      },
      {
        type: 'table',
        columns: [
          column('成本倍数', 'Costs', true),
          column('总收益', 'Total return'),
          column('年化', 'CAGR'),
          column('夏普', 'Sharpe'),
          column('最大回撤', 'Max drawdown'),
        ],
        rows: levels,
      },
      {
        type: 'table',
        columns: [column('指标', 'Metric', true), column('值', 'Value'), column('定义', 'Definition', true)],
        rows: metricRows(executionDefinitions, metrics),
      },
    ],
  }
}

function exposure({ run }: RunReport): ReportSection {
  const ends = monthEnds(run.dates)
  return {
    id: 'exposure',
    label: '仓位',
    english: 'Exposure',
    half: true,
    blocks: [
      {
        type: 'line',
        caption: { label: '股票仓位占权益', english: 'Shares held, of equity' },
        dates: run.dates,
        series: [{ label: '仓位', english: 'Exposure', role: 'main', values: run.exposure }],
        unit: 'fraction',
        height: 150,
        table: {
          type: 'table',
          columns: [column('月末', 'Month end', true), column('仓位', 'Exposure'), column('持仓数', 'Positions'), column('现金', 'Cash')],
          rows: ends.map((day) => [
            quantity(run.dates[day]!, 'date'),
            quantity(run.exposure[day]!, 'fraction', { missing: 'equity was 0' }),
            quantity(run.positions[day]!, 'count'),
            quantity(run.cash[day]!, 'CNY'),
          ]),
          scrollAbove: 14,
        },
      },
    ],
  }
}

function capacity({ capacity: found, metrics }: RunReport): ReportSection {
  const blocks: ReportBlock[] =
    found === undefined
      ? [{ type: 'note', text: 'Absent: needs the average daily amount and volatility of each traded stock.' }]
      : [
          {
            type: 'line',
            caption: { label: '成本占比随资金', english: 'Cost share of the whole period by equity, square-root impact' },
            x: { values: Float64Array.from(found.curve, ({ equity }) => equity), unit: 'CNY' },
            series: [{ label: '成本占比', english: 'Cost share', role: 'main', values: Float64Array.from(found.curve, ({ costShare }) => costShare) }],
            unit: 'fraction',
            height: 150,
            table: {
              type: 'table',
              columns: [column('倍数', 'Multiple', true), column('资金', 'Equity'), column('成本占比', 'Cost share')],
              rows: found.curve.map(({ multiple, equity, costShare }) => [`×${multiple}`, quantity(equity, 'CNY'), quantity(costShare, 'fraction')]),
            },
          },
          {
            type: 'table',
            columns: [column('指标', 'Metric', true), column('值', 'Value'), column('定义', 'Definition', true)],
            rows: [
              ['容量 Capacity', quantity(found.equity, 'CNY', { missing: 'no cost or no impact is known' }), 'equity at which √ impact doubles the cost share'],
              ['当前成本 Cost share now', quantity(metrics.costShare, 'fraction/year', { missing: 'mean equity is not positive' }), 'Σcosts/mean(E)·P/n'],
            ],
          },
        ]
  return { id: 'capacity', label: '容量', english: 'Capacity', half: true, blocks }
}

function attribution({ splits }: RunReport): ReportSection {
  const names = ['trades', 'winRate', 'expectancy', 'profitFactor', 'meanDaysHeld', 'netPnl'] as const
  return {
    id: 'attribution',
    label: '归因拆分',
    english: 'Attribution of trades',
    blocks: [
      {
        type: 'table',
        columns: [
          column('拆分', 'Split', true),
          column('组', 'Group', true),
          ...names.map((name) => ({ ...column(tradeDefinitions[name].label, tradeDefinitions[name].english), formula: tradeDefinitions[name].definition })),
        ],
        rows: splits.flatMap(({ label, english, groups }) =>
          groups.map((group, i): Cell[] => [
            i === 0 ? `${label} ${english}` : '',
            group.key,
            ...names.map((name) =>
              quantity(group[name], tradeDefinitions[name].unit, {
                missing: tradeDefinitions[name].missing,
                signed: name === 'expectancy' || name === 'netPnl',
              }),
            ),
          ]),
        ),
        note: 'Sums of closed trades, net of costs. Data grades are listed apart: scores from ticks and from bars are different evidence.',
      },
    ],
  }
}

function unfilled({ run }: RunReport): ReportSection {
  const reasons = [...new Set(run.unfilled.map(({ reason }) => reason))].toSorted()
  return {
    id: 'unfilled',
    label: '未成交候选',
    english: 'Candidates never bought',
    half: true,
    blocks: [
      reasons.length === 0
        ? { type: 'note', text: 'Every candidate was bought, or none was offered.' }
        : {
            type: 'table',
            columns: [column('原因', 'Reason', true), column('数量', 'Count'), column('五日假设收益', 'Hypothetical 5-day return')],
            rows: reasons.map((reason) => {
              const own = run.unfilled.filter((one) => one.reason === reason)
              const known = own.flatMap(({ hypotheticalReturn }) => (Number.isNaN(hypotheticalReturn) ? [] : [hypotheticalReturn]))
              return [
                reason,
                quantity(own.length, 'count'),
                quantity(known.reduce((sum, value) => sum + value, 0) / known.length, 'fraction', { signed: true, missing: 'no later price is known' }),
              ]
            }),
            note: 'Mean return from the open of the first day to the close five market days later: what selection alone would have given.',
          },
    ],
  }
}

/** Days held, what the T+1 lock cost, and quality against level score in a two-way table (spec backtest §8). */
function holding({ run }: RunReport): ReportSection {
  const heading = { id: 'holding', label: '持有与锁定', english: 'Holding and T+1 lock', half: true }
  if (run.trades.length === 0) return { ...heading, blocks: [{ type: 'note', text: 'No trade was closed.' }] }
  const longest = run.trades.reduce((most, { daysHeld }) => Math.max(most, daysHeld), 0)
  const days = Array.from({ length: Math.min(longest, 30) + 1 }, (_, day) =>
    run.trades.filter(({ daysHeld }) => (day < 30 ? daysHeld === day : daysHeld >= 30)),
  )
  const locked = run.trades.filter(({ t1Locked }) => t1Locked)
  const sum = locked.reduce((total, { lockedGap }) => total + lockedGap, 0)
  const ranked = run.trades.filter(({ tag }) => tag.qualityPct !== undefined && tag.supportPct !== undefined)
  const fifthOf = (percentile: number): number => Math.min(4, Math.floor(percentile * 5))
  const blocks: ReportBlock[] = [
    {
      type: 'table',
      columns: [column('持有天数', 'Days held', true), column('交易数', 'Trades'), column('平均净收益', 'Mean net return'), column('净盈亏', 'Net P&L')],
      rows: days.flatMap((group, day): Cell[][] =>
        group.length === 0
          ? []
          : [
              [
                day < 30 ? `${day} d` : '≥ 30 d',
                quantity(group.length, 'trades'),
                quantity(group.reduce((total, { netReturn }) => total + netReturn, 0) / group.length, 'fraction', { signed: true }),
                quantity(
                  group.reduce((total, { netPnl }) => total + netPnl, 0),
                  'CNY',
                  { signed: true },
                ),
              ],
            ],
      ),
      scrollAbove: 12,
      note: `${locked.length} trades wanted to leave on their entry day and waited for the next open (T+1); the gaps cost ${quantityText(quantity(sum, 'CNY', { signed: true }))} together.`,
    },
  ]
  if (ranked.length > 0)
    blocks.push({
      type: 'table',
      caption: { label: '资金质量 × 价位得分', english: 'Mean net return by fund-quality fifth (rows) and level-score fifth (columns)' },
      columns: [column('', '', true), ...[1, 2, 3, 4, 5].map((number) => column(`Q${number}`, number === 1 ? 'lowest' : number === 5 ? 'highest' : ''))],
      rows: [0, 1, 2, 3, 4].map((quality): Cell[] => [
        `Q${quality + 1}`,
        ...[0, 1, 2, 3, 4].map((support) => {
          const own = ranked.filter(({ tag }) => fifthOf(tag.qualityPct!) === quality && fifthOf(tag.supportPct!) === support)
          const value = own.reduce((total, { netReturn }) => total + netReturn, 0) / own.length
          return quantity(value, 'fraction', {
            signed: true,
            tint: Math.max(-1, Math.min(1, value / 0.05)),
            missing: 'no trade',
            formula: `${own.length} trades`,
          })
        }),
      ]),
    })
  return { ...heading, blocks }
}

const LISTED = 300

function trades({ run }: RunReport): ReportSection {
  const shown = run.trades.slice(-LISTED).toReversed()
  return {
    id: 'trades',
    label: '成交明细',
    english: 'Trade list',
    blocks: [
      ...openPositions(run.openPositions),
      shown.length === 0
        ? { type: 'note', text: 'No trade was closed.' }
        : {
            type: 'table',
            columns: [
              column('证券代码', 'Code', true),
              column('买入日', 'Entry'),
              column('卖出日', 'Exit'),
              column('股数', 'Shares'),
              column('买价', 'Entry price'),
              column('卖价', 'Exit price'),
              column('净盈亏', 'Net P&L'),
              column('净收益', 'Net return'),
              column('持有', 'Held'),
              column('入场规则', 'Entry rule', true),
              column('离场原因', 'Exit reason', true),
              column('备注', 'Note', true),
            ],
            rows: shown.map((trade) => [
              trade.code,
              quantity(trade.entryDate, 'date'),
              quantity(trade.exitDate, 'date'),
              quantity(trade.shares, 'shares'),
              quantity(trade.entryPrice, 'price'),
              quantity(trade.exitPrice, 'price'),
              quantity(trade.netPnl, 'CNY', { signed: true }),
              quantity(trade.netReturn, 'fraction', { signed: true }),
              quantity(trade.daysHeld, 'days'),
              trade.entryRule,
              trade.exitReason,
              trade.t1Locked ? 'T+1 locked' : '',
            ]),
            scrollAbove: 18,
            note:
              run.trades.length > LISTED
                ? `The last ${LISTED} of ${run.trades.length} closed trades, newest first; all are in the JSON report.`
                : 'All closed trades, newest first.',
          },
    ],
  }
}

function openPositions(positions: readonly OpenPosition[]): ReportBlock[] {
  if (positions.length === 0) return []
  return [
    {
      type: 'table',
      caption: { label: '期末持仓', english: 'Held at the end' },
      columns: [
        column('证券代码', 'Code', true),
        column('买入日', 'Entry'),
        column('股数', 'Shares'),
        column('市值', 'Amount'),
        column('未实现盈亏', 'Unrealised P&L'),
        column('持有', 'Held'),
        column('备注', 'Note', true),
      ],
      rows: positions.map(({ code, entryDate, shares, amount, unrealisedPnl, daysHeld, suspended }) => [
        code,
        quantity(entryDate, 'date'),
        quantity(shares, 'shares'),
        quantity(amount, 'CNY'),
        quantity(unrealisedPnl, 'CNY', { signed: true }),
        quantity(daysHeld, 'days'),
        suspended ? '停牌 suspended' : '',
      ]),
      note: 'Part of the equity, not of the closed trades.',
    },
  ]
}
