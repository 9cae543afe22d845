import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { metricDefinitions } from './metric-definitions.ts'
import { quantityText } from './quantity-text.ts'
import type { Quantity } from './report-block.ts'
import { colourOf, htmlPage } from './report-page.ts'
import { reportSections } from './report-sections.ts'
import type { RunReport } from './run-report.ts'
import { escaped } from './svg-axis.ts'
import type { VerdictLight } from './verdict-lights.ts'

/**
 * The report as one self-contained HTML page: inline style and inline SVG, no script, nothing loaded. Dark or light as the reader's system is,
 * light on paper, red up and green down; every chart carries its table. The same report gives the same bytes.
 */
export function reportHtml(report: RunReport): string {
  const { run } = report
  const sections = reportSections(report)
  const title = `${run.strategy} ${run.version} — ${rangeOf(run.dates)}`
  return htmlPage(
    title,
    `${header(report)}
<div class="row lights">${report.lights.map(light).join('')}</div>
<div class="row tiles">${tiles(report)}</div>`,
    sections,
    `${report.schema} · ${report.header.createdAt ?? 'creation time not given'}`,
  )
}

function header({ run, header: facts, conventions, metrics, overall }: RunReport): string {
  const verdict = { green: '各关通过 Gates passed', amber: '存疑 Unproven', red: '未过关 Gate failed', grey: '未检验 Not tested' }[overall]
  const rows: readonly (readonly [string, string])[] = [
    ['区间 Period', `${rangeOf(run.dates)} · ${metrics.days} d`],
    ['股票池 Universe', facts.universe ?? '— not stated'],
    ['基准 Benchmark', run.benchmarkName ?? '— none'],
    ['起始资金 Start equity', quantityText({ value: run.startEquity, unit: 'CNY' })],
    ['成本 Costs', facts.costModel ?? `×${run.costFactor} of the rules by trade date`],
    ['年化 P · 无风险 rf', `P = ${conventions.periodsPerYear} · rf = ${(conventions.riskFree * 100).toFixed(2)} %/yr`],
    ['数据等级 Data grade', facts.dataGrade ?? '— not stated'],
    ['种子 Seed', String(run.seed)],
    ['代码 Code', facts.codeHash ?? '— unknown'],
    [
      '参数 Parameters',
      Object.entries(run.params)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ') || '— none',
    ],
  ]
  const caveats = facts.caveats.length === 0 ? '' : `<ul class="caveats">${facts.caveats.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`
  return `<header><div><h1>${escaped(run.strategy)} <span class="missing">${escaped(run.version)}</span></h1><div class="sub">回测报告 Back-test report · ${escaped(run.mode)} · 简单收益复利 simple returns, compounded · 红涨绿跌 red up, green down</div></div>
<div class="verdict"><i class="dot ${overall}"></i>${verdict}</div>
<dl class="facts">${rows.map(([name, value], i) => `<div${i === rows.length - 1 ? ' class="wide"' : ''}><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>${caveats}</header>`
}

function light({ label, english, colour, value, unit, rule, reason, detail }: VerdictLight): string {
  const words = { green: '通过 pass', amber: '存疑 weak', red: '不通过 fail', grey: '未测 not measured' }
  return `<div class="light ${colour}"><h3><i class="dot"></i>${escaped(label)} <span>${escaped(english)}</span></h3><div class="value">${quantityText({ value, unit })} <em>${words[colour]}</em></div><small>${escaped(reason ?? rule)}</small>${detail === undefined ? '' : `<small>${escaped(detail)}</small>`}</div>`
}

const tileNames = ['cagr', 'sharpe', 'maxDrawdown', 'excessReturn', 'informationRatio', 'winRate', 'turnover', 'costShare'] as const

function tiles({ metrics, intervals }: RunReport): string {
  const ranges = intervals && { cagr: intervals.cagr, sharpe: intervals.sharpe, maxDrawdown: intervals.maxDrawdown }
  return tileNames
    .map((name) => {
      const { label, english, unit, definition, missing } = metricDefinitions[name]!
      const value = metrics[name]
      const range = (ranges as Record<string, { low: number; high: number } | undefined> | undefined)?.[name]
      const under = Number.isNaN(value) ? missing : range === undefined ? definition : `${bare(range.low, unit)} … ${bare(range.high, unit)} (95 %)`
      const signed = name === 'cagr' || name === 'excessReturn'
      return `<div class="tile" title="${escaped(definition)}"><h3>${escaped(label)} <span>${escaped(english)}</span></h3><div class="value ${colourOf({ value, unit, signed })}">${quantityText({ value, unit, signed })}</div><small>${escaped(under)}</small></div>`
    })
    .join('')
}

/** Without the unit, which stands in the line above. */
function bare(value: number, unit: Quantity['unit']): string {
  return quantityText({ value, unit }).replace(/ ?%(?:\/yr)?$/, '')
}

function rangeOf(dates: Uint32Array): string {
  const [first, last] = [dates[0], dates.at(-1)]
  return first === undefined || last === undefined ? 'no days' : `${formatDate(first as TradeDate)} – ${formatDate(last as TradeDate)}`
}
