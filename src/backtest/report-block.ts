import type { MetricUnit } from './metric-definitions.ts'

/** Chinese and English of one heading. */
export interface Bilingual {
  readonly label: string
  readonly english: string
}

/** How a number is written: a metric's unit, or what only tables hold. */
export type QuantityUnit = MetricUnit | 'count' | 'price' | 'shares' | 'date' | 'bp'

/** A number with its unit. NaN is written "—", and `missing` says why. */
export interface Quantity {
  readonly value: number
  readonly unit: QuantityUnit
  /** Coloured by sign: red up, green down. */
  readonly signed?: boolean
  readonly missing?: string
  /** Background by sign and strength, −1 to 1. */
  readonly tint?: number
  /** The formula, shown where the number is named. */
  readonly formula?: string
}

/** Words that judge: `ok` and `bad` are coloured, `quiet` steps back. */
export interface TonedText {
  readonly text: string
  readonly tone: 'ok' | 'bad' | 'quiet'
}

export type Cell = string | Quantity | TonedText

export interface TableColumn extends Bilingual {
  /** Text columns align left, numbers right. */
  readonly text?: boolean
  readonly formula?: string
}

export interface ReportTable {
  readonly type: 'table'
  readonly caption?: Bilingual
  readonly columns: readonly TableColumn[]
  readonly rows: readonly (readonly Cell[])[]
  /** Taller than this many rows: the page scrolls it. */
  readonly scrollAbove?: number
  readonly note?: string
}

/** `main`, `benchmark`, `second`, `faint` are lines; `area` is filled to zero; `c1` … `c8` are equals. */
export type SeriesRole = 'main' | 'benchmark' | 'second' | 'faint' | 'area' | 'c1' | 'c2' | 'c3' | 'c4' | 'c5' | 'c6' | 'c7' | 'c8'

export interface ChartSeries extends Bilingual {
  readonly role: SeriesRole
  readonly values: Float64Array
}

/** Lines over dates (YYYYMMDD) or over positive numbers (`x`, drawn on a log scale). NaN breaks a line. */
export interface LineChart {
  readonly type: 'line'
  readonly caption: Bilingual
  readonly dates?: Uint32Array
  readonly x?: { readonly values: Float64Array; readonly unit: QuantityUnit }
  readonly series: readonly ChartSeries[]
  readonly unit: QuantityUnit
  readonly logScale?: boolean
  readonly height: number
  /** Days to shade, as places in `dates`, the end not included. */
  readonly shaded?: readonly { readonly from: number; readonly to: number }[]
  readonly note?: string
  readonly table: ReportTable
}

/** Counts between edges, with marked values on the axis. */
export interface Histogram {
  readonly type: 'histogram'
  readonly caption: Bilingual
  /** One more than counts. */
  readonly edges: Float64Array
  readonly counts: Float64Array
  readonly unit: QuantityUnit
  readonly marks: readonly (Bilingual & { readonly value: number })[]
  /** Expected counts of a normal distribution, drawn as a line. */
  readonly curve?: Float64Array
  readonly height: number
  readonly note?: string
  readonly table: ReportTable
}

/** One cell per pair of steps; NaN = not tried. */
export interface HeatMap {
  readonly type: 'heat'
  readonly caption: Bilingual
  readonly xName: string
  readonly yName: string
  readonly xValues: readonly number[]
  readonly yValues: readonly number[]
  /** Row by row of y. */
  readonly cells: Float64Array
  readonly best?: { readonly x: number; readonly y: number }
  readonly unit: QuantityUnit
  readonly note?: string
  readonly table: ReportTable
}

/** A sentence of the report: a caveat, or why a part is absent. */
export interface ReportNote {
  readonly type: 'note'
  readonly text: string
}

export type ReportBlock = ReportTable | LineChart | Histogram | HeatMap | ReportNote

export interface ReportSection extends Bilingual {
  readonly id: string
  /** Half a page wide where the page is wide enough. */
  readonly half?: boolean
  readonly blocks: readonly ReportBlock[]
}

/** A quantity cell; `signed` ones are coloured and carry a plus. */
export function quantity(value: number, unit: QuantityUnit, more: Partial<Quantity> = {}): Quantity {
  return { value, unit, ...more }
}

/** Both names, or the one when they are the same. */
export function named({ label, english }: Bilingual): string {
  return label === english ? label : `${label} ${english}`
}

/** A column of numbers, or of text when `text`. */
export function column(label: string, english: string, text = false) {
  return text ? { label, english, text } : { label, english }
}
