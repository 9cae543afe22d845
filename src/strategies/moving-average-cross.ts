import { defineStrategy, type DerivedColumn, type PointColumn } from '#core/strategy.ts'
import { rollingMean } from '#numeric/rolling-mean.ts'

/** Windows in days; at most `maxPositions` holdings of equal value. */
export type MovingAverageCrossParams = { readonly fast: number; readonly slow: number; readonly maxPositions: number }

interface CrossState {
  readonly fast: readonly PointColumn[]
  readonly slow: readonly PointColumn[]
  readonly places: number
  readonly params: MovingAverageCrossParams
}

/**
 * 均线交叉, long only: hold a stock while the fast mean of its adjusted close lies above the slow one. Decided at the close, bought and sold in the next opening
 * auction. A window that is not full yet (NaN) gives no signal.
 */
export const movingAverageCross = defineStrategy<MovingAverageCrossParams, CrossState>({
  name: 'moving_average_cross',
  label: { zh: '均线交叉', en: 'Moving-average cross' },
  version: '1',
  params: { fast: 10, slow: 30, maxPositions: 10 },
  start(params, { data }) {
    const columns = (window: number) => Array.from({ length: data.stocks }, (_, stock) => data.derived(stock, adjustedMean(window)))
    return { fast: columns(params.fast), slow: columns(params.slow), places: Math.min(params.maxPositions, data.stocks), params }
  },
  onBar({ fast, slow, places, params }, context) {
    const { day } = context.data
    let room = params.maxPositions - context.held.length
    for (let stock = 0; stock < fast.length; stock++) {
      const difference = fast[stock]!.at(day) - slow[stock]!.at(day)
      const isHeld = context.position(stock) !== undefined
      if (isHeld ? !(difference < 0) : !(difference > 0 && room > 0)) continue
      if (context.liveOrders(stock) > 0) continue
      room += isHeld ? 1 : -1
      if (isHeld) context.order({ stock, side: 'sell', type: 'auction_open', size: { all: true }, rule: 'cross_down', tif: 'carry' })
      else
        context.order({
          stock,
          side: 'buy',
          type: 'auction_open',
          size: { value: context.equity / places },
          rule: 'cross_up',
          maxPositions: params.maxPositions,
        })
    }
  },
})

function adjustedMean(window: number): DerivedColumn {
  return { name: `closeAdjusted_mean_${window}`, from: 'closeAdjusted', compute: (values) => rollingMean(values, window) }
}
