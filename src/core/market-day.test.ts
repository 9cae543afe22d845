import { expect, test } from 'vitest'
import { aShareCalendar } from './a-share-calendar.ts'
import { minutesOf, INTERVALS } from './kline-interval.ts'
import { closeAuctionOn, closeInstant, confidenceOn, earlyCloseOn, lastEnded, marketCalendar, minutesOn, openInstant, sessionOn, tickAt } from './market-day.ts'
import { MARKETS, PROFILES } from './market-profile.ts'
import { easterSunday, nyseHolidays } from './nyse-holidays.ts'
import { earlyCloses, foreignClosures } from './rules/foreign-closures.ts'
import { formatClock } from './shanghai-time.ts'
import { dateOfDayNumber, dayNumber, tradeDate, weekday, type EpochMs } from './trade-date.ts'

const [hk, us, crypto] = [marketCalendar('hk'), marketCalendar('us'), marketCalendar('crypto')]
const isOpen = (calendar: typeof us, ...dates: readonly number[]) => dates.map((date) => calendar.isOpen(tradeDate(date)))
const closed = (count: number) => Array.from({ length: count }, () => false)
const inYear = (calendar: typeof us, year: number) => calendar.dates(tradeDate(year * 10_000 + 101), tradeDate(year * 10_000 + 1231)).length
const utc = (text: string) => Date.parse(text) as EpochMs

test('marketCalendar() of New York has the number of days its exchange counted', () => {
  expect([2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026].map((year) => inYear(us, year))).toEqual([252, 253, 252, 251, 250, 252, 250, 251])
})

test('marketCalendar() of New York keeps Good Friday, Juneteenth from 2022 on, and the day of mourning of 2025', () => {
  expect(isOpen(us, 20190419, 20240329, 20250418, 20260403)).toEqual(closed(4))
  expect(isOpen(us, 20200619, 20210618)).toEqual([true, true])
  expect(isOpen(us, 20220620, 20230619, 20240619, 20250619, 20260619)).toEqual(closed(5))
  expect(isOpen(us, 20250108, 20250109, 20250110)).toEqual([true, false, true])
})

test('marketCalendar() of New York moves holidays off weekends, but for New Year’s Day on a Saturday', () => {
  // 4 July 2026 is a Saturday, 25 December 2022 a Sunday, 4 July 2021 a Sunday, 1 January 2022 a Saturday, 1 January 2023 a Sunday.
  expect(isOpen(us, 20260703, 20221226, 20210705, 20230102)).toEqual(closed(4))
  expect(isOpen(us, 20211231, 20220103)).toEqual([true, true])
  expect(isOpen(us, 20211224)).toEqual([false])
  expect(nyseHolidays(2022).map(({ from }) => from)).not.toContain(20211231)
})

test('earlyCloseOn() New York: 13:00 on the eves and after Thanksgiving, where they are market days of their own', () => {
  expect(earlyCloses.rows.us.map(({ from }) => from)).toEqual([
    20190703, 20191129, 20191224, 20201127, 20201224, 20211126, 20221125, 20230703, 20231124, 20240703, 20241129, 20241224, 20250703, 20251128, 20251224,
    20261127, 20261224,
  ])
})

test('marketCalendar() of Hong Kong has the days of its published calendar, typhoons left out', () => {
  // Traded were 248 days in 2020, 247 in 2021, 243 in 2023 and 246 in 2024: the others were lost to weather, such as 2023-09-01 to typhoon Saola.
  expect([2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026].map((year) => inYear(hk, year))).toEqual([246, 249, 248, 246, 246, 247, 246, 247])
  expect(isOpen(hk, 20230901)).toEqual([true])
  expect(isOpen(hk, 20240212, 20240213, 20250129, 20260217, 20260219, 20251007, 20261019, 20210406, 20260407)).toEqual(closed(9))
  expect(isOpen(hk, 20240214, 20250203, 20260220)).toEqual([true, true, true])
})

test('foreignClosures of Hong Kong agree with what can be calculated: Easter, fixed days and their Mondays', () => {
  for (let year = 2019; year <= 2026; year++) {
    const easter = dayNumber(easterSunday(year))
    expect(isOpen(hk, dateOfDayNumber(easter - 2), dateOfDayNumber(easter + 1))).toEqual(closed(2))
    for (const fixed of [101, 501, 701, 1001, 1225]) {
      const day = tradeDate(year * 10_000 + fixed)
      if (weekday(day) <= 5) expect(hk.isOpen(day), `${day}`).toBe(false)
      // A general holiday on a Sunday is kept on the next weekday.
      else if (weekday(day) === 7) expect(hk.isOpen(dateOfDayNumber(dayNumber(day) + 1)), `${day}`).toBe(false)
    }
  }
})

test('earlyCloses and foreignClosures name market days and weekdays', () => {
  for (const market of ['hk', 'us'] as const) {
    for (const { from } of earlyCloses.rows[market]) expect(marketCalendar(market).isOpen(from), `${market} ${from}`).toBe(true)
    for (const { from } of foreignClosures.rows[market]) expect(weekday(from), `${market} ${from}`).toBeLessThanOrEqual(5)
  }
  // The eve of the Lunar New Year is the last market day before it, where it is a weekday.
  for (const { from, value } of earlyCloses.rows.hk)
    if (value.en.startsWith('Lunar'))
      expect(foreignClosures.rows.hk.some((row) => row.value.en === 'Lunar New Year' && row.from > from && row.from - from < 80)).toBe(true)
})

