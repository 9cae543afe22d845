import { FLOW } from '../flow-sums.ts'
import { defineMeasure } from '../measure.ts'

/** 成交笔数: ticks of continuous trading. For aggregates a tick is a three-second burst. */
export const tickCount = defineMeasure({
  name: 'tick_count',
  label: { zh: '成交笔数', en: 'tick count' },
  unit: 'count',
  value: (sums, at) => sums[at + FLOW.tickCount]!,
})
