import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dailyBars } from './daily-bars.ts'
import { createWorld } from './world.ts'

// Bands: 5th to 95th percentile of real A-shares, 2012–2023 and 2017–2023 joined (spec stylised-facts). The medians of the generated stocks must lie inside.
const world = createWorld({ seed: 6, size: 200, dates: aShareCalendar.dates(tradeDate(20230103), tradeDate(20251231)) })
const stocks = world.stocks
  .map((stock) => dailyBars(world, stock))
  .map((bars) => {
    const traded = Array.from(bars.volume.keys()).filter((day) => bars.volume[day]! > 0 && day - bars.stock.listDay >= 6)
    return {
      board: bars.stock.board,
      days: traded,
      returns: traded.map((day) => Math.log(bars.close[day]! / bars.preClose[day]!)),
      logVolume: traded.map((day) => Math.log(bars.volume[day]! / bars.totalShares[day]!)),
      up: traded.filter((day) => bars.close[day] === bars.limitUp[day]).length / traded.length,
      down: traded.filter((day) => bars.close[day] === bars.limitDown[day]).length / traded.length,
    }
  })
  .filter(({ days }) => days.length > 400)

const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length
const median = (x: readonly number[]) => x.toSorted((a, b) => a - b)[Math.floor(x.length / 2)]!

function moment(x: readonly number[], power: number): number {
  const centre = mean(x)
  return mean(x.map((value) => (value - centre) ** power))
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [mean(x), mean(y)]
  return mean(x.map((value, i) => (value - mx) * (y[i]! - my))) / Math.sqrt(moment(x, 2) * moment(y, 2))
}

const lagged = (x: readonly number[], lag: number) => correlation(x.slice(lag), x.slice(0, -lag))
const overStocks = (of: (stock: (typeof stocks)[number]) => number) => median(stocks.map(of))
const absolute = (x: readonly number[]) => x.map(Math.abs)

function expectWithin(value: number, low: number, high: number): void {
  expect(value).toBeGreaterThan(low)
  expect(value).toBeLessThan(high)
}

test('simulated stocks have an annual volatility inside the real band', () => {
  expectWithin(
    overStocks(({ returns }) => Math.sqrt(244 * moment(returns, 2))),
    0.313,
    0.595,
  )
})

test('simulated stocks have heavy tails like real ones', () => {
  expectWithin(
    overStocks(({ returns }) => moment(returns, 4) / moment(returns, 2) ** 2 - 3),
    1.29,
    6.46,
  )
})

test('simulated stocks move together as real ones do', () => {
  const full = stocks.map(({ days, returns }) => {
    const byDay = Array.from({ length: world.dates.length }, () => 0)
    for (const [i, day] of days.entries()) byDay[day] = returns[i]!
    return byDay
  })
  const pairs = full.flatMap((x, i) => full.filter((_, j) => j < i && (i + j) % 7 === 0).map((y) => correlation(x, y)))
  expectWithin(median(pairs), 0.139, 0.444)
})

test('simulated returns remember their size but hardly their sign', () => {
  expectWithin(
    overStocks(({ returns }) => lagged(absolute(returns), 1)),
    0.0796,
    0.369,
  )
  expectWithin(
    overStocks(({ returns }) => lagged(absolute(returns), 5)),
    0.0349,
    0.284,
  )
  expectWithin(
    overStocks(({ returns }) => lagged(absolute(returns), 20)),
    0.00398,
    0.21,
  )
  expectWithin(
    overStocks(({ returns }) => lagged(returns, 1)),
    -0.0453,
    0.14,
  )
})

test('simulated volume has a long memory and follows the size of the move', () => {
  expectWithin(
    overStocks(({ logVolume }) => lagged(logVolume, 1)),
    0.734,
    0.931,
  )
  expectWithin(
    overStocks(({ logVolume }) => lagged(logVolume, 20)),
    0.216,
    0.767,
  )
  expectWithin(
    overStocks(({ returns, logVolume }) => correlation(absolute(returns), logVolume)),
    0.195,
    0.547,
  )
})

test('simulated main-board stocks close at a limit about as often as real ones, more often up than down', () => {
  const main = stocks.filter(({ board }) => board === 'main')
  const [up, down] = [mean(main.map((stock) => stock.up)), mean(main.map((stock) => stock.down))]
  expectWithin(up, 0.004, 0.025)
  expectWithin(down, 0.0005, 0.015)
  expect(up).toBeGreaterThan(down)
})

test('simulated stocks leave their price unchanged on about two days in a hundred', () => {
  expectWithin(
    overStocks(({ returns }) => returns.filter((r) => r === 0).length / returns.length),
    0.00466,
    0.0766,
  )
})
