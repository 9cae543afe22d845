import { aShareCalendar } from '#core/a-share-calendar.ts'
import { sessionRulesOn } from '#core/session.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { balanceOfRecords } from './aggressor-balance.ts'
import { dailyBars, type DailyBars } from './daily-bars.ts'
import { addToBar, drawFatFinger, withFatFinger } from './fat-finger.ts'
import { Stream } from './keyed-stream.ts'
import { minuteBars } from './minute-bars.ts'
import { drawMoneyFlow, emptyMoneyFlow, flowSource } from './money-flow.ts'
import { stockEvents } from './sim-events.ts'
import { stockDay } from './stock-day.ts'
import { tickDay } from './tick-path.ts'
import { tradeTape } from './trade-tape.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20241231))
const world = createWorld({ seed: 5, size: 200, dates, preset: 'stress' })
const all = world.stocks.map((stock) => dailyBars(world, stock))
const cases = all.flatMap((bars) =>
  Array.from(bars.fatFingers, ([day, slip]) => ({ bars, day, slip, ticks: tickDay(world, bars, day)!, usual: tickDay(world, withoutSlip(bars, day), day)! })),
)
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

/** The bars as they would be had nobody mistyped anything that day. */
function withoutSlip(bars: DailyBars, day: number): DailyBars {
  const [slip, columns] = [bars.fatFingers.get(day)!, ['high', 'low', 'volume', 'amount'] as const]
  const copy = { ...bars, ...Object.fromEntries(columns.map((name) => [name, bars[name].slice()])), fatFingers: new Map() }
  copy.high[day] = slip.high
  copy.low[day] = slip.low
  copy.volume[day]! -= slip.volume
  copy.amount[day]! -= slip.volume * slip.price
  return copy
}

/** A day of seven records, one price apart from the auctions, with places for a print before the second, the fourth and the fifth. */
function plainDay(price: number, { bid = price - 10, ask = price + 10 } = {}): TickDay {
  const midnight = Date.UTC(2024, 0, 2) - 8 * 3_600_000
  const at = [33_900_000, 34_203_000, 34_209_000, 34_212_000, 34_259_000, 34_265_000, 54_000_000].map((time) => midnight + time)
  const same = (value: number) => new Float64Array(at.length).fill(value)
  const quotes = (value: number) => Float64Array.from(at, (_, i) => (i === 0 || i === at.length - 1 ? NaN : value))
  return {
    code: world.stocks[0]!.code,
    date: tradeDate(20240102),
    grain: 'AGG3S',
    length: at.length,
    at: Float64Array.from(at),
    price: new Int32Array(at.length).fill(price),
    volume: same(1000),
    amount: same(1000 * price),
    amountEstimated: new Uint8Array(at.length),
    vendorSide: same(0),
    tradeCount: same(2),
    bid1: quotes(bid),
    ask1: quotes(ask),
  }
}

/** A print in a plain day at `price` with limits. */
function drawnIn(price: number, limits: readonly [down: number, up: number], epoch: number, ticks = plainDay(price)) {
  const bars = { ...all[0]!, high: Int32Array.of(price), low: Int32Array.of(price), limitUp: Int32Array.of(limits[1]), limitDown: Int32Array.of(limits[0]) }
  return drawFatFinger(bars, 0, ticks, new Stream(1, 'event', 'test', epoch))
}

test('drawFatFinger() takes the other side where a limit leaves less than 3 %, and does without where both do', () => {
  const epochs = Array.from({ length: 300 }, (_, epoch) => epoch)
  const free = epochs.map((epoch) => drawnIn(10_000, [9000, 11_000], epoch)!)
  expect(Math.abs(sum(free.map(({ side }) => side)))).toBeLessThan(60)
  expect(free.every(({ price, side }) => (side > 0 ? price >= 10_300 && price <= 10_800 : price <= 9700 && price >= 9200))).toBe(true)
  // At 10.00 below a limit of 10.29 nothing is 3 % higher: all are sold, and above one of 9.50 they stop there.
  const low = epochs.map((epoch) => drawnIn(10_000, [9500, 10_290], epoch)!)
  expect(low.every(({ price, side }) => side < 0 && price <= 9700 && price >= 9500)).toBe(true)
  expect(low.some(({ price }) => price === 9500)).toBe(true)
  expect(epochs.every((epoch) => drawnIn(10_000, [9710, 10_290], epoch) === undefined)).toBe(true)
  // A tick of a price of 0.10 is 10 %.
  expect(drawnIn(100, [10, 190], 0)).toBeUndefined()
})

