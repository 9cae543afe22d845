import { defineRule } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'
import type { Exchange } from '../code.ts'

/** 过户费: share of the traded value, buyer and seller each. Exchange funds pay none. */
export const transferFee = defineRule<Exchange, number>({
  name: 'transfer_fee',
  label: { zh: '过户费', en: 'Transfer fee' },
  about: 'Fraction of the traded value, charged to both sides.',
  rows: {
    SH: [
      {
        from: tradeDate(20050101),
        value: 0.00002,
        source: 'spec microstructure §11.1. A simplification: until 2015-07-31 Shanghai charged on the face value of the shares, not on the traded value',
      },
      { from: tradeDate(20150801), value: 0.00002, source: '中国结算 2015-07: 0.002 % of the traded value in Shanghai and Shenzhen from 2015-08-01' },
      { from: tradeDate(20220429), value: 0.00001, source: '中国结算 2022-04: 0.001 % in all three markets from 2022-04-29' },
    ],
    SZ: [
      { from: tradeDate(20050101), value: 0, source: 'spec microstructure §11.1: Shanghai only before 2015-08' },
      { from: tradeDate(20150801), value: 0.00002, source: '中国结算 2015-07: 0.002 % of the traded value in Shanghai and Shenzhen from 2015-08-01' },
      { from: tradeDate(20220429), value: 0.00001, source: '中国结算 2022-04: 0.001 % in all three markets from 2022-04-29' },
    ],
    BJ: [
      { from: tradeDate(20211115), value: 0.000025, source: '中国结算 2022-04 names the Beijing rate it replaces: 0.0025 %' },
      { from: tradeDate(20220429), value: 0.00001, source: '中国结算 2022-04: 0.001 % in all three markets from 2022-04-29' },
    ],
  },
})
