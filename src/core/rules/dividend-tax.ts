import { defineRule } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'

/** Shares of a cash dividend by how long the shares were held: one month or less, one year or less, longer. */
export interface DividendTax {
  readonly month: number
  readonly year: number
  readonly longer: number
}

/** 股息红利个人所得税, charged when the shares are sold. */
export const dividendTax = defineRule<'stock', DividendTax>({
  name: 'dividend_tax',
  label: { zh: '股息红利税', en: 'Dividend tax' },
  about: 'Fraction of the cash dividend of a private investor, by holding time.',
  rows: {
    stock: [
      { from: tradeDate(19901219), value: { month: 0.2, year: 0.2, longer: 0.2 }, source: '个人所得税法: 20 %' },
      { from: tradeDate(20050613), value: { month: 0.1, year: 0.1, longer: 0.1 }, source: '财税〔2005〕102号: half of the income is taxed' },
      { from: tradeDate(20130101), value: { month: 0.2, year: 0.1, longer: 0.05 }, source: '财税〔2012〕85号: by holding time' },
      { from: tradeDate(20150908), value: { month: 0.2, year: 0.1, longer: 0 }, source: '财税〔2015〕101号: free after one year' },
    ],
  },
})
