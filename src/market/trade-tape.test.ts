import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { TickDay } from '#core/tick.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { tickDay } from './tick-path.ts'
import { tradeTape } from './trade-tape.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20241231))
const world = createWorld({ seed: 4, size: 60, dates })
const cases = world.stocks.flatMap((stock, k) => {
  const bars = dailyBars(world, stock)
  return [40, 120, 200].flatMap((day) => {
    const ticks = tickDay(world, bars, day + (k % 20))
    return ticks === undefined ? [] : [{ ticks, lot: stock.lot, tape: tradeTape(world, ticks, stock.lot) }]
  })
})

test('tradeTape() adds up to each record exactly: volume, amount, number of trades, last price and time', () => {
  expect(cases.length).toBeGreaterThan(120)
  for (const { ticks, tape } of cases) {
    let at = 0
    for (let record = 0; record < ticks.length; record++) {
      let [volume, amount] = [0, 0]
      const from = at
      for (; at < from + ticks.tradeCount[record]!; at++) {
        volume += tape.volume[at]!
        amount += tape.amount[at]!
      }
      const found = [volume, amount, tape.price[at - 1], tape.at[at - 1]]
      const wanted = [ticks.volume[record], ticks.amount[record], ticks.price[record], ticks.at[record]]
      if (found.join() !== wanted.join()) throw new Error(`${ticks.code} ${ticks.date} record ${record}: ${found.join()}, wanted ${wanted.join()}`)
    }
    expect(at).toBe(tape.length)
  }
})

test('tradeTape() trades whole lots between the quotes, in time order, each with the side of its price', () => {
  for (const { tape, lot } of cases)
    for (let i = 0; i < tape.length; i++) {
      const [price, bid, ask] = [tape.price[i]!, tape.bid1[i]!, tape.ask1[i]!]
      const isOrdered = i === 0 || tape.at[i]! >= tape.at[i - 1]!
      const isQuoted = Number.isNaN(bid) || ((bid === 0 || price >= bid) && (ask === 0 || price <= ask))
      const isSided = Number.isNaN(bid) || bid === 0 || ask === 0 || tape.vendorSide[i] === 0 || tape.vendorSide[i] === (price === ask ? 1 : -1)
      if (!(isOrdered && isQuoted && isSided && tape.volume[i]! > 0 && tape.volume[i]! % lot === 0 && tape.amount[i] === price * tape.volume[i]!))
        throw new Error(`${tape.code} ${tape.date} trade ${i}`)
    }
})

test('tradeTape() has signs that last and prices that bounce, as single trades do', () => {
  const lagOne = (x: readonly number[]) => {
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    return x.slice(1).reduce((sum, value, i) => sum + (value - mean) * (x[i]! - mean), 0) / variance
  }
  const middle = (x: readonly number[]) => x.toSorted((a, b) => a - b)[Math.floor(x.length / 2)]!
  const inside = (tape: TickDay) => Array.from({ length: tape.length }, (_, i) => i).filter((i) => tape.bid1[i]! > 0 && tape.ask1[i]! > 0)
  const changesOf = (tape: TickDay, rows: readonly number[]) => rows.slice(1).map((i, k) => tape.price[i]! - tape.price[rows[k]!]!)
  const signs = middle(cases.slice(0, 30).map(({ tape }) => lagOne(inside(tape).map((i) => tape.vendorSide[i]!))))
  const bounce = middle(cases.slice(0, 20).map(({ tape }) => lagOne(changesOf(tape, inside(tape)))))
  // Real stocks: signs 0.3 to 0.7, price changes −0.28 to −0.39 (spec stylised-facts).
  expect(signs).toBeGreaterThan(0.3)
  expect(signs).toBeLessThan(0.9)
  expect(bounce).toBeLessThan(-0.2)
  expect(bounce).toBeGreaterThan(-0.5)
})

test('tradeTape() of a day is the same whenever it is asked', () => {
  const { ticks, lot, tape } = cases[5]!
  expect(tradeTape(createWorld({ seed: 4, size: 60, dates }), ticks, lot)).toEqual(tape)
})
