import { cellText, quantityText } from './quantity-text.ts'
import type { Cell, ReportBlock, ReportSection, ReportTable } from './report-block.ts'
import { reportSections } from './report-sections.ts'
import type { RunReport } from './run-report.ts'

/** The same report as Markdown: tables only, a chart is its table. Missing numbers are "—"; each table is followed by the reasons. */
export function reportMarkdown(report: RunReport): string {
  const { run, header, lights, overall, conventions } = report
  const marks = { green: '🟢', amber: '🟡', red: '🔴', grey: '⚪' }
  const facts: readonly (readonly [string, string])[] = [
    ['区间 Period', `${date(run.dates[0])} – ${date(run.dates.at(-1))}`],
    ['股票池 Universe', header.universe ?? '— not stated'],
    ['基准 Benchmark', run.benchmarkName ?? '— none'],
    ['起始资金 Start equity', quantityText({ value: run.startEquity, unit: 'CNY' })],
    ['成本 Costs', header.costModel ?? `×${run.costFactor}`],
    ['约定 Conventions', `P = ${conventions.periodsPerYear}, rf = ${(conventions.riskFree * 100).toFixed(2)} %/yr, simple returns, compounded`],
    ['数据等级 Data grade', header.dataGrade ?? '— not stated'],
  ]
  const parts = [
    `# ${run.strategy} ${run.version} — 回测报告 Back-test report`,
    `${marks[overall]} ${overall}`,
    facts.map(([name, value]) => `- ${name}: ${value}`).join('\n'),
    ...(header.caveats.length === 0 ? [] : [header.caveats.map((text) => `> ${text}`).join('\n>\n')]),
    '## 红绿灯 Verdict lights',
    lights
      .map(
        ({ label, english, colour, value, unit, rule, reason }) =>
          `- ${marks[colour]} ${label} ${english}: ${quantityText({ value, unit })} (${reason ?? rule})`,
      )
      .join('\n'),
    sectionsMarkdown(reportSections(report)),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Sections as Markdown, each under its heading. */
export function sectionsMarkdown(sections: readonly ReportSection[]): string {
  return sections.flatMap(({ label, english, blocks }) => [`## ${label} ${english}`, ...blocks.map(blockText)]).join('\n\n')
}

function blockText(block: ReportBlock): string {
  if (block.type === 'note') return `— ${block.text}`
  if (block.type === 'table') return tableText(block)
  const { caption, table, note } = block
  return [`**${caption.label} ${caption.english}**`, tableText(table), ...(note === undefined ? [] : [note])].join('\n\n')
}

function tableText({ caption, columns, rows, note }: ReportTable): string {
  const heads = columns.map(({ label, english }) => escaped(english === '' || english === label ? label : `${label} ${english}`))
  const reasons = new Set(
    rows
      .flat()
      .flatMap((cell) => (typeof cell !== 'string' && 'value' in cell && Number.isNaN(cell.value) && cell.missing !== undefined ? [cell.missing] : [])),
  )
  return [
    ...(caption === undefined ? [] : [`**${caption.label} ${caption.english}**`, '']),
    `| ${heads.join(' | ')} |`,
    `| ${columns.map(({ text }) => (text === true ? ':--' : '--:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.map((cell: Cell) => escaped(cellText(cell))).join(' | ')} |`),
    ...(note === undefined ? [] : ['', note]),
    ...(reasons.size === 0 ? [] : ['', `—: ${[...reasons].join('; ')}.`]),
  ].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}

function date(value: number | undefined): string {
  return quantityText({ value: value ?? NaN, unit: 'date' })
}
