import { aShareCalendar } from '#core/a-share-calendar.ts'
import { numbers } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { bookPictures } from './book-pictures.ts'
import { dailyBars } from './daily-bars.ts'
import { tickDay } from './tick-path.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20241231))
const world = createWorld({ seed: 4, size: 60, dates })
const cases = world.stocks.slice(0, 24).flatMap((stock) => {
  const bars = dailyBars(world, stock)
  // One ordinary day and, where there is one, a day that closes sealed at the upper limit.
  const days = [100, bars.close.findIndex((close, day) => close > 0 && close === bars.limitUp[day])]
  return days.flatMap((day) => {
    const ticks = day < 0 ? undefined : tickDay(world, bars, day)
    return ticks === undefined ? [] : [{ bars, day, ticks, frame: bookPictures(world, bars, ticks, 'simulator') }]
  })
})

test('bookPictures() count volume, turnover and trades up to each record, and end with the bar of the day', () => {
  expect(cases.length).toBeGreaterThan(30)
  for (const { bars, day, ticks, frame } of cases) {
    const end = frame.length - 1
    expect(frame.length).toBe(ticks.length)
    expect(['open', 'high', 'low', 'last', 'prev_close', 'cum_volume'].map((name) => numbers(frame, name)[end])).toEqual([
      bars.open[day],
      bars.high[day],
      bars.low[day],
      bars.close[day],
      bars.preClose[day],
      bars.volume[day],
    ])
    expect(numbers(frame, 'cum_amount')[end]).toBeCloseTo(bars.amount[day]! / 1000, 3)
    const volume = numbers(frame, 'cum_volume')
    for (let row = 1; row <= end; row++) expect(volume[row]! - volume[row - 1]!).toBe(ticks.volume[row])
  }
})

test('bookPictures() show the quotes in force for the next record, ten levels apart by ticks, inside the limits, whole lots', () => {
  for (const { bars, day, ticks, frame } of cases)
    for (let row = 0; row < frame.length - 2; row++) {
      const [bids, asks] = ['bid', 'ask'].map((side) => Array.from({ length: 10 }, (_, k) => numbers(frame, `${side}${k + 1}`)[row]!)) as [number[], number[]]
      const sizes = ['bid', 'ask'].flatMap((side) => Array.from({ length: 10 }, (_, k) => numbers(frame, `${side}_volume${k + 1}`)[row]!))
      const isQuoted = bids[0] === ticks.bid1[row + 1] && asks[0] === ticks.ask1[row + 1]
      const areSteps =
        bids.every((bid, k) => k === 0 || bid === 0 || bid === bids[k - 1]! - 10) && asks.every((ask, k) => k === 0 || ask === 0 || ask === asks[k - 1]! + 10)
      const isInside = bars.limitUp[day] === 0 || (Math.max(...asks) <= bars.limitUp[day]! && bids.every((bid) => bid === 0 || bid >= bars.limitDown[day]!))
      const areLots = sizes.every((size, k) => ((k < 10 ? bids[k] : asks[k - 10]) === 0 ? size === 0 : size > 0 && size % bars.stock.lot === 0))
      if (!(isQuoted && areSteps && isInside && areLots)) throw new Error(`${ticks.code} ${ticks.date} picture ${row}`)
    }
})

test('bookPictures() have a long queue and nobody opposite while a board is sealed, and no book after the close', () => {
  const sealed = cases.filter(({ bars, day }) => bars.close[day] === bars.limitUp[day])
  expect(sealed.length).toBeGreaterThan(5)
  for (const { frame } of sealed) {
    const row = frame.length - 3
    expect([numbers(frame, 'ask1')[row], numbers(frame, 'ask_volume1')[row]]).toEqual([0, 0])
    expect(numbers(frame, 'bid_volume1')[row]).toBeGreaterThan((10 * numbers(frame, 'cum_volume').at(-1)!) / frame.length)
    expect([numbers(frame, 'bid1').at(-1), numbers(frame, 'ask_volume10').at(-1)]).toEqual([NaN, NaN])
  }
})