test('drawFatFinger() finds an empty slot right before a record of the same minute, and none on a sealed board', () => {
  const times = new Set(Array.from({ length: 100 }, (_, epoch) => drawnIn(10_000, [9000, 11_000], epoch)!.at))
  // 09:30:06 before 09:30:09, 09:31:02 before 09:31:05. Not before 09:30:12, whose slot before it is taken; not before 09:30:59, 47 seconds after the last; nor before the first record.
  expect(times).toEqual(new Set([34_206_000, 34_262_000]))
  expect(drawnIn(10_000, [9000, 10_000], 0, plainDay(10_000, { ask: 0 }))).toBeUndefined()
  expect(drawnIn(10_000, [10_000, 11_000], 0, plainDay(10_000, { bid: 0 }))).toBeUndefined()
})

test('withFatFinger() puts one trade at the far quote among records that stay as they are', () => {
  const ticks = plainDay(10_000)
  const slip = { at: 34_206_000, price: 10_500, volume: 200, side: 1 as const, level: 10_000, high: 10_000, low: 10_000 }
  const day = withFatFinger(ticks, slip)
  const row = (i: number) => [
    day.at[i]! - day.at[0]!,
    day.price[i],
    day.volume[i],
    day.amount[i],
    day.vendorSide[i],
    day.tradeCount[i],
    day.bid1[i],
    day.ask1[i],
  ]
  expect([1, 2, 3].map(row)).toEqual([
    [303_000, 10_000, 1000, 1e7, 0, 2, 9990, 10_010],
    [306_000, 10_500, 200, 2_100_000, 1, 1, 9990, 10_500],
    [309_000, 10_000, 1000, 1e7, 0, 2, 9990, 10_010],
  ])
  expect(day.length).toBe(8)
  expect(withFatFinger(ticks, { ...slip, price: 9400, side: -1 }).bid1[2]).toBe(9400)
})

test('dailyBars() of a stressed market have 0.25 prints a stock and year, on days with limits, inside them, and none on scripted days', () => {
  const years = sum(all.map(({ volume }) => volume.filter((shares) => shares > 0).length)) / 243
  expect(cases.length / years).toBeGreaterThan(0.18)
  expect(cases.length / years).toBeLessThan(0.32)
  expect(sum(cases.map(({ slip }) => slip.side))).not.toBe(cases.length)
  for (const { bars, day, slip } of cases) {
    const inside = slip.price >= bars.limitDown[day]! && slip.price <= bars.limitUp[day]!
    const away = slip.side * (slip.price / slip.level - 1)
    if (!(bars.limitUp[day]! > 0 && inside && away >= 0.03 && away <= 0.08)) throw new Error(`${bars.stock.code} ${dates[day]}: ${slip.price} at ${slip.level}`)
  }
  const script = [{ call: 'surge', symbol: cases[0]!.bars.stock.code, date: dates[cases[0]!.day]!, t: '10:30', amp: 0.02, dur: 20 }] as const
  const planted = createWorld({ seed: 5, size: 200, dates, preset: 'stress', script })
  expect(dailyBars(planted, cases[0]!.bars.stock).fatFingers.has(cases[0]!.day)).toBe(false)
})

test('a day with a print is the usual day and one trade more: in its bar, its minutes and its records, which all agree', () => {
  for (const { bars, day, slip, ticks, usual } of cases) {
    expect(ticks.length).toBe(usual.length + 1)
    const at = ticks.at.findIndex((time) => timeOfDay(time as EpochMs) === slip.at)
    for (const name of ['at', 'price', 'volume', 'amount', 'tradeCount', 'bid1', 'ask1', 'vendorSide'] as const)
      expect([...ticks[name]].toSpliced(at, 1), name).toEqual([...usual[name]])
    expect([ticks.price[at], ticks.volume[at], ticks.amount[at], ticks.tradeCount[at]]).toEqual([slip.price, slip.volume, slip.price * slip.volume, 1])
    expect(ticks.price[at - 1]).toBe(slip.level)
    // The next record is three seconds later, back at the former level; where the day is busy so is the one before.
    expect(ticks.at[at + 1]! - ticks.at[at]!).toBe(3000)
    if (ticks.length > 400) expect(ticks.at[at]! - ticks.at[at - 1]!).toBe(3000)
    expect(slip.side * (slip.price / ticks.price[at + 1]! - 1)).toBeGreaterThanOrEqual(0.0299)
    expect(ticks.bid1[at]! < ticks.ask1[at]! && ticks.price[at] === (slip.side > 0 ? ticks.ask1[at] : ticks.bid1[at])).toBe(true)
    expect([Math.max(...ticks.price), Math.min(...ticks.price), sum(ticks.volume), sum(ticks.amount)]).toEqual([
      bars.high[day],
      bars.low[day],
      bars.volume[day],
      bars.amount[day],
    ])
    const rules = sessionRulesOn(ticks.date, bars.stock.exchange, bars.stock.board)
    const [minutes, before] = [minuteBars(ticks, rules), minuteBars(usual, rules)]
    expect(minutes.close).toEqual(before.close)
    expect([Math.max(...minutes.high), Math.min(...minutes.low), sum(minutes.amount)]).toEqual([bars.high[day], bars.low[day], bars.amount[day]])
  }
})

