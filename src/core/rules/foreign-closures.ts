import { defineRule, type Dated } from '../dated.ts'
import { nyseEarlyCloses, nyseHolidays } from '../nyse-holidays.ts'
import { tradeDate } from '../trade-date.ts'
import type { Closure } from './closures.ts'

/** The years whose closures are settled: Hong Kong's are gazetted a year or two ahead, New York's follow from its rule. */
export const FOREIGN_CLOSURE_YEARS = { first: 2019, last: 2026 } as const

const newYear: Closure = { zh: '元旦', en: 'The first day of January' }
const lunarNewYear: Closure = { zh: '农历新年', en: 'Lunar New Year' }
const chingMing: Closure = { zh: '清明节', en: 'Ching Ming Festival' }
const easter: Closure = { zh: '复活节', en: 'Good Friday and Easter Monday' }
const labourDay: Closure = { zh: '劳动节', en: 'Labour Day' }
const buddha: Closure = { zh: '佛诞', en: 'Birthday of the Buddha' }
const tuenNg: Closure = { zh: '端午节', en: 'Tuen Ng Festival' }
const sarDay: Closure = { zh: '香港特别行政区成立纪念日', en: 'HKSAR Establishment Day' }
const midAutumn: Closure = { zh: '中秋节翌日', en: 'Day following the Mid-Autumn Festival' }
const nationalDay: Closure = { zh: '国庆日', en: 'National Day' }
const chungYeung: Closure = { zh: '重阳节', en: 'Chung Yeung Festival' }
const christmas: Closure = { zh: '圣诞节', en: 'Christmas' }

const mourning: Closure = { zh: '国家哀悼日', en: 'National day of mourning' }

/**
 * 港美休市: weekdays without trading in Hong Kong and New York. Hong Kong as its calendar was published: closures for typhoons and rainstorms are
 * announced on the day itself and are not in it (since 2024-09-23 there are none). New York: NYSE Rule 7.2 by arithmetic, and closures declared for one day.
 */
export const foreignClosures = defineRule<'hk' | 'us', Closure>({
  name: 'closures_foreign',
  label: { zh: '港美休市', en: 'Closures in Hong Kong and New York' },
  about: 'Weekdays without trading; the market days are the weekdays that remain.',
  rows: {
    hk: [
      ...hongKong(2019, [
        [20190101, 20190101, newYear],
        [20190205, 20190207, lunarNewYear],
        [20190405, 20190405, chingMing],
        [20190419, 20190422, easter],
        [20190501, 20190501, labourDay],
        [20190513, 20190513, buddha],
        [20190607, 20190607, tuenNg],
        [20190701, 20190701, sarDay],
        [20191001, 20191001, nationalDay],
        [20191007, 20191007, chungYeung],
        [20191225, 20191226, christmas],
      ]),
      ...hongKong(2020, [
        [20200101, 20200101, newYear],
        [20200127, 20200128, lunarNewYear],
        [20200410, 20200413, easter],
        [20200430, 20200430, buddha],
        [20200501, 20200501, labourDay],
        [20200625, 20200625, tuenNg],
        [20200701, 20200701, sarDay],
        [20201001, 20201001, nationalDay],
        [20201002, 20201002, midAutumn],
        [20201026, 20201026, chungYeung],
        [20201225, 20201225, christmas],
      ]),
      ...hongKong(2021, [
        [20210101, 20210101, newYear],
        [20210212, 20210215, lunarNewYear],
        [20210402, 20210402, easter],
        [20210405, 20210405, chingMing],
        [20210406, 20210406, easter],
        [20210519, 20210519, buddha],
        [20210614, 20210614, tuenNg],
        [20210701, 20210701, sarDay],
        [20210922, 20210922, midAutumn],
        [20211001, 20211001, nationalDay],
        [20211014, 20211014, chungYeung],
        [20211227, 20211227, christmas],
      ]),
      ...hongKong(2022, [
        [20220201, 20220203, lunarNewYear],
        [20220405, 20220405, chingMing],
        [20220415, 20220418, easter],
        [20220502, 20220502, labourDay],
        [20220509, 20220509, buddha],
        [20220603, 20220603, tuenNg],
        [20220701, 20220701, sarDay],
        [20220912, 20220912, midAutumn],
        [20221004, 20221004, chungYeung],
        [20221226, 20221227, christmas],
      ]),
      ...hongKong(2023, [
        [20230102, 20230102, newYear],
        [20230123, 20230125, lunarNewYear],
        [20230405, 20230405, chingMing],
        [20230407, 20230410, easter],
        [20230501, 20230501, labourDay],
        [20230526, 20230526, buddha],
        [20230622, 20230622, tuenNg],
        [20231002, 20231002, nationalDay],
        [20231023, 20231023, chungYeung],
        [20231225, 20231226, christmas],
      ]),
      ...hongKong(2024, [
        [20240101, 20240101, newYear],
        [20240212, 20240213, lunarNewYear],
        [20240329, 20240401, easter],
        [20240404, 20240404, chingMing],
        [20240501, 20240501, labourDay],
        [20240515, 20240515, buddha],
        [20240610, 20240610, tuenNg],
        [20240701, 20240701, sarDay],
        [20240918, 20240918, midAutumn],
        [20241001, 20241001, nationalDay],
        [20241011, 20241011, chungYeung],
        [20241225, 20241226, christmas],
      ]),
      ...hongKong(2025, [
        [20250101, 20250101, newYear],
        [20250129, 20250131, lunarNewYear],
        [20250404, 20250404, chingMing],
        [20250418, 20250421, easter],
        [20250501, 20250501, labourDay],
        [20250505, 20250505, buddha],
        [20250701, 20250701, sarDay],
        [20251001, 20251001, nationalDay],
        [20251007, 20251007, midAutumn],
        [20251029, 20251029, chungYeung],
        [20251225, 20251226, christmas],
      ]),
      ...hongKong(2026, [
        [20260101, 20260101, newYear],
        [20260217, 20260219, lunarNewYear],
        [20260403, 20260403, easter],
        [20260406, 20260406, chingMing],
        [20260407, 20260407, easter],
        [20260501, 20260501, labourDay],
        [20260525, 20260525, buddha],
        [20260619, 20260619, tuenNg],
        [20260701, 20260701, sarDay],
        [20261001, 20261001, nationalDay],
        [20261019, 20261019, chungYeung],
        [20261225, 20261225, christmas],
      ]),
    ],
    us: [
      ...settledYears().flatMap(nyseHolidays),
      {
        from: tradeDate(20250109),
        to: tradeDate(20250109),
        value: mourning,
        source: 'NYSE and Nasdaq announcements of 2024-12-30: closed in honour of former President Jimmy Carter',
      },
    ].toSorted((a, b) => a.from - b.from),
  },
})

