import { aShareCalendar } from '#core/a-share-calendar.ts'
import { sessionRulesOn } from '#core/session.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { minuteBars } from './minute-bars.ts'
import { tickDay } from './tick-path.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20241231))
const world = createWorld({ seed: 4, size: 40, dates })

test('minuteBars() add up to the daily bar exactly, and stay in its range', () => {
  let checked = 0
  for (const stock of world.stocks) {
    const bars = dailyBars(world, stock)
    for (let day = 7; day < dates.length; day += 59) {
      const ticks = tickDay(world, bars, day)
      if (ticks === undefined) continue
      const minutes = minuteBars(ticks, sessionRulesOn(dates[day]!, stock.exchange, stock.board))
      const traded = Array.from(minutes.volume.keys()).filter((slot) => minutes.volume[slot]! > 0)
      expect([
        minutes.open[traded[0]!],
        Math.max(...traded.map((slot) => minutes.high[slot]!)),
        Math.min(...traded.map((slot) => minutes.low[slot]!)),
        minutes.close[240],
        minutes.volume.reduce((sum, shares) => sum + shares, 0),
        minutes.amount.reduce((sum, amount) => sum + amount, 0),
      ]).toEqual([bars.open[day], bars.high[day], bars.low[day], bars.close[day], bars.volume[day], bars.amount[day]])
      for (const slot of traded) {
        const average = minutes.amount[slot]! / minutes.volume[slot]!
        if (!(minutes.low[slot]! <= Math.min(minutes.open[slot]!, minutes.close[slot]!) && average >= bars.low[day]! && average <= bars.high[day]!))
          throw new Error(`${stock.code} ${dates[day]} slot ${slot}`)
      }
      // Nothing trades while the closing call collects orders.
      expect([minutes.volume[238], minutes.volume[239]]).toEqual([0, 0])
      expect([minutes.open[238], minutes.high[239], minutes.low[239]]).toEqual([minutes.close[237], minutes.close[237], minutes.close[237]])
      checked++
    }
  }
  expect(checked).toBeGreaterThan(120)
})

test('minuteBars() of a day without ticks are refused', () => {
  const bars = dailyBars(world, world.stocks[0]!)
  const ticks = tickDay(
    world,
    bars,
    bars.volume.findIndex((shares) => shares > 0),
  )!
  expect(() => minuteBars({ ...ticks, length: 0 }, sessionRulesOn(dates[0]!, 'SH', 'main'))).toThrow(/has no ticks/)
})

// Real minutes: 15 stock-days of three-second prints of 300027, 600977 and 300550 (L1 of 2017 and 2018): 10 % and 1.4 % without a range, bodies of 0.545 and 0.515.
test('minuteBars() look like real minutes: few without a range where 50 million and more are traded, and bodies that leave room for wicks', () => {
  const found = [
    { from: 50e6, to: 200e6, flat: 0.15, body: 0.72, shapes: [] as Shape[] },
    { from: 200e6, to: 1000e6, flat: 0.06, body: 0.68, shapes: [] as Shape[] },
  ]
  for (const stock of world.stocks) {
    const bars = dailyBars(world, stock)
    for (let day = 11; day < dates.length; day += 23) {
      const yuan = bars.amount[day]! / 1000
      const wanted = found.find(({ from, to }) => yuan >= from && yuan < to)
      if (wanted === undefined || bars.high[day] === bars.limitUp[day] || bars.low[day] === bars.limitDown[day]) continue
      wanted.shapes.push(shapeOf(minuteBars(tickDay(world, bars, day)!, sessionRulesOn(dates[day]!, stock.exchange, stock.board))))
    }
  }
  for (const { flat, body, shapes } of found) {
    expect(shapes.length).toBeGreaterThan(40)
    const mean = (name: keyof Shape) => shapes.reduce((sum, shape) => sum + shape[name], 0) / shapes.length
    expect(mean('flat')).toBeLessThan(flat)
    expect(mean('body')).toBeLessThan(body)
    expect(mean('body')).toBeGreaterThan(0.45)
  }
})

/** Share of minutes without a range, and the mean of body ÷ range of the others. */
interface Shape {
  readonly flat: number
  readonly body: number
}

function shapeOf({ open, high, low, close }: ReturnType<typeof minuteBars>): Shape {
  let [flat, body, count] = [0, 0, 0]
  for (let slot = 2; slot <= 237; slot++) {
    count++
    if (high[slot] === low[slot]) flat++
    else body += Math.abs(close[slot]! - open[slot]!) / (high[slot]! - low[slot]!)
  }
  return { flat: flat / count, body: body / (count - flat) }
}
