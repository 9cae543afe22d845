import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { bootstrapIntervals } from './bootstrap-intervals.ts'
import { capacity } from './capacity.ts'
import { compareHtml, compareMarkdown } from './compare-report.ts'
import { compareRuns } from './compare-runs.ts'
import { controls, judgeControl } from './controls.ts'
import { dailyReturns } from './daily-returns.ts'
import { runDaily } from './daily-run.ts'
import { marketByHand, scripted, type ScriptDay } from './market-by-hand.ts'
import { gridPoints } from './parameter-scan.ts'
import { quantityText } from './quantity-text.ts'
import { reportHtml } from './report-html.ts'
import { reportJson } from './report-json.ts'
import { reportMarkdown } from './report-markdown.ts'
import { reportSections } from './report-sections.ts'
import { runReport, type ReportInput } from './run-report.ts'
import { selectionBias } from './selection-bias.ts'
import { axisText, dateTicks, logTicks, niceTicks } from './svg-axis.ts'
import { sampleRun } from './test-run.ts'
import { DEFAULT_WALK_FORWARD, planWalkForward, walkForward } from './walk-forward.ts'

const bare: ReportInput = { header: { caveats: [] }, run: sampleRun(300) }

function full(): ReportInput {
  const run = sampleRun(700)
  const rng = seededRng(1)
  const net = dailyReturns(run.equity, run.startEquity)
  const axes = [
    { name: 'window', values: [10, 20, 30] },
    { name: 'width <σ>', values: [1.5, 2] },
  ]
  const trials = gridPoints(axes).map((point) => ({ id: String(point), turnover: 5, returns: net.map((value) => value + 0.002 * rng.normal()) }))
  return {
    header: { caveats: ['Simulated data & <nothing> else.'], universe: 'test' },
    run,
    gross: sampleRun(700, 'sample', 0.0008),
    doubled: sampleRun(700, 'sample', 0.0004),
    bias: selectionBias(
      net,
      trials.map(({ returns }) => returns),
      rng,
    ),
    intervals: bootstrapIntervals(net, rng, undefined, { draws: 50, meanBlock: 10 }),
    walkForward: walkForward(planWalkForward(run.dates, { ...DEFAULT_WALK_FORWARD, trainMonths: 12 }), trials),
    scan: { axes, tried: gridPoints(axes).map((point, i) => ({ point, score: i === 2 ? NaN : i - 2 })), objective: 'Sharpe' },
    controls: controls.map((control) => judgeControl(control, 1, Float64Array.of(0.5))),
    capacity: capacity([{ amount: 1e5, averageDailyAmount: 1e8, volatility: 0.02 }], 1e6, 1000),
    quintiles: [],
    findings: [],
  }
}

const rich = runReport(full())

test('reportJson() holds no NaN, names its schema, and repeats byte for byte', () => {
  const text = reportJson(rich)
  const parsed = JSON.parse(text)
  expect(parsed.schema).toBe('fupan.backtest-report/1')
  expect(parsed.metrics.sharpe).toBe(rich.metrics.sharpe)
  expect(parsed.definitions.sharpe.definition).toContain('ddof 1')
  expect(parsed.rolling[0].sharpe[0]).toBeNull()
  expect(parsed.run.trades).toHaveLength(rich.run.trades.length)
  expect(reportJson(runReport(full()))).toBe(text)
})

test('runReport() lights come from the evidence, and a bare run is not green', () => {
  expect(rich.lights.find(({ name }) => name === 'walk_forward')!.value).toBe(rich.walkForward!.efficiency)
  expect(rich.lights.find(({ name }) => name === 'double_cost')!.value).toBe(rich.curves.find(({ name }) => name === 'double_cost')!.metrics.cagr)
  const plain = runReport(bare)
  expect(plain.lights.filter(({ colour }) => colour === 'grey').map(({ name }) => name)).toEqual([
    'deflated_sharpe',
    'overfitting',
    'walk_forward',
    'double_cost',
  ])
  expect(plain.overall).not.toBe('green')
})

