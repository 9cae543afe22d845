import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { TickDay } from '#core/tick.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { CLASS_FROM, drawMoneyFlow, emptyMoneyFlow, flowSource } from './money-flow.ts'
import { tickDay } from './tick-path.ts'
import { tradeTape } from './trade-tape.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20241231))
const world = createWorld({ seed: 4, size: 60, dates })
const cases = world.stocks.flatMap((stock, k) => {
  const bars = dailyBars(world, stock)
  return [40, 120, 200].flatMap((day) => {
    const ticks = tickDay(world, bars, day + (k % 20))
    return ticks === undefined ? [] : [{ ticks, lot: stock.lot, tape: tradeTape(world, bars, ticks), bars }]
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
  const { ticks, bars, tape } = cases[5]!
  expect(tradeTape(createWorld({ seed: 4, size: 60, dates }), bars, ticks)).toEqual(tape)
})

/** How far the tape of a day is from its budget: buys by class, sells by class, and the net of the aggressors, as parts of the day's amount. */
function offBudget({ tape, bars }: (typeof cases)[number]): readonly number[] {
  const day = world.dayOf.get(tape.date)!
  const flow = emptyMoneyFlow()
  drawMoneyFlow(world, flowSource(world, bars), day, flow)
  const [buys, sells] = [flow.buyAmount.map((own) => -own), flow.sellAmount.map((own) => -own)]
  let net = -flow.netAmount
  for (let i = 0; i < tape.length; i++) {
    buys[tape.buyClass[i]!]! += tape.amount[i]!
    sells[tape.sellClass[i]!]! += tape.amount[i]!
    net += tape.aggressor[i]! * tape.amount[i]!
  }
  return [...buys, ...sells, net].map((off) => off / bars.amount[day]!)
}

test('tradeTape() follows the day’s budget of money flow: every class of both sides and the aggressors’ net within 0.5 % of the amount', () => {
  const worst = cases.map((own) => ({ own, off: Math.max(...offBudget(own).map(Math.abs)), amount: own.tape.amount.reduce((sum, value) => sum + value, 0) }))
  // Where less than 10 million CNY are traded, one order is felt: half a percent is then less than the smallest medium order.
  const usual = worst.filter(({ amount }) => amount >= 10_000_000_000)
  expect(usual.length).toBeGreaterThan(100)
  expect(usual.filter(({ off }) => off > 0.005).map(({ own, off }) => `${own.ticks.code} ${own.ticks.date}: ${off}`)).toEqual([])
  expect(worst.filter(({ off }) => off > 0.02)).toEqual([])
  expect(worst.map(({ off }) => off).toSorted((a, b) => a - b)[Math.floor(worst.length / 2)]).toBeLessThan(0.001)
})

test('tradeTape() has orders whose executed value lies in their class, one class and one side each', () => {
  for (const { tape } of cases)
    for (const [orders, classes] of [
      [tape.buyOrder, tape.buyClass],
      [tape.sellOrder, tape.sellClass],
    ] as const) {
      const value = new Map<number, number>()
      const size = new Map<number, number>()
      for (let i = 0; i < tape.length; i++) {
        value.set(orders[i]!, (value.get(orders[i]!) ?? 0) + tape.amount[i]!)
        if ((size.get(orders[i]!) ?? classes[i]) !== classes[i]) throw new Error(`${tape.code} ${tape.date}: order ${orders[i]} has two classes`)
        size.set(orders[i]!, classes[i]!)
      }
      for (const [order, own] of value) {
        const k = size.get(order)!
        if (!(order > 0 && own >= CLASS_FROM[k]! && own < (CLASS_FROM[k + 1] ?? Infinity)))
          throw new Error(`${tape.code} ${tape.date}: order ${order} of ${own}`)
      }
      const other = new Set(orders === tape.buyOrder ? tape.sellOrder : tape.buyOrder)
      if ([...value.keys()].some((order) => other.has(order))) throw new Error(`${tape.code} ${tape.date}: an order on both sides`)
    }
})

test('tradeTape() has an aggressor for every trade but those of auctions, on the side of its price, and its consecutive trades within 50 ms', () => {
  for (const { tape, ticks } of cases) {
    const recordOf = Array.from(ticks.tradeCount).flatMap((count, record) => Array.from({ length: count }, () => record))
    for (let i = 0; i < tape.length; i++) {
      const isAuction = Number.isNaN(tape.bid1[i]!)
      const side = tape.aggressor[i]!
      if (isAuction !== (side === 0) || (!isAuction && tape.vendorSide[i] !== 0 && tape.vendorSide[i] !== side))
        throw new Error(`${tape.code} ${tape.date} trade ${i}`)
      const order = side > 0 ? tape.buyOrder : tape.sellOrder
      const isSame = i > 0 && side !== 0 && tape.aggressor[i - 1] === side && order[i - 1] === order[i]
      if (isSame && recordOf[i] === recordOf[i - 1] && tape.at[i]! - tape.at[i - 1]! > 50) throw new Error(`${tape.code} ${tape.date} trade ${i}`)
    }
  }
})
