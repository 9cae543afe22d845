import { defineRule, type Dated } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'

/** A holiday closure of both exchanges. */
export interface Closure {
  readonly zh: string
  readonly en: string
}

const newYear: Closure = { zh: '元旦', en: "New Year's Day" }
const springFestival: Closure = { zh: '春节', en: 'Spring Festival' }
const qingming: Closure = { zh: '清明节', en: 'Tomb Sweeping Day' }
const labourDay: Closure = { zh: '劳动节', en: 'Labour Day' }
const dragonBoat: Closure = { zh: '端午节', en: 'Dragon Boat Festival' }
const midAutumn: Closure = { zh: '中秋节', en: 'Mid-Autumn Festival' }
const nationalDay: Closure = { zh: '国庆节', en: 'National Day' }
const autumnAndNational: Closure = { zh: '中秋节、国庆节', en: 'Mid-Autumn Festival and National Day' }
const victoryDay: Closure = { zh: '抗战胜利 70 周年纪念日', en: '70th anniversary of victory, 1945' }

/** First and last year whose closures are listed completely. */
export const CLOSURE_YEARS = { first: 2005, last: 2026 } as const

/**
 * 休市: the closures of Shanghai and Shenzhen that take away weekdays, first and last closed weekday. Weekends are always closed, also
 * where offices work on them. Years before 2005 come from an imported calendar only.
 */
