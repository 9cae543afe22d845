import { cellText, quantityText } from './quantity-text.ts'
import { named, type Bilingual, type Cell, type Quantity, type ReportBlock, type ReportSection, type ReportTable } from './report-block.ts'
import { reportStyle } from './report-style.ts'
import { escaped } from './svg-axis.ts'
import { svgHeatMap } from './svg-heat-map.ts'
import { svgHistogram } from './svg-histogram.ts'
import { svgLineChart } from './svg-line-chart.ts'

const wide = 1330
const narrow = 640

/** A whole self-contained page of sections under `lead` (ready markup). `title` and `footer` are plain text. No script, nothing loaded. */
export function htmlPage(title: string, lead: string, sections: readonly ReportSection[], footer: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="fupan">
<title>${escaped(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
${lead}
<nav>${sections.map(({ id, label, english }) => `<a href="#${id}" title="${escaped(english)}">${escaped(label)}</a>`).join('')}</nav>
<div class="sections">
${arranged(sections)}
</div>
<footer>复盘 Fupan · ${escaped(footer)} · A back-test is a hypothesis about the past, not a promise.</footer>
</main>
</body>
</html>
`
}

/** `rise`, `fall` or nothing: the class of a signed quantity. */
export function colourOf({ value, signed = false }: Quantity): string {
  return signed && value > 0 ? 'rise' : signed && value < 0 ? 'fall' : ''
}

/** Halves are set in two columns, each as long as it is; whole sections break both. */
function arranged(sections: readonly ReportSection[]): string {
  const parts: string[] = []
  for (let i = 0; i < sections.length;) {
    const run = sections.slice(i).findIndex(({ half }) => half !== true)
    const halves = sections.slice(i, run === -1 ? undefined : i + run)
    if (halves.length === 0) {
      parts.push(sectionHtml(sections[i]!, wide))
      i++
      continue
    }
    const columns = balanced(halves)
    parts.push(
      ...columns
        .filter((column) => column.length > 0)
        .map((column) => `<div class="column">${column.map((section) => sectionHtml(section, narrow)).join('\n')}</div>`),
    )
    i += halves.length
  }
  return parts.join('\n')
}

/** The split in two with the shortest taller column; the first section stays left, the order stays. Tried out in full: there are never many. */
function balanced(sections: readonly ReportSection[]): [ReportSection[], ReportSection[]] {
  const heights = sections.map(weight)
  const total = heights.reduce((sum, height) => sum + height, 0)
  let best = 0
  let least = Infinity
  for (let right = 0; right < 2 ** sections.length; right += 2) {
    const other = heights.reduce((sum, height, i) => sum + (right & (1 << i) ? height : 0), 0)
    const tallest = Math.max(other, total - other)
    if (tallest < least) {
      least = tallest
      best = right
    }
  }
  return [sections.filter((_, i) => !(best & (1 << i))), sections.filter((_, i) => best & (1 << i))]
}

/** About how tall a section is, in table rows. */
function weight({ blocks }: ReportSection): number {
  return blocks.reduce((sum, block) => {
    if (block.type === 'table') return sum + 2 + Math.min(block.rows.length, block.scrollAbove ?? 400)
    if (block.type === 'note') return sum + 2
    return sum + 2 + (block.type === 'heat' ? block.yValues.length * 1.3 + 2 : block.height / 22)
  }, 3)
}

function sectionHtml({ id, label, english, blocks }: ReportSection, width: number): string {
  const small = blocks.length > 1 && blocks.every(({ type }) => type === 'line') && blocks.every((block) => block.type === 'line' && block.height === 150)
  const body = blocks.map((block) => blockHtml(block, small ? 430 : width)).join('\n')
  const long = blocks.some((block) => block.type === 'table' && block.rows.length > 25)
  return `<section id="${id}"${long ? ' class="long"' : ''}><h2>${escaped(label)} <span>${escaped(english)}</span></h2>${small ? `<div class="charts">${body}</div>` : body}</section>`
}

function blockHtml(block: ReportBlock, width: number): string {
  switch (block.type) {
    case 'note':
      return `<p class="absent">— ${escaped(block.text)}</p>`
    case 'table':
      return tableHtml(block)
    case 'line': {
      const keys = block.series.map(({ label, english, role, values }) => {
        const last = values.findLast((value) => !Number.isNaN(value)) ?? NaN
        return `<span class="key ${role}"><i></i>${escaped(named({ label, english }))} <b>${quantityText({ value: last, unit: block.unit })}</b></span>`
      })
      return figureHtml(block.caption, svgLineChart(block, width), block.table, block.note, keys.join(''))
    }
    case 'histogram':
      return figureHtml(block.caption, svgHistogram(block, width), block.table, block.note)
    case 'heat':
      return figureHtml(block.caption, svgHeatMap(block, width), block.table, block.note)
    default:
      return block satisfies never
  }
}

function figureHtml({ label, english }: Bilingual, svg: string, table: ReportTable, note: string | undefined, keys = ''): string {
  const under = note === undefined ? '' : `<p class="note">${escaped(note)}</p>`
  return `<figure><figcaption>${escaped(label)} <span>${escaped(english)}</span>${keys}</figcaption>${svg}${under}<details><summary>表 Table</summary>${tableHtml(table)}</details></figure>`
}

function tableHtml({ caption, columns, rows, scrollAbove = Infinity, note }: ReportTable): string {
  const head = columns.map(
    ({ label, english, text, formula }) =>
      `<th${text === true ? ' class="text"' : ''}${formula === undefined ? '' : ` title="${escaped(formula)}"`}>${escaped(label)}${english === '' || english === label ? '' : ` <span>${escaped(english)}</span>`}</th>`,
  )
  const body = rows.map((row) => `<tr>${row.map((cell, i) => cellHtml(cell, columns[i]?.text === true, columns[i]?.english === 'Definition')).join('')}</tr>`)
  const named = caption === undefined ? '' : `<caption>${escaped(caption.label)} ${escaped(caption.english)}</caption>`
  const under = note === undefined ? '' : `<p class="note">${escaped(note)}</p>`
  return `<div class="scroll${rows.length > scrollAbove ? ' tall' : ''}"><table>${named}<thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>${under}`
}

function cellHtml(cell: Cell, text: boolean, definition: boolean): string {
  if (typeof cell !== 'string' && 'text' in cell) return `<td class="text ${cell.tone}">${escaped(cell.text)}</td>`
  if (typeof cell === 'string') return `<td${text ? ` class="text${definition ? ' definition' : ''}"` : ''}>${escaped(cell)}</td>`
  const classes = [text ? 'text num' : '', colourOf(cell), Number.isNaN(cell.value) ? 'missing' : ''].filter((name) => name !== '').join(' ')
  const title = Number.isNaN(cell.value) ? cell.missing : cell.formula
  const tint =
    cell.tint === undefined || Number.isNaN(cell.tint)
      ? ''
      : ` style="background-color:color-mix(in srgb,var(--${cell.tint >= 0 ? 'rise' : 'fall'}) ${Math.round(Math.abs(cell.tint) * 32)}%,transparent)"`
  return `<td${classes === '' ? '' : ` class="${classes}"`}${title === undefined ? '' : ` title="${escaped(title)}"`}${tint}>${escaped(cellText(cell))}</td>`
}