test('runReport() excess compounds the net over the benchmark', () => {
  const curve = (name: string) => rich.curves.find((one) => one.name === name)!.returns
  const day = 250
  expect((1 + curve('excess')[day]!) * (1 + curve('benchmark')[day]!)).toBeCloseTo(1 + curve('net')[day]!, 14)
  expect(curve('excess')[0]).toBeNaN()
})

test('reportSections() name what §10 asks for, with and without evidence, and every chart has its table', () => {
  for (const report of [rich, runReport(bare), runReport({ ...bare, run: { ...bare.run, trades: [] } })]) {
    const sections = reportSections(report)
    const ids = sections.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of [
      'headline',
      'equity',
      'periods',
      'rolling',
      'distribution',
      'trades',
      'exposure',
      'costs',
      'parameters',
      'selection',
      'controls',
      'capacity',
      'attribution',
      'data_quality',
      'reproducibility',
    ])
      expect(ids).toContain(id)
    for (const { blocks } of sections) {
      expect(blocks.length).toBeGreaterThan(0)
      for (const block of blocks) {
        const table = block.type === 'note' ? undefined : block.type === 'table' ? block : block.table
        if (table === undefined) continue
        for (const row of table.rows) expect(row).toHaveLength(table.columns.length)
        if (block.type !== 'table') expect(table.rows.length).toBeGreaterThan(0)
      }
    }
  }
})

test('reportSections() give a reason for every missing number', () => {
  const { benchmark, benchmarkName, ...alone } = bare.run
  expect([benchmark?.length, benchmarkName]).toEqual([300, '000300.SH 沪深300'])
  const cells = reportSections(runReport({ ...bare, run: { ...alone, trades: [], unfilled: [] } })).flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === 'table' ? block.rows.flat() : [])),
  )
  const missing = cells.flatMap((cell) => (typeof cell !== 'string' && 'value' in cell && Number.isNaN(cell.value) ? [cell.missing] : []))
  expect(missing.length).toBeGreaterThan(10)
  expect(missing.filter((reason) => reason === undefined)).toEqual([])
})

