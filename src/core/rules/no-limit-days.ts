import { defineRule, type Dated } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'

/** The first market days of a listing: free, or (`band`) bound to whole percents of the issue price, which the vendor gives as previous close. */
export interface FirstDays {
  readonly days: number
  readonly band?: { readonly up: number; readonly down: number }
}

/** Boards by the listing date, `relisting` and `delisting` (first day of the arrangement period) by the day itself. */
export type NoLimitCase = 'main' | 'chinext' | 'star' | 'bse' | 'relisting' | 'delisting'

const band = { days: 1, band: { up: 44, down: 36 } }
const bandSource = 'SSE and SZSE notices on the first trading day of new shares, 2014-06-13: +44 % and -36 % of the issue price'
const free: Dated<FirstDays> = { from: tradeDate(19901219), value: { days: 1 }, source: 'SSE and SZSE trading rules: no limit on the first trading day' }

/** 新股上市初期: how many market days from the listing on (listing day = 1) have no limit. Read on the listing date. */
export const noLimitDays = defineRule<NoLimitCase, FirstDays>({
  name: 'no_limit_days',
  label: { zh: '无涨跌幅限制日', en: 'Days without a price limit' },
  about: 'Market days counted from the listing day, read on the listing date.',
  rows: {
    main: [
      free,
      { from: tradeDate(20140613), value: band, source: bandSource },
      {
        from: tradeDate(20230410),
        value: { days: 5 },
        source: 'SSE and SZSE trading rules 2023 (registration regime). Companies approved before and listed shortly after are treated alike',
      },
    ],
    chinext: [
      { ...free, from: tradeDate(20091030) },
      { from: tradeDate(20140613), value: band, source: bandSource },
      { from: tradeDate(20200824), value: { days: 5 }, source: 'SZSE ChiNext special trading rules 2020' },
    ],
    star: [{ from: tradeDate(20190722), value: { days: 5 }, source: 'SSE STAR special trading rules 2019' }],
    bse: [{ from: tradeDate(20211115), value: { days: 1 }, source: 'BSE trading rules 2021' }],
    relisting: [free],
    delisting: [
      { from: tradeDate(19901219), value: { days: 0 }, source: 'spec warehouse-dwd §9.2: the ordinary limit before the delisting reform' },
      { from: tradeDate(20201231), value: { days: 1 }, source: 'Delisting reform of 2020-12-31: first day of the arrangement period is free' },
    ],
  },
})
