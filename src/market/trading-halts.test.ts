import { aShareCalendar } from '#core/a-share-calendar.ts'
import { minuteSlot, sessionRulesOn } from '#core/session.ts'
import { clockTime, formatClock, instantOf, timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars, emptyBars, type DailyBars } from './daily-bars.ts'
import { slotEnd } from './intraday-profile.ts'
import { minuteBars } from './minute-bars.ts'
import { stockEvents } from './sim-events.ts'
import { tickDay } from './tick-path.ts'
import { tradeTape } from './trade-tape.ts'
import { haltTrading, isHalted, tradingHalts } from './trading-halts.ts'
import { createWorld, type World } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20230103), tradeDate(20251231))
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

/** A first day opening at 10.00 with one record per slot given, each of one price, its bars, and its ticks after trading halted. */
function handDay(records: readonly (readonly [slot: number, price: number])[], close = 10_000) {
  const world = createWorld({ seed: 1, size: 4, dates: dates.slice(0, 2) })
  const stock = world.stocks.find(({ lot }) => lot === 100)!
  const prices = [10_000, ...records.map(([, price]) => price), close]
  const slots = Int32Array.from(records, ([slot]) => slot)
  const ticks: TickDay = {
    code: stock.code,
    date: dates[0]!,
    grain: 'AGG3S',
    length: prices.length,
    at: Float64Array.from(prices, (_, i) =>
      instantOf(dates[0]!, i === 0 ? clockTime('09:25') : i > slots.length ? clockTime('15:00') : slotEnd(slots[i - 1]!)),
    ),
    price: Int32Array.from(prices),
    volume: new Float64Array(prices.length).fill(100),
    amount: Float64Array.from(prices, (price) => 100 * price),
    amountEstimated: new Uint8Array(prices.length),
    vendorSide: new Float64Array(prices.length),
    tradeCount: new Float64Array(prices.length).fill(1),
    bid1: Float64Array.from(prices, (price, i) => (i === 0 || i > slots.length ? NaN : price - 10)),
    ask1: Float64Array.from(prices, (price, i) => (i === 0 || i > slots.length ? NaN : price + 10)),
  }
  const bars = emptyBars(stock, 2)
  bars.open[0] = 10_000
  bars.close[0] = close
  bars.high[0] = Math.max(...prices)
  bars.low[0] = Math.min(...prices)
  bars.volume[0] = sum(ticks.volume)
  const was = ticks.at.slice()
  if (isHalted(bars, 0)) haltTrading(ticks, slots, 100)
  const clock = (at: number) => formatClock(timeOfDay(at as EpochMs))
  const halts = tradingHalts(bars, 0, ticks).map(({ from, until, minutes, reached }) => [formatClock(from), formatClock(until), minutes, reached])
  return { times: Array.from(ticks.at.subarray(1, -1), clock), was: Array.from(was.subarray(1, -1), clock), halts }
}

test('haltTrading() stops a first day for ten minutes at 13.00 and again at 16.00, worked out by hand', () => {
  // 09:30:03, 09:35:03 (13.00: +30 %), 09:37:33, 09:45:03, 13:05:03 (16.00: +60 %), 14:00:03, 14:57:00.
  const day = handDay([
    [0, 10_500],
    [100, 13_000],
    [150, 13_200],
    [300, 12_500],
    [2500, 16_000],
    [3600, 15_000],
    [4739, 14_000],
  ])
  expect(day.was).toEqual(['09:30:03', '09:35:03', '09:37:33', '09:45:03', '13:05:03', '14:00:03', '14:57:00'])
  // The 4639 slots after the first halt's record move into the 4439 from slot 301 on: 150 → 301 + ⌊49 × 4439 ÷ 4639⌋ = 347, 300 → 491, 2500 → 2596;
  // the 2239 after 2500 into the 1943 from 2797 on: 3600 → 2797 + ⌊1099 × 1943 ÷ 2239⌋ = 3750, 4739 → 2797 + ⌊2238 × 1943 ÷ 2239⌋ = 4739.
  expect(day.times).toEqual(['09:30:03', '09:35:03', '09:47:24', '09:54:36', '13:09:51', '14:07:33', '14:57:00'])
  expect(day.halts).toEqual([
    ['09:35:03', '09:45:03', 10, 3],
    ['13:09:51', '13:19:51', 10, 6],
  ])
})

test('haltTrading() counts trading time across lunch, takes two steps at once one after the other, and looks both ways', () => {
  const lunch = handDay([
    [2299, 7000],
    [2300, 7100],
    [4000, 9000],
  ])
  // −30 % at 11:25:00: five minutes before lunch and five after it.
  expect(lunch.halts).toEqual([['11:25:00', '13:05:00', 10, -3]])
  expect(lunch.times[1]).toBe('13:05:03')
  const jump = handDay([
    [19, 16_500],
    [20, 16_500],
    [21, 6500],
    [3000, 9000],
  ])
  expect(jump.halts).toEqual([
    ['09:31:00', '09:41:00', 10, 3],
    ['09:41:00', '09:51:00', 10, 6],
    ['09:51:06', '10:01:06', 10, -3],
  ])
  expect(jump.times.slice(0, 3)).toEqual(['09:31:00', '09:51:03', '09:51:06'])
  // 12.99 and 7.01 are not there yet.
  const near = handDay([
    [5, 12_990],
    [6, 7010],
    [9, 10_000],
  ])
  expect(near.halts).toEqual([])
  expect(near.times).toEqual(near.was)
})