test('reportHtml() is one page that loads nothing, runs nothing, and lets no text become markup', () => {
  const html = reportHtml(rich)
  expect(html).not.toMatch(/<script|<link|<img|@import|url\(|\bsrc=|https?:|\son\w+=/)
  expect(html).not.toMatch(/NaN|Infinity|undefined|\[object/)
  expect(html).toContain('Simulated data &amp; &lt;nothing&gt; else.')
  expect(html).toContain('width &lt;σ&gt;')
  expect(html).toContain('prefers-color-scheme:dark')
  for (const tag of ['section', 'table', 'tr', 'td', 'th', 'svg', 'figure', 'details', 'div', 'title', 'span'])
    expect(html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length, tag).toBe(html.match(new RegExp(`</${tag}>`, 'g'))?.length)
  expect(html.match(/<figure>/g)!.length).toBe(html.match(/<details>/g)!.length)
  expect(reportHtml(runReport(full()))).toBe(html)
})

test('reportHtml() of a bare run, of one day and of none still is a page', () => {
  for (const days of [300, 1, 0]) {
    const html = reportHtml(runReport({ ...bare, run: sampleRun(days) }))
    expect(html).not.toMatch(/NaN|Infinity|undefined/)
    expect(html).toContain('</html>')
  }
})

test('reportMarkdown() holds the sections, lights and reasons', () => {
  const text = reportMarkdown(runReport(bare))
  for (const { label, english } of reportSections(runReport(bare))) expect(text).toContain(`## ${label} ${english}`)
  expect(text).toContain('⚪ 过拟合概率 PBO Overfitting probability: — (needs two or more trials)')
  expect(text).not.toMatch(/NaN|undefined/)
})

test('compareHtml() and compareMarkdown() hold every run and pair, and load nothing', () => {
  const { dates } = sampleRun(120)
  const returns = (seed: string): Float64Array => dailyReturns(sampleRun(120, seed).equity, 1e6)
  const found = compareRuns(
    'abcdefgh'.split('').map((name) => ({ name: `run <${name}>`, dates, returns: returns(name) })),
    seededRng(1),
    undefined,
    { draws: 30, meanBlock: 5 },
  )
  const html = compareHtml(found)
  expect(html).not.toMatch(/<script|<link|<img|@import|url\(|https?:|NaN|undefined/)
  expect(html).toContain('run &lt;a&gt; − run &lt;b&gt;')
  expect(html.match(/class="line c8"/g)).toHaveLength(2)
  expect(compareMarkdown(found).match(/^\| run <.> − /gm)).toHaveLength(28)
})

test('runReport() of a run of the engine agrees with its books', () => {
  const bars = Array.from({ length: 77 }, (_, day) => Math.round((10 + Math.sin(day / 3) + day / 40) * 100) / 100)
  const script: Record<number, ScriptDay> = {}
  for (let day = 1; day < bars.length; day += 6) {
    script[day] = { morning: [{ side: 'buy', size: { shares: 1000 } }] }
    script[day + 3] = { morning: [{ side: 'sell', size: { all: true } }] }
  }
  const run = runDaily(
    marketByHand(20240102, [{ code: '600519.SH', bars }]),
    scripted(script),
    {},
    { benchmark: { name: 'itself', level: Float64Array.from(bars) } },
  )
  const { metrics } = runReport({ header: { caveats: [] }, run })
  expect(metrics.trades).toBeGreaterThan(8)
  expect(run.openPositions).toEqual([])
  expect(metrics.netPnl).toBeCloseTo(run.equity.at(-1)! - run.startEquity, 2)
  expect(metrics.totalReturn).toBeCloseTo(run.equity.at(-1)! / run.startEquity - 1, 12)
  expect(metrics.totalCost).toBeCloseTo(
    Object.values(run.costs).reduce((sum: number, cost: number) => sum + cost, 0),
    2,
  )
  expect(metrics.beta).toBeGreaterThan(0)
  expect(reportHtml(runReport({ header: { caveats: [] }, run }))).not.toMatch(/NaN|Infinity|undefined/)
})

test('quantityText() writes units and signs', () => {
  expect(quantityText({ value: -0.12345, unit: 'fraction', signed: true })).toBe('−12.35 %')
  expect(quantityText({ value: 0.00001, unit: 'fraction', signed: true })).toBe('0.00 %')
  expect(quantityText({ value: 0.5, unit: 'fraction/year', signed: true })).toBe('+50.00 %/yr')
  expect(quantityText({ value: 1234567.891, unit: 'CNY' })).toBe('1,234,568 CNY')
  expect(quantityText({ value: 1234.5, unit: 'CNY' })).toBe('1,234.50 CNY')
  expect(quantityText({ value: 20260105, unit: 'date' })).toBe('2026-01-05')
  expect(quantityText({ value: NaN, unit: 'ratio' })).toBe('—')
  expect(quantityText({ value: Infinity, unit: 'days' })).toBe('∞')
  expect(quantityText({ value: 0.00025, unit: 'bp' })).toBe('2.5 bp')
})

test('niceTicks(), logTicks() and dateTicks() are round and inside', () => {
  expect(niceTicks(-0.13, 0.02, 4)).toEqual([-0.1, -0.05, 0])
  expect(niceTicks(3, 3, 4)).toEqual([3])
  expect(logTicks(0.4, 25)).toEqual([0.5, 1, 2, 5, 10, 20])
  expect(logTicks(0.9, 1.3)).toEqual([0.9, 1, 1.1, 1.2, 1.3])
  expect(
    dateTicks(sampleRun(700).dates)
      .map(({ text }) => text)
      .slice(0, 2),
  ).toEqual(['2022 Q2', '2022 Q3'])
  expect(dateTicks(sampleRun(100).dates)[0]!.text).toBe('2022-02')
  expect(axisText(2.5e7, 'CNY')).toBe('25M CNY')
  expect(axisText(-0.05, 'fraction')).toBe('−5 %')
})