/** A day that ends early: `close` is the last minute of trading in exchange time, before any closing auction. */
export interface EarlyClose {
  readonly zh: string
  readonly en: string
  readonly close: '12:00' | '13:00'
}

const lunarEve: EarlyClose = { zh: '农历新年除夕', en: "Lunar New Year's Eve", close: '12:00' }
const christmasEve: EarlyClose = { zh: '圣诞节前夕', en: 'Christmas Eve', close: '12:00' }
const newYearsEve: EarlyClose = { zh: '元旦前夕', en: "New Year's Eve", close: '12:00' }

/** 半日市: days on which Hong Kong trades the morning only, and on which New York closes at 13:00. */
export const earlyCloses = defineRule<'hk' | 'us', EarlyClose>({
  name: 'closures_early',
  label: { zh: '半日市与提前收市', en: 'Half days and early closes' },
  about: 'Market days that end before their time.',
  rows: {
    hk: [
      ...halfDays(2019, [20190204, lunarEve], [20191224, christmasEve], [20191231, newYearsEve]),
      ...halfDays(2020, [20200124, lunarEve], [20201224, christmasEve], [20201231, newYearsEve]),
      ...halfDays(2021, [20210211, lunarEve], [20211224, christmasEve], [20211231, newYearsEve]),
      ...halfDays(2022, [20220131, lunarEve]),
      ...halfDays(2024, [20240209, lunarEve], [20241224, christmasEve], [20241231, newYearsEve]),
      ...halfDays(2025, [20250128, lunarEve], [20251224, christmasEve], [20251231, newYearsEve]),
      ...halfDays(2026, [20260216, lunarEve], [20261224, christmasEve], [20261231, newYearsEve]),
    ],
    us: settledYears().flatMap(nyseEarlyCloses),
  },
})

function settledYears(): readonly number[] {
  const { first, last } = FOREIGN_CLOSURE_YEARS
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

function hongKong(year: number, spans: readonly (readonly [from: number, to: number, name: Closure])[]): Dated<Closure>[] {
  const source = `HKEX securities market trading calendar ${year} (general holidays gazetted by the HKSAR Government)`
  return spans.map(([from, to, value]) => ({ from: tradeDate(from), to: tradeDate(to), value, source }))
}

function halfDays(year: number, ...days: readonly (readonly [date: number, name: EarlyClose])[]): Dated<EarlyClose>[] {
  const source = `HKEX securities market trading calendar ${year}: no extended morning and afternoon session on the eves`
  return days.map(([date, value]) => ({ from: tradeDate(date), to: tradeDate(date), value, source }))
}
