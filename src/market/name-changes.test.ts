import { aShareCalendar } from '#core/a-share-calendar.ts'
import { numbers } from '#core/frame.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { STATUS } from './listing-status.ts'
import { nameChangeFrame, shownNames } from './name-changes.ts'
import { nameUnder } from './stock.ts'
import { createWorld } from './world.ts'

const world = createWorld({ seed: 1, size: 200, dates: aShareCalendar.dates(tradeDate(20230103), tradeDate(20251231)) })
const bars = world.stocks.map((stock) => dailyBars(world, stock))

test('shownNames() say on every listed day the name under that day’s status, each from its first day to the day before the next', () => {
  for (const own of bars) {
    const names = shownNames(world, own)
    for (const [k, { to }] of names.entries()) {
      const next = names[k + 1]
      expect(to === undefined).toBe(next === undefined)
      if (to !== undefined) expect(to).toBeLessThan(next!.from)
    }
    for (let day = Math.max(0, own.stock.listDay); day < world.dates.length; day++) {
      const date = world.dates[day]!
      const shown = names.filter(({ from, to }) => from <= date && (to === undefined || to >= date))
      expect(shown.map(({ name }) => name)).toEqual([nameUnder(own.stock, own.status[day]!, day - own.stock.listDay + 1)])
    }
  }
})

test('shownNames() of a listing inside the world are N for a day, C for four, and then plain; a warning is announced the open day before', () => {
  const listed = bars.find(({ stock, status }) => stock.listDay > 0 && stock.listDay < world.dates.length - 20 && status.every((value) => value === 0))!
  const names = shownNames(world, listed)
  expect(names.map(({ name }) => name)).toEqual([`N${listed.stock.name}`, `C${listed.stock.name}`, listed.stock.name])
  expect(names.map(({ from }) => world.dayOf.get(from)! - listed.stock.listDay)).toEqual([0, 1, 5])
  const warned = bars.find(({ status }) => status[0] === STATUS.normal && (status.includes(STATUS.st) || status.includes(STATUS.starSt)))!
  const day = warned.status.findIndex((value) => value !== STATUS.normal)
  const shown = shownNames(world, warned).find(({ from }) => from === world.dates[day])!
  expect([shown.announced, shown.reason]).toEqual([world.dates[day - 1], warned.status[day] === STATUS.st ? 'ST' : '*ST'])
})

test('nameChangeFrame() covers every kind of name of the market, with open ends as NaN', () => {
  const frame = nameChangeFrame(world, bars)
  const { values } = frame.columns['name'] as { values: readonly string[] }
  for (const kind of [/^ST/, /^\*ST/, /^N/, /^C/])
    expect(
      values.some((name) => kind.test(name)),
      String(kind),
    ).toBe(true)
  expect(numbers(frame, 'end_date').filter((end) => Number.isNaN(end)).length).toBe(bars.length)
  expect(numbers(frame, 'start_date').every((date) => (date as TradeDate) <= world.dates.at(-1)!)).toBe(true)
})
