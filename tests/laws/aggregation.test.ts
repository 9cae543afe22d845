import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { INTERVALS, minutesOf, segmentMinutes, slotEnd, slotStart } from '#core/kline-interval.ts'
import { marketCalendar, minutesOn, sessionOn } from '#core/market-day.ts'
import { MARKETS, PROFILES, type Market } from '#core/market-profile.ts'
import { clockTime, formatClock } from '#core/shanghai-time.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { zoneInstant } from '#core/zone-time.ts'
import { foldBars } from '#numeric/fold-bars.ts'
import { minuteBuckets, type MinuteBuckets } from '#numeric/minute-buckets.ts'
import { resampleBars, type MinuteBars } from '#numeric/resample-bars.ts'
import { expect, test } from 'vitest'

const vectors = join(process.env['FUPAN_SHARED'] ?? '../shared', 'spec/post-close-vectors.json')
const LENGTHS = INTERVALS.map(minutesOf).filter((minutes) => minutes !== undefined && minutes > 1) as readonly number[]
const FULL = tradeDate(20260105)

const bucketsOn = (market: Market, date: TradeDate, minutes: number, counting?: 'day' | 'segment') =>
  minuteBuckets(segmentMinutes(sessionOn(market, date)), minutes, counting)

const labels = (market: Market, date: TradeDate, { firstSlot, lastSlot }: MinuteBuckets, edge: 'end' | 'start') =>
  Array.from(edge === 'end' ? lastSlot : firstSlot, (slot) => (edge === 'end' ? slotEnd : slotStart)(sessionOn(market, date), slot))
const clocks = (times: readonly number[]) => times.map((time) => formatClock(time).slice(0, 5)).join(' ')
const instants = (market: Market, date: TradeDate, times: readonly number[]) =>
  times.map((time) => new Date(zoneInstant(PROFILES[market].zone, date, time)).toISOString().slice(0, 16))

/** Whole-number bars of some days, so that sums are exact; every seventh minute without a trade. */
function minutesOfDays(market: Market, dates: readonly TradeDate[], auction: 'separate' | 'merged'): MinuteBars {
  const rows = dates.flatMap((date) =>
    Array.from({ length: minutesOn(market, date) + 1 }, (_, slot) => {
      const volume = slot % 7 === 3 ? 0 : 100 + ((slot * 37 + date) % 91)
      const [open, close] = [1000 + ((slot * 31 + date) % 17), 1000 + ((slot * 29 + date) % 19)]
      return slot === 0
        ? { date, slot, open: 1003, high: 1003, low: 1003, close: 1003, volume: 5000 }
        : { date, slot, open, close, high: volume === 0 ? open : Math.max(open, close) + 2, low: volume === 0 ? open : Math.min(open, close) - 2, volume }
    }).flatMap((row, slot, all) => {
      if (auction === 'separate' || slot > 1) return [row]
      if (slot === 0) return []
      const print = all[0]!
      return [{ ...row, open: print.open, high: Math.max(row.high, print.high), low: Math.min(row.low, print.low), volume: row.volume + print.volume }]
    }),
  )
  const column = (value: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, value)
  return {
    day: rows.map(({ date }) => date),
    slot: rows.map(({ slot }) => slot),
    open: column(({ open }) => open),
    high: column(({ high }) => high),
    low: column(({ low }) => low),
    close: column(({ close }) => close),
    volume: column(({ volume }) => volume),
    amount: column(({ close, volume }) => close * volume),
    trades: column(({ volume }) => Math.sign(volume)),
  }
}

const prices = ({ day, slot, open, high, low, close, volume }: MinuteBars) => ({ day, slot, open, high, low, close, volume })