test('a print is drawn alone as among others, and where the stock stands after its day knows nothing of it', () => {
  const calm = createWorld({ seed: 5, size: 200, dates })
  const own = calm.stocks.map((stock) => dailyBars(calm, stock)).filter(({ fatFingers }) => fatFingers.size > 0)
  expect(own.length).toBeGreaterThan(10)
  for (const bars of own.slice(0, 12)) {
    const [day, slip] = [...bars.fatFingers][0]!
    const alone = stockDay(calm, bars.stock, day)!
    expect(alone.bars.fatFingers).toEqual(new Map([[day, slip]]))
    expect(tickDay(createWorld({ seed: 5, size: 200, dates: dates.slice(0, day + 1) }), alone.bars, day)).toEqual(tickDay(calm, bars, day))
    expect(alone.after.close).toBe(bars.close[day])
    expect(alone.after.returns[(alone.after.traded - 1) % 20]).toBeCloseTo(Math.log(bars.close[day]! / bars.preClose[day]!), 12)
  }
})

test('the money flow of a day with a print follows its records: the day’s amount in both sides, the balance within 0.5 %', () => {
  let off = 0
  for (const { bars, day, ticks, usual, slip } of cases) {
    const flow = emptyMoneyFlow()
    drawMoneyFlow(world, flowSource(world, bars), day, flow)
    expect([sum(flow.buyAmount), sum(flow.sellAmount)]).toEqual([bars.amount[day], bars.amount[day]])
    const net = balanceOfRecords(ticks, bars.stock.lot)
    expect(net - balanceOfRecords(usual, bars.stock.lot)).toBe(slip.side * slip.price * slip.volume)
    if (Math.abs(net - flow.netAmount) > 0.005 * bars.amount[day]!) off++
    if (bars.amount[day]! < 10_000_000_000) continue
    const tape = tradeTape(world, bars, ticks)
    const sides = [flow.buyAmount.map((own) => -own), flow.sellAmount.map((own) => -own)] as const
    for (let i = 0; i < tape.length; i++) {
      sides[0][tape.buyClass[i]!]! += tape.amount[i]!
      sides[1][tape.sellClass[i]!]! += tape.amount[i]!
    }
    expect(Math.max(...sides.flatMap((side) => [...side].map(Math.abs))) / bars.amount[day]!).toBeLessThan(0.005)
    const at = tape.at.findIndex((time) => timeOfDay(time as EpochMs) === slip.at)
    expect([tape.price[at], tape.volume[at], tape.aggressor[at]]).toEqual([slip.price, slip.volume, slip.side])
  }
  expect(off).toBeLessThanOrEqual(1)
})

test('stockEvents() tell of every print with its time and its distance, and that nobody was told of it', () => {
  for (const bars of all.slice(0, 80)) {
    const told = stockEvents(world, bars.stock).filter(({ kind }) => kind === 'fat_finger')
    expect(told.map(({ date, startsAt, isPublic }) => [date, startsAt, isPublic])).toEqual(
      Array.from(bars.fatFingers, ([day, { at }]) => [dates[day], at, false]),
    )
    for (const { date, size } of told) {
      const { price, level } = bars.fatFingers.get(world.dayOf.get(date)!)!
      expect(size).toBeCloseTo(Math.log(price / level), 12)
    }
  }
})

test('addToBar() widens the day by the print and adds what it trades', () => {
  const bars = {
    ...all[0]!,
    high: Int32Array.of(10_100),
    low: Int32Array.of(9900),
    volume: Float64Array.of(5000),
    amount: Float64Array.of(5e7),
    fatFingers: new Map(),
  }
  addToBar(bars, 0, { at: 0, price: 10_500, volume: 100, side: 1, level: 10_000, high: 10_100, low: 9900 })
  expect([bars.high[0], bars.low[0], bars.volume[0], bars.amount[0]]).toEqual([10_500, 9900, 5100, 51_050_000])
})
