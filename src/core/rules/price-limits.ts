import { defineRule, type Dated } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'

/** Which percentage applies: the board and, on the main board, the status of the stock. */
export type LimitClass = 'main' | 'main_st' | 'main_s_share' | 'main_delisting' | 'chinext' | 'chinext_st' | 'star' | 'bse' | 'fund'

const since1996: Dated<number> = {
  from: tradeDate(19961216),
  value: 10,
  source: 'Limits began on 1996-12-16 (证监会 1996-12); SSE and SZSE trading rules 3.3.13',
}

/** 涨跌幅限制: whole percent of the previous close. Days and times without a row have no limit. */
export const priceLimits = defineRule<LimitClass, number>({
  name: 'price_limits',
  label: { zh: '涨跌幅限制', en: 'Price limits' },
  about: 'Whole percent of the previous close, up and down.',
  rows: {
    main: [since1996],
    main_st: [
      since1996,
      { from: tradeDate(19980422), value: 5, source: 'ST began on 1998-04-22; SSE rules 2023 4.4.10, SZSE rules 2023 4.5.5' },
      { from: tradeDate(20260706), value: 10, source: 'SSE rules 2026 (上证发〔2026〕41号), SZSE rules 2026 (深证上〔2026〕551号)' },
    ],
    main_s_share: [since1996, { from: tradeDate(20070108), value: 5, source: 'Exchange notices on shares whose reform is not completed, from 2007-01-08' }],
    main_delisting: [since1996],
    chinext: [
      { from: tradeDate(20091030), value: 10, source: 'SZSE trading rules 3.3.13; ChiNext opened on 2009-10-30' },
      { from: tradeDate(20200824), value: 20, source: 'SZSE ChiNext special trading rules 2020' },
    ],
    chinext_st: [
      { from: tradeDate(20091030), value: 5, source: 'SZSE trading rules 3.3.13: risk-warning stocks 5 %' },
      { from: tradeDate(20200824), value: 20, source: 'SZSE ChiNext special trading rules 2020: risk warning no longer narrows the limit' },
    ],
    star: [{ from: tradeDate(20190722), value: 20, source: 'SSE STAR special trading rules 2019, risk warning included' }],
    bse: [{ from: tradeDate(20211115), value: 30, source: 'BSE trading rules 2021 3.3.11, risk warning included' }],
    fund: [{ ...since1996, source: `${since1996.source}. Funds on ChiNext or STAR indices have 20 %: their percentage is given by the caller` }],
  },
})