test.skipIf(!existsSync(vectors))('minuteBuckets() and resampleBars() give the aggregation vectors of the specification (needs FUPAN_SHARED)', () => {
  const { aggregation } = JSON.parse(readFileSync(vectors, 'utf8')) as {
    readonly aggregation: {
      readonly bars_1m: readonly (readonly [string, number, number, number, number, number])[]
      readonly expected_5m: Readonly<Record<string, readonly number[]>>
      readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>
      readonly counts: Readonly<Record<string, readonly number[]>>
    }
  }
  for (const [name, byLength] of Object.entries(aggregation.labels)) {
    const market = name.toLowerCase() as Market
    for (const [minutes, expected] of Object.entries(byLength))
      expect(clocks(labels(market, FULL, bucketsOn(market, FULL, Number(minutes)), 'end'))).toBe(expected)
  }
  for (const [name, expected] of Object.entries(aggregation.counts))
    expect(LENGTHS.map((minutes) => bucketsOn(name.toLowerCase() as Market, FULL, minutes).lastSlot.length)).toEqual(expected)
  const session = sessionOn('cn', FULL)
  const slots = new Map(Array.from({ length: 240 }, (_, i) => [slotEnd(session, i + 1), i + 1]))
  const column = (at: number) => Float64Array.from(aggregation.bars_1m, (row) => row[at] as number)
  const volume = column(5)
  const five = resampleBars(
    {
      day: aggregation.bars_1m.map(() => FULL),
      slot: aggregation.bars_1m.map(([label]) => slots.get(clockTime(label))!),
      open: column(1),
      high: column(2),
      low: column(3),
      close: column(4),
      volume,
      amount: volume,
      trades: volume,
    },
    bucketsOn('cn', FULL, 5),
  )
  for (const [k, [label, expected]] of Object.entries(aggregation.expected_5m).entries()) {
    expect(formatClock(slotEnd(session, five.slot[k]!)).slice(0, 5)).toBe(label.slice(0, 5))
    expect([five.open[k], five.high[k], five.low[k], five.close[k], five.volume[k]]).toEqual(expected)
  }
})

test('minuteBuckets() label bars at their end or at their start, across breaks', () => {
  const of = (market: Market, minutes: number, edge: 'end' | 'start', counting?: 'day' | 'segment') =>
    clocks(labels(market, FULL, bucketsOn(market, FULL, minutes, counting), edge))
  expect(of('cn', 60, 'start')).toBe('09:30 10:30 13:00 14:00')
  expect(of('hk', 30, 'start')).toBe('09:30 10:00 10:30 11:00 11:30 13:00 13:30 14:00 14:30 15:00 15:30')
  expect(of('hk', 60, 'end')).toBe('10:30 11:30 13:30 14:30 15:30 16:00')
  // The third hour begins at 11:30 and goes on after lunch.
  expect(of('hk', 60, 'start')).toBe('09:30 10:30 11:30 13:30 14:30 15:30')
  expect(of('hk', 60, 'end', 'segment')).toBe('10:30 11:30 12:00 14:00 15:00 16:00')
  expect(of('hk', 60, 'start', 'segment')).toBe('09:30 10:30 11:30 13:00 14:00 15:00')
  expect(of('hk', 120, 'end', 'segment')).toBe('11:30 12:00 15:00 16:00')
  expect(of('us', 30, 'end')).toBe('10:00 10:30 11:00 11:30 12:00 12:30 13:00 13:30 14:00 14:30 15:00 15:30 16:00')
  expect(of('us', 120, 'start')).toBe('09:30 11:30 13:30 15:30')
  expect(of('us', 60, 'end', 'segment')).toBe(of('us', 60, 'end'))
})

test('minuteBuckets() of coins are the buckets of the UTC clock', () => {
  expect(LENGTHS.map((minutes) => bucketsOn('crypto', FULL, minutes).lastSlot.length)).toEqual([288, 96, 48, 24, 12])
  const hours = bucketsOn('crypto', FULL, 60)
  expect(instants('crypto', FULL, labels('crypto', FULL, hours, 'start')).slice(0, 3)).toEqual(['2026-01-05T00:00', '2026-01-05T01:00', '2026-01-05T02:00'])
  expect(instants('crypto', FULL, labels('crypto', FULL, hours, 'end')).at(-1)).toBe('2026-01-06T00:00')
})

test('minuteBuckets() of short days end with the day: a short bucket, not the label of a full one', () => {
  const of = (market: Market, date: number, minutes: number) => clocks(labels(market, tradeDate(date), bucketsOn(market, tradeDate(date), minutes), 'end'))
  expect(of('hk', 20260216, 60)).toBe('10:30 11:30 12:00')
  expect(of('hk', 20260216, 120)).toBe('11:30 12:00')
  expect(of('us', 20261127, 60)).toBe('10:30 11:30 12:30 13:00')
  expect(of('us', 20261127, 120)).toBe('11:30 13:00')
  const counts = (market: Market, date: number) => LENGTHS.map((minutes) => bucketsOn(market, tradeDate(date), minutes).lastSlot.length)
  expect([counts('hk', 20260216), counts('us', 20261127)]).toEqual([
    [30, 10, 5, 3, 2],
    [42, 14, 7, 4, 2],
  ])
})

