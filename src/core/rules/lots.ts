import { defineRule } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'
import type { Board } from '../code.ts'

/** 申报数量 in shares: a buy order is at least `minimum` and grows in steps of `step`; a smaller rest is sold in one order. */
export interface Lot {
  readonly minimum: number
  readonly step: number
}

/** 申报数量 by board; `fund` is every exchange-traded fund. */
export const lots = defineRule<Board | 'fund', Lot>({
  name: 'lots',
  label: { zh: '申报数量', en: 'Order quantities' },
  about: 'Shares: the smallest buy order and the step above it.',
  rows: {
    main: [{ from: tradeDate(19901219), value: { minimum: 100, step: 100 }, source: 'SSE and SZSE trading rules 3.3: multiples of 100' }],
    chinext: [{ from: tradeDate(20091030), value: { minimum: 100, step: 100 }, source: 'SZSE trading rules 3.3: multiples of 100' }],
    star: [{ from: tradeDate(20190722), value: { minimum: 200, step: 1 }, source: 'SSE STAR special trading rules 2019: at least 200, then steps of 1' }],
    bse: [{ from: tradeDate(20211115), value: { minimum: 100, step: 1 }, source: 'BSE trading rules 2021: at least 100, then steps of 1' }],
    fund: [{ from: tradeDate(19980323), value: { minimum: 100, step: 100 }, source: 'SSE and SZSE trading rules 3.3: multiples of 100 units' }],
  },
})
