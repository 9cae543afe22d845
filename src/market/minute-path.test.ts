import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { VARIANCE_SHAPE } from './intraday-profile.ts'
import { Stream } from './keyed-stream.ts'
import { minuteFactors, minuteShocks } from './minute-factors.ts'
import { bendToRange, minutePath } from './minute-path.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20241231))
const world = createWorld({ seed: 4, size: 40, dates })
const sum = (x: Float64Array) => x.reduce((total, value) => total + value, 0)

test('minuteFactors() sum to the session returns of the market and of every sector, on flash-crash days too', () => {
  const crash = world.factors.flash.depth.findIndex((depth) => depth > 0)
  for (const day of [3, 100, ...(crash < 0 ? [] : [crash])]) {
    const { market, sectors } = minuteFactors(world, day)
    expect(sum(market)).toBeCloseTo(world.factors.market.session[day]!, 10)
    for (const [k, sector] of sectors.entries()) expect(sum(sector)).toBeCloseTo(world.factors.sectors[k]!.session[day]!, 10)
  }
})

test('minuteShocks() are heavy-tailed, follow the profile of the day and sum to their total', () => {
  const out = new Float64Array(237)
  const stream = new Stream(1, 'tick', 'shocks')
  let [second, fourth, first] = [0, 0, 0]
  const runs = 2000
  for (let run = 0; run < runs; run++) {
    minuteShocks(0.02, 0.01, true, stream, out)
    expect(sum(out)).toBeCloseTo(0.01, 12)
    first += out[0]! ** 2 / runs
    const z = (out[100]! - 0.01 * VARIANCE_SHAPE[100]!) / (0.02 * Math.sqrt(VARIANCE_SHAPE[100]!))
    second += z ** 2 / runs
    fourth += z ** 4 / runs
  }
  expect(first / (0.0004 * VARIANCE_SHAPE[0]!)).toBeGreaterThan(0.8)
  expect(second).toBeCloseTo(1, 0)
  expect(fourth / second ** 2).toBeGreaterThan(6)
})

test('minutePath() begins near the efficient open and ends at the efficient close', () => {
  for (const stock of world.stocks.slice(0, 10)) {
    const bars = dailyBars(world, stock)
    const day = bars.volume.findIndex((shares, at) => at > 50 && shares > 0)
    const path = minutePath(world, bars, day, world.stream('tick', stock.code, dates[day]))
    expect(path.at(-1)).toBeCloseTo(bars.path.closeAt[day]!, 6)
    expect(Math.abs(path[0]! - bars.path.openAt[day]!)).toBeLessThan(0.06)
  }
})

test('bendToRange() shrinks what strays too far from the straight way, by one factor on each side', () => {
  const prices = Float64Array.of(0, 2, -1, 0.5, 1, 4, 1)
  bendToRange(prices, 0, 1, -0.5, 2)
  // The way is 1/7, 2/7, … 1; upwards 4 − 6/7 becomes 2 − 6/7 (factor 4/11), downwards −1 − 3/7 becomes −0.5 − 3/7 (factor 0.65).
  const expected = [1 / 7 - 0.65 / 7, 2 / 7 + (12 / 7) * (4 / 11), -0.5, 4 / 7 - 0.65 / 14, 5 / 7 + (2 / 7) * (4 / 11), 2, 1]
  for (const [i, price] of expected.entries()) expect(prices[i]).toBeCloseTo(price, 12)
})

test('bendToRange() slopes to an extreme that the path strays too little to reach, without a spike', () => {
  const prices = Float64Array.from({ length: 101 }, (_, i) => 0.001 * Math.sin(i))
  bendToRange(prices, 0, prices[100]!, -0.0015, 0.03)
  expect(Math.max(...prices)).toBeCloseTo(0.03, 12)
  const steps = Array.from(prices.subarray(1), (price, i) => Math.abs(price - prices[i]!))
  // Up within fifteen places: two thousandths each and what there was of the sine.
  expect(Math.max(...steps)).toBeLessThan(0.0045)
})

test('bendToRange() reaches both extremes or stays within them, and ends where it should', () => {
  const stream = new Stream(2, 'tick', 'bend')
  let reached = 0
  for (let run = 0; run < 500; run++) {
    const prices = new Float64Array(60)
    let at = 0
    for (let i = 0; i < 60; i++) prices[i] = at += stream.normal()
    const last = prices[59]!
    const [low, high] = [Math.min(0, last) - 5 * stream.next(), Math.max(0, last) + 5 * stream.next()]
    bendToRange(prices, 0, last, low, high)
    expect(prices[59]).toBeCloseTo(last, 9)
    const [lowest, highest] = [Math.min(...prices), Math.max(...prices)]
    expect(lowest).toBeGreaterThan(low - 1e-9)
    expect(highest).toBeLessThan(high + 1e-9)
    if (Math.abs(lowest - low) < 1e-9 && Math.abs(highest - high) < 1e-9) reached++
  }
  expect(reached).toBeGreaterThan(480)
})