test('labels of New York keep the wall clock and move by an hour against UTC, in both weeks of change; those of Hong Kong stay', () => {
  const hourly = (market: Market, date: number) =>
    instants(market, tradeDate(date), labels(market, tradeDate(date), bucketsOn(market, tradeDate(date), 60), 'end')).map((at) => at.slice(11))
  expect(hourly('us', 20260306)).toEqual(['15:30', '16:30', '17:30', '18:30', '19:30', '20:30', '21:00'])
  expect(hourly('us', 20260309)).toEqual(['14:30', '15:30', '16:30', '17:30', '18:30', '19:30', '20:00'])
  expect(hourly('us', 20261030)).toEqual(hourly('us', 20260309))
  expect(hourly('us', 20261102)).toEqual(hourly('us', 20260306))
  expect(hourly('hk', 20260306)).toEqual(hourly('hk', 20260309))
})

/** Days in a row around a half day and a change of clocks. */
const days: Readonly<Record<Market, readonly TradeDate[]>> = {
  cn: marketCalendar('cn').dates(tradeDate(20260302), tradeDate(20260313)),
  hk: marketCalendar('hk').dates(tradeDate(20260211), tradeDate(20260224)),
  us: marketCalendar('us').dates(tradeDate(20261027), tradeDate(20261201)),
  crypto: marketCalendar('crypto').dates(tradeDate(20261031), tradeDate(20261102)),
}

test.each(MARKETS)(
  'resampleBars() of %s: an auction bar of its own and one folded into the first minute give the same bars of every length and the same day',
  (market) => {
    const [separate, merged] = [minutesOfDays(market, days[market], 'separate'), minutesOfDays(market, days[market], 'merged')]
    const whole = (bars: MinuteBars) => {
      const starts = Array.from(bars.day, (_, i) => i).filter((i) => bars.day[i] !== bars.day[i - 1])
      const { open, high, low, close, volume } = foldBars(bars, [...starts, bars.slot.length])
      return { open, high, low, close, volume }
    }
    expect(separate.slot.length - merged.slot.length).toBe(days[market].length)
    expect(whole(separate)).toEqual(whole(merged))
    for (const minutes of LENGTHS) {
      const on = (day: number) => bucketsOn(market, day as TradeDate, minutes)
      expect(prices(resampleBars(separate, on))).toEqual(prices(resampleBars(merged, on)))
    }
  },
)

test.each(MARKETS)('resampleBars() of %s: any finer length gives the same bars as minutes, half days among full ones', (market) => {
  const minutes = minutesOfDays(market, days[market], 'separate')
  const on = (length: number) => (day: number) => bucketsOn(market, day as TradeDate, length)
  for (const coarse of LENGTHS) {
    const direct = resampleBars(minutes, on(coarse))
    const perDay = days[market].map((date) => bucketsOn(market, date, coarse).lastSlot.length)
    expect(direct.slot.length).toBe(perDay.reduce((sum, count) => sum + count, 0))
    for (const fine of LENGTHS.filter((length) => length < coarse && coarse % length === 0))
      expect(resampleBars(resampleBars(minutes, on(fine)), on(coarse))).toEqual(direct)
  }
})

test('resampleBars() never spans the lunch break of China, and refuses a minute after an early close', () => {
  for (const minutes of LENGTHS) {
    const { firstSlot, lastSlot } = bucketsOn('cn', FULL, minutes)
    for (const [k, first] of firstSlot.entries()) expect(first > 120 || lastSlot[k]! <= 120).toBe(true)
  }
  const full = minutesOfDays('us', [tradeDate(20261125)], 'merged')
  expect(() => resampleBars({ ...full, day: Array.from(full.day, () => 20261127) }, (day) => bucketsOn('us', day as TradeDate, 60))).toThrow(
    /within 0 to 210, found slot 211/,
  )
})
