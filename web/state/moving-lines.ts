/** 均线 periods the chart offers. */
export const MA_PERIODS = [5, 10, 20, 60] as const

export type MaPeriod = (typeof MA_PERIODS)[number]

/** 移动平均 of the closes over so many bars; undefined until the window is full. */
export function movingMean(values: readonly number[], period: number): readonly (number | undefined)[] {
  return values.map((_, i) => {
    if (i + 1 < period) return undefined
    let sum = 0
    for (let k = i - period + 1; k <= i; k++) sum += values[k]!
    return sum / period
  })
}

/** 布林带 over bars (spec bollinger §1: 20 bars, 2 population deviations): what the warehouse does not keep for intervals other than the day. */
export function bollingerLines(values: readonly number[], period = 20, width = 2) {
  const mid = movingMean(values, period)
  const deviation = mid.map((mean, i) => {
    if (mean === undefined) return undefined
    let squares = 0
    for (let k = i - period + 1; k <= i; k++) squares += (values[k]! - mean) ** 2
    return Math.sqrt(squares / period)
  })
  const shifted = (times: number) => mid.map((mean, i) => (mean === undefined ? undefined : mean + times * deviation[i]!))
  return { mid, upper: shifted(width), lower: shifted(-width) }
}

/** Which lines of a remembered choice are shown; all moving averages off and Bollinger on at first. What is not understood is dropped. */
export function readLines(stored: unknown): readonly ChartLine[] {
  return Array.isArray(stored) ? CHART_LINES.filter((line) => stored.includes(line)) : ['boll']
}

/** Lines that can be switched: Bollinger bands and the moving averages. */
export const CHART_LINES = ['boll', 'ma5', 'ma10', 'ma20', 'ma60'] as const

export type ChartLine = (typeof CHART_LINES)[number]
