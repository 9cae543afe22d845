import { quantityText } from './quantity-text.ts'
import type { HeatMap } from './report-block.ts'
import { escaped } from './svg-axis.ts'
import { n, svgOf } from './svg-line-chart.ts'

const left = 74
const top = 6
const bottom = 38

/** One rectangle per pair of parameter values: the stronger the red, the better; green below 0; hatched = not tried. The best place is framed. */
export function svgHeatMap({ xName, yName, xValues, yValues, cells, best, unit, caption }: HeatMap, width: number): string {
  const cellWidth = (width - left - 8) / xValues.length
  const cellHeight = Math.max(20, Math.min(34, 260 / yValues.length))
  const height = top + bottom + cellHeight * yValues.length
  const largest = cells.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0)
  const rectangles = Array.from(cells, (value, at) => {
    const [x, y] = [at % xValues.length, Math.floor(at / xValues.length)]
    const [px, py] = [left + x * cellWidth, top + (yValues.length - 1 - y) * cellHeight]
    const box = `x="${n(px + 0.5)}" y="${n(py + 0.5)}" width="${n(cellWidth - 1)}" height="${n(cellHeight - 1)}"`
    const name = `${xName} ${xValues[x]}, ${yName} ${yValues[y]}: ${Number.isNaN(value) ? 'not tried' : quantityText({ value, unit })}`
    const fill = Number.isNaN(value)
      ? `<rect class="cell none" ${box}>`
      : `<rect class="cell ${value >= 0 ? 'rise' : 'fall'}" ${box} fill-opacity="${n1(0.08 + 0.82 * (Math.abs(value) / (largest || 1)) ** 1.5)}">`
    const text =
      cellWidth < 34 || Number.isNaN(value)
        ? ''
        : `<text class="tick cellText" x="${n(px + cellWidth / 2)}" y="${n(py + cellHeight / 2 + 3.5)}" text-anchor="middle">${quantityText({ value, unit })}</text>`
    return `${fill}<title>${escaped(name)}</title></rect>${text}`
  })
  const frame =
    best === undefined
      ? ''
      : `<rect class="bestCell" x="${n(left + best.x * cellWidth)}" y="${n(top + (yValues.length - 1 - best.y) * cellHeight)}" width="${n(cellWidth)}" height="${n(cellHeight)}"/>`
  const xLabels = xValues.map(
    (value, i) => `<text class="tick" x="${n(left + (i + 0.5) * cellWidth)}" y="${n(height - bottom + 14)}" text-anchor="middle">${value}</text>`,
  )
  const yLabels = yValues.map(
    (value, i) => `<text class="tick" x="${left - 8}" y="${n(top + (yValues.length - 0.5 - i) * cellHeight + 3.5)}" text-anchor="end">${value}</text>`,
  )
  const names = `<text class="tick strong" x="${n(left + (width - left) / 2)}" y="${n(height - 6)}" text-anchor="middle">${escaped(xName)}</text><text class="tick strong" transform="translate(12 ${n(top + (height - top - bottom) / 2)}) rotate(-90)" text-anchor="middle">${escaped(yName)}</text>`
  return svgOf(width, height, caption.english, [...rectangles, frame, ...xLabels, ...yLabels, names])
}

function n1(value: number): string {
  return value.toFixed(2)
}
