import { defineRule } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'

/** 印花税: share of the traded value taken from the buyer and from the seller of a stock. Exchange funds pay none. */
export const stampDuty = defineRule<'stock', { readonly buyer: number; readonly seller: number }>({
  name: 'stamp_duty',
  label: { zh: '证券交易印花税', en: 'Stamp duty' },
  about: 'Fraction of the traded value, buyer and seller apart.',
  rows: {
    stock: [
      { from: tradeDate(20011116), value: { buyer: 0.002, seller: 0.002 }, source: '财政部 国家税务总局 2001-11: 0.4 % to 0.2 %, both sides, from 2001-11-16' },
      { from: tradeDate(20050124), value: { buyer: 0.001, seller: 0.001 }, source: '财政部 国家税务总局 财税〔2005〕11号: 0.1 %, both sides' },
      { from: tradeDate(20070530), value: { buyer: 0.003, seller: 0.003 }, source: '财政部 国家税务总局 财税〔2007〕84号: 0.3 %, both sides' },
      { from: tradeDate(20080424), value: { buyer: 0.001, seller: 0.001 }, source: '财政部 国家税务总局 2008-04-23 announcement: 0.1 %, both sides' },
      { from: tradeDate(20080919), value: { buyer: 0, seller: 0.001 }, source: '财政部 国家税务总局 2008-09-18 announcement: seller only' },
      { from: tradeDate(20230828), value: { buyer: 0, seller: 0.0005 }, source: '财政部 税务总局公告 2023 年第 39 号: halved' },
    ],
  },
})