export const closures = defineRule<'a_share', Closure>({
  name: 'closures',
  label: { zh: '休市安排', en: 'Holiday closures' },
  about: 'Weekdays without trading; the market days are the weekdays that remain.',
  rows: {
    a_share: [
      ...closedIn(2005, [
        [20050103, 20050103, newYear],
        [20050207, 20050215, springFestival],
        [20050502, 20050506, labourDay],
        [20051003, 20051007, nationalDay],
      ]),
      ...closedIn(2006, [
        [20060102, 20060103, newYear],
        [20060126, 20060203, springFestival],
        [20060501, 20060505, labourDay],
        [20061002, 20061006, nationalDay],
      ]),
      ...closedIn(2007, [
        [20070101, 20070103, newYear],
        [20070219, 20070223, springFestival],
        [20070501, 20070507, labourDay],
        [20071001, 20071005, nationalDay],
      ]),
      ...closedIn(2008, [
        [20071231, 20080101, newYear],
        [20080206, 20080212, springFestival],
        [20080404, 20080404, qingming],
        [20080501, 20080502, labourDay],
        [20080609, 20080609, dragonBoat],
        [20080915, 20080915, midAutumn],
        [20080929, 20081003, nationalDay],
      ]),
      ...closedIn(2009, [
        [20090101, 20090102, newYear],
        [20090126, 20090130, springFestival],
        [20090406, 20090406, qingming],
        [20090501, 20090501, labourDay],
        [20090528, 20090529, dragonBoat],
        [20091001, 20091008, autumnAndNational],
      ]),
      ...closedIn(2010, [
        [20100101, 20100101, newYear],
        [20100215, 20100219, springFestival],
        [20100405, 20100405, qingming],
        [20100503, 20100503, labourDay],
        [20100614, 20100616, dragonBoat],
        [20100922, 20100924, midAutumn],
        [20101001, 20101007, nationalDay],
      ]),
      ...closedIn(2011, [
        [20110103, 20110103, newYear],
        [20110202, 20110208, springFestival],
        [20110404, 20110405, qingming],
        [20110502, 20110502, labourDay],
        [20110606, 20110606, dragonBoat],
        [20110912, 20110912, midAutumn],
        [20111003, 20111007, nationalDay],
      ]),
      ...closedIn(2012, [
        [20120102, 20120103, newYear],
        [20120123, 20120127, springFestival],
        [20120402, 20120404, qingming],
        [20120430, 20120501, labourDay],
        [20120622, 20120622, dragonBoat],
        [20121001, 20121005, autumnAndNational],
      ]),
      ...closedIn(2013, [
        [20130101, 20130103, newYear],
        [20130211, 20130215, springFestival],
        [20130404, 20130405, qingming],
        [20130429, 20130501, labourDay],
        [20130610, 20130612, dragonBoat],
        [20130919, 20130920, midAutumn],
        [20131001, 20131007, nationalDay],
      ]),
      ...closedIn(2014, [
        [20140101, 20140101, newYear],
        [20140131, 20140206, springFestival],
        [20140407, 20140407, qingming],
        [20140501, 20140502, labourDay],
        [20140602, 20140602, dragonBoat],
        [20140908, 20140908, midAutumn],
        [20141001, 20141007, nationalDay],
      ]),
      ...closedIn(2015, [
        [20150101, 20150102, newYear],
        [20150218, 20150224, springFestival],
        [20150406, 20150406, qingming],
        [20150501, 20150501, labourDay],
        [20150622, 20150622, dragonBoat],
        [20150903, 20150904, victoryDay],
        [20151001, 20151007, nationalDay],
      ]),
      ...closedIn(2016, [
        [20160101, 20160101, newYear],
        [20160208, 20160212, springFestival],
        [20160404, 20160404, qingming],
        [20160502, 20160502, labourDay],
        [20160609, 20160610, dragonBoat],
        [20160915, 20160916, midAutumn],
        [20161003, 20161007, nationalDay],
      ]),
      ...closedIn(2017, [
        [20170102, 20170102, newYear],
        [20170127, 20170202, springFestival],
        [20170403, 20170404, qingming],
        [20170501, 20170501, labourDay],
        [20170529, 20170530, dragonBoat],
        [20171002, 20171006, autumnAndNational],
      ]),
      ...closedIn(2018, [
        [20180101, 20180101, newYear],
        [20180215, 20180221, springFestival],
        [20180405, 20180406, qingming],
        [20180430, 20180501, labourDay],
        [20180618, 20180618, dragonBoat],
        [20180924, 20180924, midAutumn],
        [20181001, 20181005, nationalDay],
      ]),
      ...closedIn(2019, [
        [20181231, 20190101, newYear],
        [20190204, 20190208, springFestival],
        [20190405, 20190405, qingming],
        [20190501, 20190503, labourDay],
        [20190607, 20190607, dragonBoat],
        [20190913, 20190913, midAutumn],
        [20191001, 20191007, nationalDay],
      ]),
      ...closedIn(2020, [
        [20200101, 20200101, newYear],
        [20200124, 20200131, springFestival],
        [20200406, 20200406, qingming],
        [20200501, 20200505, labourDay],
        [20200625, 20200626, dragonBoat],
        [20201001, 20201008, autumnAndNational],
      ]),
      ...closedIn(2021, [
        [20210101, 20210101, newYear],
        [20210211, 20210217, springFestival],
        [20210405, 20210405, qingming],
        [20210503, 20210505, labourDay],
        [20210614, 20210614, dragonBoat],
        [20210920, 20210921, midAutumn],
        [20211001, 20211007, nationalDay],
      ]),
      ...closedIn(2022, [
        [20220103, 20220103, newYear],
        [20220131, 20220204, springFestival],
        [20220404, 20220405, qingming],
        [20220502, 20220504, labourDay],
        [20220603, 20220603, dragonBoat],
        [20220912, 20220912, midAutumn],
        [20221003, 20221007, nationalDay],
      ]),
      ...closedIn(2023, [
        [20230102, 20230102, newYear],
        [20230123, 20230127, springFestival],
        [20230405, 20230405, qingming],
        [20230501, 20230503, labourDay],
        [20230622, 20230623, dragonBoat],
        [20230929, 20231006, autumnAndNational],
      ]),
      ...closedIn(2024, [
        [20240101, 20240101, newYear],
        [20240209, 20240216, springFestival],
        [20240404, 20240405, qingming],
        [20240501, 20240503, labourDay],
        [20240610, 20240610, dragonBoat],
        [20240916, 20240917, midAutumn],
        [20241001, 20241007, nationalDay],
      ]),
      ...closedIn(2025, [
        [20250101, 20250101, newYear],
        [20250128, 20250204, springFestival],
        [20250404, 20250404, qingming],
        [20250501, 20250505, labourDay],
        [20250602, 20250602, dragonBoat],
        [20251001, 20251008, autumnAndNational],
      ]),
      ...closedIn(2026, [
        [20260101, 20260102, newYear],
        [20260216, 20260223, springFestival],
        [20260406, 20260406, qingming],
        [20260501, 20260505, labourDay],
        [20260619, 20260619, dragonBoat],
        [20260925, 20260925, midAutumn],
        [20261001, 20261007, nationalDay],
      ]),
    ],
  },
})

function closedIn(year: number, spans: readonly (readonly [from: number, to: number, name: Closure])[]): Dated<Closure>[] {
  const source = `上海证券交易所、深圳证券交易所 ${year} 年休市安排公告 (exchange announcement of the year's closures)`
  return spans.map(([from, to, value]) => ({ from: tradeDate(from), to: tradeDate(to), value, source }))
}
