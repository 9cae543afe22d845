import { createMacd, updateMacd } from '#numeric/incremental-macd.ts'
import { createRsi, updateRsi } from '#numeric/incremental-rsi.ts'
import { kdj } from '#numeric/kdj.ts'

/** 副图指标: what a pane of its own below the volume can show, with the settings of Chinese terminals. */
export const INDICATORS = ['macd', 'kdj', 'rsi'] as const

export type Indicator = (typeof INDICATORS)[number]

/** One indicator over the bars of a chart; undefined until it has the bars it needs. */
export interface IndicatorColumns {
  readonly kind: Indicator
  /** `MACD(12,26,9)` */
  readonly title: string
  readonly lines: readonly { readonly name: string; readonly values: readonly (number | undefined)[] }[]
  /** Bars above and below zero. */
  readonly histogram: { readonly name: string; readonly values: readonly number[] } | undefined
  /** Decimals its values are read with. */
  readonly digits: number
  /** Values that are marked across the pane. */
  readonly marks: readonly number[]
}

const RSI_PERIODS = [6, 12, 24] as const

interface Prices {
  readonly high: readonly number[]
  readonly low: readonly number[]
  readonly close: readonly number[]
}

/** An indicator of every bar, oldest first. What went before the first bar is not known to it, so the first values move when older bars are loaded. */
export function indicatorColumns(kind: Indicator, { high, low, close }: Prices): IndicatorColumns {
  switch (kind) {
    case 'macd': {
      const state = createMacd()
      const [dif, dea, histogram]: [number[], number[], number[]] = [[], [], []]
      for (const price of close) {
        updateMacd(state, price)
        dif.push(state.dif)
        dea.push(state.dea)
        histogram.push(state.histogram)
      }
      const lines = [
        { name: 'DIF', values: dif },
        { name: 'DEA', values: dea },
      ]
      return { kind, title: 'MACD(12,26,9)', lines, histogram: { name: 'MACD', values: histogram }, digits: 3, marks: [0] }
    }
    case 'kdj': {
      const { k, d, j } = kdj(high, low, close)
      const lines = Object.entries({ K: k, D: d, J: j }).map(([name, values]) => ({ name, values: known(values) }))
      return { kind, title: 'KDJ(9,3,3)', lines, histogram: undefined, digits: 2, marks: [20, 80] }
    }
    case 'rsi': {
      const lines = RSI_PERIODS.map((periods) => {
        const state = createRsi(periods)
        return { name: `RSI${periods}`, values: known(close.map((price) => updateRsi(state, price))) }
      })
      return { kind, title: `RSI(${RSI_PERIODS.join(',')})`, lines, histogram: undefined, digits: 2, marks: [20, 80] }
    }
    default:
      return kind satisfies never
  }
}

/** The indicator a remembered choice names; undefined = none. */
export function readIndicator(stored: unknown): Indicator | undefined {
  return INDICATORS.find((one) => one === stored)
}

function known(values: ArrayLike<number>): readonly (number | undefined)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? undefined : value))
}