test('haltTrading() ends at 14:57, and begins earlier where what trades afterwards would have no time left', () => {
  const last = handDay([
    [100, 10_000],
    [4600, 13_000],
  ])
  expect(last.times).toEqual(last.was)
  expect(last.halts).toEqual([['14:50:03', '14:57:00', 6.95, 3]])
  const end = handDay([[4739, 17_000]])
  expect(end.halts).toEqual([])
  // Three records after 14:50:03: the last four move together, the first of them to 14:46:51, ten minutes and three seconds before the next one.
  const late = handDay([
    [100, 10_000],
    [4600, 13_000],
    [4601, 13_100],
    [4650, 12_000],
    [4700, 12_500],
  ])
  expect(late.times).toEqual(['09:35:03', '14:46:51', '14:56:54', '14:56:57', '14:57:00'])
  expect(late.halts).toEqual([['14:46:51', '14:56:51', 10, 3]])
})

/** Days without limits of the new listings, their moves stretched until they leave the open by 25 to 150 %. */
function wildDays(world: World): readonly { bars: DailyBars; day: number }[] {
  const found: { bars: DailyBars; day: number }[] = []
  for (const stock of world.stocks.filter(({ listDay }) => listDay >= 0)) {
    const bars = dailyBars(world, stock)
    for (let day = stock.listDay; day < Math.min(world.dates.length, stock.listDay + 5); day++)
      if (bars.limitUp[day] === 0 && bars.volume[day]! > 0) {
        stretch(bars, day, 0.25 + 0.65 * ((found.length % 20) / 19))
        found.push({ bars, day })
      }
  }
  return found
}

function stretch(bars: DailyBars, day: number, widest: number): void {
  const { path, stock } = bars
  const openAt = path.openAt[day]!
  const by = widest / Math.max(path.highAt[day]! - openAt, openAt - path.lowAt[day]!)
  for (const column of [path.highAt, path.lowAt, path.closeAt]) column[day] = openAt + by * (column[day]! - openAt)
  const priceAt = (x: number) => Math.max(10, 10 * Math.round((bars.preClose[day]! * Math.exp(x)) / 10))
  const [open, close] = [bars.open[day]!, priceAt(path.closeAt[day]!)]
  bars.close[day] = close
  bars.high[day] = Math.max(open, close, priceAt(path.highAt[day]!))
  bars.low[day] = Math.min(open, close, priceAt(path.lowAt[day]!))
  const lots = bars.volume[day]! / stock.lot
  const part = Math.floor(0.2 * lots)
  bars.amount[day] = ((open + bars.high[day] + bars.low[day]) * part + close * (lots - 3 * part)) * stock.lot
}

const world = createWorld({ seed: 9, size: 4000, dates })
const wild = wildDays(world)

/** Halts read off the single trades: the record that ends after the first trade of each step. */
function haltsOfTape(bars: DailyBars, ticks: TickDay): readonly (readonly [record: number, step: number])[] {
  const tape = tradeTape(world, bars, ticks)
  const open = ticks.price[0]!
  const crossed = new Map<number, number>()
  for (let record = 0, trade = 0; record < ticks.length - 1; record++)
    for (const end = trade + ticks.tradeCount[record]!; trade < end; trade++)
      for (const percent of [30, 60, -30, -60]) {
        const isThere = Math.sign(percent) * (100 * tape.price[trade]! - open * (100 + percent)) >= 0
        if (isThere && !crossed.has(percent)) crossed.set(percent, record)
      }
  return Array.from(crossed, ([percent, record]) => [record, percent / 10] as const).toSorted((a, b) => a[0] - b[0])
}