test('confidenceOn() is provisional beyond the tables, where every weekday counts', () => {
  expect(confidenceOn('us', tradeDate(20261231))).toBe('settled')
  expect(confidenceOn('us', tradeDate(20270101))).toBe('provisional')
  expect(isOpen(us, 20270101, 20270102, 20180704)).toEqual([true, false, true])
  expect([confidenceOn('cn', tradeDate(20250101)), confidenceOn('cn', tradeDate(20270101)), confidenceOn('hk', tradeDate(20181231))]).toEqual([
    'settled',
    'provisional',
    'provisional',
  ])
  expect(confidenceOn('crypto', tradeDate(20300101))).toBe('settled')
})

test('marketCalendar() of China is the one the warehouse uses as far as that goes, and coins trade every day', () => {
  const span = [aShareCalendar.from, aShareCalendar.to] as const
  expect(marketCalendar('cn').dates(...span)).toEqual(aShareCalendar.dates(...span))
  expect([inYear(crypto, 2024), inYear(crypto, 2025)]).toEqual([366, 365])
})

test('sessionOn() ends at noon on a half day in Hong Kong and at 13:00 on an early close in New York', () => {
  const clocks = (market: 'hk' | 'us', date: number) =>
    sessionOn(market, tradeDate(date)).segments.map(({ start, end }) => `${formatClock(start).slice(0, 5)}-${formatClock(end).slice(0, 5)}`)
  expect(clocks('hk', 20260216)).toEqual(['09:30-12:00'])
  expect(clocks('hk', 20260220)).toEqual(['09:30-12:00', '13:00-16:00'])
  expect(clocks('us', 20261127)).toEqual(['09:30-13:00'])
  expect([
    minutesOn('cn', tradeDate(20260105)),
    minutesOn('hk', tradeDate(20260105)),
    minutesOn('us', tradeDate(20260105)),
    minutesOn('crypto', tradeDate(20260105)),
  ]).toEqual([240, 330, 390, 1440])
  expect([minutesOn('hk', tradeDate(20261224)), minutesOn('us', tradeDate(20261224))]).toEqual([150, 210])
  expect([earlyCloseOn('cn', tradeDate(20261224)), earlyCloseOn('crypto', tradeDate(20261224))]).toEqual([undefined, undefined])
  expect(formatClock(closeAuctionOn('hk', tradeDate(20261224))!.end)).toBe('12:10:00')
  expect(formatClock(closeAuctionOn('us', tradeDate(20261224))!.start)).toBe('12:50:00')
})

test('openInstant() and closeInstant() follow the zone through a week of change', () => {
  const hours = (market: 'us' | 'hk', date: number) =>
    [openInstant(market, tradeDate(date)), closeInstant(market, tradeDate(date))].map((at) => new Date(at).toISOString().slice(11, 16))
  expect([hours('us', 20251031), hours('us', 20251103)]).toEqual([
    ['13:30', '20:00'],
    ['14:30', '21:00'],
  ])
  expect([hours('us', 20260306), hours('us', 20260309), hours('us', 20251128)]).toEqual([
    ['14:30', '21:00'],
    ['13:30', '20:00'],
    ['14:30', '18:00'],
  ])
  expect(hours('hk', 20260306)).toEqual(['01:30', '08:00'])
})

test('lastEnded() is the day whose session is over by the exchange’s own clock', () => {
  expect(lastEnded('us', utc('2026-03-09T19:59:59Z'))).toBe(20260306)
  expect(lastEnded('us', utc('2026-03-09T20:00:00Z'))).toBe(20260309)
  expect(lastEnded('us', utc('2026-07-04T12:00:00Z'))).toBe(20260702)
  // Hong Kong is over when its closing auction is.
  expect(lastEnded('hk', utc('2026-03-09T08:09:59Z'))).toBe(20260306)
  expect(lastEnded('hk', utc('2026-03-09T08:10:00Z'))).toBe(20260309)
  expect(lastEnded('cn', utc('2026-03-09T07:00:00Z'))).toBe(20260309)
  // The day of a coin is over at the midnight that ends it.
  expect(lastEnded('crypto', utc('2026-03-08T23:59:59Z'))).toBe(20260307)
  expect(lastEnded('crypto', utc('2026-03-09T00:00:00Z'))).toBe(20260308)
})

test('tickAt() follows Hong Kong’s table and its reform, and is finer below a dollar in New York', () => {
  const ticks = (market: (typeof MARKETS)[number], date: number, ...prices: readonly number[]) => prices.map((price) => tickAt(market, price, tradeDate(date)))
  expect(ticks('hk', 20250801, 0.2, 0.4, 5, 10, 15, 60, 150, 300, 700, 1500, 3000, 7000)).toEqual([
    0.001, 0.005, 0.01, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5,
  ])
  expect(ticks('hk', 20250804, 9.99, 15, 20, 30, 50, 60)).toEqual([0.01, 0.01, 0.01, 0.02, 0.02, 0.05])
  expect(ticks('us', 20260105, 0.5, 1, 1.01, 200)).toEqual([0.0001, 0.0001, 0.01, 0.01])
  expect([ticks('cn', 20260105, 3)[0], ticks('crypto', 20260105, 60_000)[0]]).toEqual([0.01, 0.01])
})

test('PROFILES divide their sessions into bars of every length', () => {
  for (const market of MARKETS) {
    expect(PROFILES[market].market).toBe(market)
    for (const interval of INTERVALS) expect(minutesOn(market, tradeDate(20260105)) >= (minutesOf(interval) ?? 1)).toBe(true)
  }
})
