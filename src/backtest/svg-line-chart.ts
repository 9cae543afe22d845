import { quantityText } from './quantity-text.ts'
import type { LineChart } from './report-block.ts'
import { axisText, dateTicks, escaped, logTicks, niceTicks } from './svg-axis.ts'

const left = 58
const right = 12
const top = 8
const bottom = 22

/**
 * An inline SVG of lines, `width` units wide (it scales with its box). Colours come from the page's classes. NaN breaks a line. Every month, or
 * every point of a numeric axis, answers the pointer with its values.
 */
export function svgLineChart(chart: LineChart, width: number): string {
  const { series, unit, height, dates, x, logScale = false, shaded = [] } = chart
  const known = series.flatMap(({ values }) => [...values].filter((value) => Number.isFinite(value) && (!logScale || value > 0)))
  if (known.length === 0) return '<p class="absent">— no value is known</p>'
  const hasArea = series.some(({ role }) => role === 'area')
  const [low, high] = padded(known, logScale, hasArea)
  const scaled = (value: number): number => (logScale ? Math.log(value) : value)
  const yOf = (value: number): number => top + ((scaled(high) - scaled(value)) / (scaled(high) - scaled(low))) * (height - top - bottom)
  const count = series[0]!.values.length
  const span = width - left - right
  const positions = x === undefined ? undefined : Float64Array.from(x.values, Math.log)
  const xOf = (at: number): number => {
    if (positions === undefined) return left + (count < 2 ? 0.5 : at / (count - 1)) * span
    return left + ((positions[at]! - positions[0]!) / (positions.at(-1)! - positions[0]!)) * span
  }
  const yTicks = (logScale ? logTicks(low, high) : niceTicks(low, high, height > 200 ? 6 : 4)).map(
    (tick) =>
      `<line class="grid${tick === 0 || (logScale && tick === 1) ? ' zero' : ''}" x1="${left}" x2="${width - right}" y1="${n(yOf(tick))}" y2="${n(yOf(tick))}"/><text class="tick" x="${left - 8}" y="${n(yOf(tick) + 3.5)}" text-anchor="end">${axisText(tick, unit)}</text>`,
  )
  const marks =
    x === undefined
      ? dateTicks(dates ?? new Uint32Array()).map(({ day, text }) => ({ at: xOf(day), text }))
      : Array.from(x.values, (value, i) => ({ at: xOf(i), text: axisText(value, x.unit) })).filter((_, i, all) => i % Math.ceil(all.length / 6) === 0)
  const xTicks = marks.map(
    ({ at, text }) =>
      `<line class="grid" x1="${n(at)}" x2="${n(at)}" y1="${top}" y2="${height - bottom}"/><text class="tick" x="${n(at)}" y="${height - 6}" text-anchor="${at > width - 50 ? 'end' : at < left + 20 ? 'start' : 'middle'}">${text}</text>`,
  )
  const bands = shaded.map(
    ({ from, to }) =>
      `<rect class="band" x="${n(xOf(from))}" width="${n(Math.max(1, xOf(Math.min(to, count - 1)) - xOf(from)))}" y="${top}" height="${height - top - bottom}"/>`,
  )
  const lines = series.map(({ role, values }) => {
    const path = pathOf(values, xOf, yOf, logScale)
    if (role !== 'area') return `<path class="line ${role}" d="${path}"/>`
    const base = yOf(0)
    return `<path class="fill" d="M${n(xOf(0))} ${n(base)}${path.replaceAll('M', 'L')}L${n(xOf(count - 1))} ${n(base)}Z"/><path class="line area" d="${path}"/>`
  })
  return svgOf(width, height, chart.caption.english, [...bands, ...yTicks, ...xTicks, ...lines, ...readouts(chart, xOf, height)])
}

/** The frame of every chart. */
export function svgOf(width: number, height: number, name: string, parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(name)}">${parts.join('')}</svg>`
}

/** A coordinate, to a tenth of a unit. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function padded(known: readonly number[], logScale: boolean, hasArea: boolean): [number, number] {
  let low = known.reduce((least, value) => Math.min(least, value), Infinity)
  let high = known.reduce((most, value) => Math.max(most, value), -Infinity)
  if (hasArea) [low, high] = [Math.min(low, -0.001), Math.max(high, 0)]
  if (low === high) [low, high] = logScale ? [low / 1.1, high * 1.1] : [low - 0.5, high + 0.5]
  if (logScale) return [low / 1.02, high * 1.02]
  const pad = (high - low) * 0.04
  return [low - pad, hasArea ? high : high + pad]
}

function pathOf(values: Float64Array, xOf: (at: number) => number, yOf: (value: number) => number, logScale: boolean): string {
  let path = ''
  let pen = 'M'
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    if (!Number.isFinite(value) || (logScale && value <= 0)) {
      pen = 'M'
      continue
    }
    path += `${pen}${n(xOf(at))} ${n(yOf(value))}`
    pen = 'L'
  }
  return path
}

/** Invisible strips with the values at their end: what the pointer reads. */
function readouts({ dates, x, series, unit }: LineChart, xOf: (at: number) => number, height: number): string[] {
  const count = series[0]!.values.length
  const all = [...Array.from({ length: count }).keys()]
  const ends = dates === undefined ? all : all.filter((at) => at === count - 1 || Math.floor(dates[at]! / 100) !== Math.floor(dates[at + 1]! / 100))
  return ends.map((at, i) => {
    const from = i === 0 ? xOf(0) : xOf(ends[i - 1]!)
    const place = dates === undefined ? axisText(x!.values[at]!, x!.unit) : quantityText({ value: dates[at]!, unit: 'date' })
    const texts = series.map(({ english, values }) => `${english} ${quantityText({ value: values[at]!, unit })}`)
    return `<rect class="hit" x="${n(from)}" width="${n(Math.max(1, xOf(at) - from))}" y="0" height="${height}"><title>${escaped([place, ...texts].join('\n'))}</title></rect>`
  })
}
