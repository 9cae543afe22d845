import { quantityText } from './quantity-text.ts'
import type { Histogram } from './report-block.ts'
import { axisText, escaped, niceTicks } from './svg-axis.ts'
import { n, svgOf } from './svg-line-chart.ts'

const left = 44
const right = 12
const top = 18
const bottom = 22

/** Bars between edges: red right of 0, green left of it, grey across; marks as labelled lines. */
export function svgHistogram(chart: Histogram, width: number): string {
  const { edges, counts, curve, marks, unit, height, caption } = chart
  const [low, high] = [edges[0]!, edges.at(-1)!]
  const most = Math.max(...counts, ...(curve ?? []), 1)
  const xOf = (value: number): number => left + ((value - low) / (high - low)) * (width - left - right)
  const yOf = (count: number): number => height - bottom - (count / most) * (height - top - bottom)
  const grid = niceTicks(0, most, 4).map(
    (tick) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${n(yOf(tick))}" y2="${n(yOf(tick))}"/><text class="tick" x="${left - 8}" y="${n(yOf(tick) + 3.5)}" text-anchor="end">${tick}</text>`,
  )
  const axis = niceTicks(low, high, 7).map(
    (tick) => `<text class="tick" x="${n(xOf(tick))}" y="${height - 6}" text-anchor="middle">${axisText(tick, unit)}</text>`,
  )
  const bars = Array.from(counts, (count, i) => {
    const [from, to] = [edges[i]!, edges[i + 1]!]
    const side = from >= 0 ? 'rise' : to <= 0 ? 'fall' : 'across'
    const name = `${quantityText({ value: from, unit })} … ${quantityText({ value: to, unit })}: ${count}`
    return `<rect class="bar ${side}" x="${n(xOf(from) + 0.5)}" width="${n(Math.max(0.5, xOf(to) - xOf(from) - 1))}" y="${n(yOf(count))}" height="${n(height - bottom - yOf(count))}"><title>${escaped(name)}</title></rect>`
  })
  const line =
    curve === undefined
      ? ''
      : `<path class="line faint" d="${Array.from(curve, (count, i) => `${i === 0 ? 'M' : 'L'}${n(xOf((edges[i]! + edges[i + 1]!) / 2))} ${n(yOf(count))}`).join('')}"/>`
  const flags = marks
    .filter(({ value }) => value >= low && value <= high)
    .map(
      ({ english, value }, i) =>
        `<line class="mark" x1="${n(xOf(value))}" x2="${n(xOf(value))}" y1="${top - 4}" y2="${height - bottom}"/><text class="tick strong" x="${n(xOf(value) + (i % 2 === 0 ? 4 : -4))}" y="${top - 6}" text-anchor="${i % 2 === 0 ? 'start' : 'end'}">${escaped(english)}</text>`,
    )
  return svgOf(width, height, caption.english, [...grid, ...axis, ...bars, line, ...flags])
}
