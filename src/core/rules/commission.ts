import { defineRule } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'

/** What a broker charges per order. `rate` is a fraction of the traded value, `minimum` CNY. */
export interface Commission {
  readonly rate: number
  readonly minimum: number
}

/** 佣金: the default where the user names no broker's terms. Negotiable up to 0.3 %, at least 5 CNY per order (证监发〔2002〕21号). */
export const commission = defineRule<'default', Commission>({
  name: 'commission',
  label: { zh: '佣金', en: 'Commission' },
  about: 'Fraction of the traded value and the minimum in CNY per order, both sides.',
  rows: {
    default: [
      {
        from: tradeDate(20020501),
        value: { rate: 0.00025, minimum: 5 },
        source: 'spec microstructure §11.1: 0.025 %, at least 5 CNY; floating since 证监发〔2002〕21号',
      },
    ],
  },
})