test('tickDay() of days without limits: no record within ten trading minutes of the first trade 30 % and 60 % from the open, and the bar as it is', () => {
  expect(wild.length).toBeGreaterThan(250)
  let [halts, second, early] = [0, 0, 0]
  for (const { bars, day } of wild) {
    const ticks = tickDay(world, bars, day)!
    const where = `${ticks.code} ${ticks.date}`
    expect([ticks.price[0], Math.max(...ticks.price), Math.min(...ticks.price), ticks.price.at(-1), sum(ticks.volume), sum(ticks.amount)], where).toEqual([
      bars.open[day],
      bars.high[day],
      bars.low[day],
      bars.close[day],
      bars.volume[day],
      bars.amount[day],
    ])
    const times = Array.from(ticks.at, (at) => timeOfDay(at as EpochMs))
    expect(times.every((time, i) => i === 0 || time > times[i - 1]!)).toBe(true)
    expect(times.slice(1, -1).every((time) => (time > 34_200_000 && time <= 41_400_000) || (time > 46_800_000 && time <= 53_820_000))).toBe(true)
    const told = tradingHalts(bars, day, ticks)
    expect(
      told.every(({ from, minutes, until }) => times.every((time) => time <= from || time > until) && (minutes === 10 || until === 53_820_000)),
      where,
    ).toBe(true)
    const reach = Math.max(bars.high[day]! / bars.open[day]! - 1, 1 - bars.low[day]! / bars.open[day]!)
    if (reach < 0.3 && told.length > 0) throw new Error(`${where}: a halt at ${reach}`)
    halts += told.length
    second += told.filter(({ reached }) => Math.abs(reached) === 6).length
    early += told.filter(({ minutes }) => minutes < 10).length
  }
  expect(halts).toBeGreaterThan(250)
  expect(second).toBeGreaterThan(50)
  expect(early).toBeLessThan(halts / 10)
})

test('halts are those of the single trades: the first at every distance, ten trading minutes without a trade after each', () => {
  for (const { bars, day } of wild.filter((_, k) => k % 20 === 0)) {
    const ticks = tickDay(world, bars, day)!
    const where = `${ticks.code} ${ticks.date}`
    const times = Array.from(ticks.at, (at) => timeOfDay(at as EpochMs))
    const found = haltsOfTape(bars, ticks)
    const trading = (from: number, until: number) => until - from - (from <= 41_400_000 && until > 41_400_000 ? 5_400_000 : 0)
    const countAt = (record: number, before = found.length) => found.slice(0, before).filter(([own]) => own === record).length
    for (const [record] of found) {
      if (record + 1 === ticks.length - 1) continue
      const pause = trading(times[record]!, times[record + 1]!)
      if (pause < 600_000 * countAt(record)) throw new Error(`${where}: a record ${pause} ms after that of ${times[record]}`)
    }
    // One that would begin with the closing auction takes nothing and is not told.
    const expected = found.filter(([record], k) => times[record]! + 600_000 * countAt(record, k) < 53_820_000)
    expect(
      tradingHalts(bars, day, ticks).map(({ reached }) => reached),
      where,
    ).toEqual(expected.map(([, step]) => step))
  }
})

test('minutes of a halt are flat with volume 0, and the extremes of the day lie in minutes that trade', () => {
  for (const { bars, day } of wild.slice(0, 80)) {
    const ticks = tickDay(world, bars, day)!
    const rules = sessionRulesOn(ticks.date, bars.stock.exchange, bars.stock.board)
    const minutes = minuteBars(ticks, rules)
    for (const { from, until } of tradingHalts(bars, day, ticks))
      for (let slot = minuteSlot(from, rules) + 1; slot < minuteSlot(until, rules); slot++) {
        const last = minutes.close[slot - 1]
        expect([minutes.volume[slot], minutes.amount[slot], minutes.open[slot], minutes.high[slot], minutes.low[slot], minutes.close[slot]]).toEqual([
          0,
          0,
          last,
          last,
          last,
          last,
        ])
      }
    const traded = Array.from(minutes.volume.keys()).filter((slot) => minutes.volume[slot]! > 0)
    expect([Math.max(...traded.map((slot) => minutes.high[slot]!)), Math.min(...traded.map((slot) => minutes.low[slot]!))]).toEqual([
      bars.high[day],
      bars.low[day],
    ])
  }
})

test('stockEvents() tell of halts as the exchange does: when, at what distance and for how long', () => {
  // Wide days without limits are rare (one in 450): this stock has two.
  const listing = createWorld({ seed: 2, size: 8000, dates, preset: 'stress' })
  const stock = listing.stocks.find(({ code }) => code === '003174.SZ')!
  const bars = dailyBars(listing, stock)
  const told = stockEvents(listing, stock).filter(({ kind }) => kind === 'halt')
  expect(told.length).toBe(2)
  for (const { date, startsAt, size, minutes, isPublic, cause } of told) {
    const day = listing.dayOf.get(date)!
    const ticks = tickDay(listing, bars, day)!
    const at = ticks.at.findIndex((time) => timeOfDay(time as EpochMs) === startsAt)
    expect([bars.limitUp[day], isPublic, minutes, cause]).toEqual([0, true, 10, `30 % ${size > 0 ? 'above' : 'below'} the open`])
    expect(timeOfDay(ticks.at[at + 1] as EpochMs) - startsAt).toBeGreaterThan(600_000)
    expect(Math.abs(Math.exp(size) - 1)).toBeGreaterThanOrEqual(0.3)
  }
  const quiet = world.stocks.find(({ listDay }) => listDay < 0)!
  expect(stockEvents(world, quiet).some(({ kind }) => kind === 'halt')).toBe(false)
})
