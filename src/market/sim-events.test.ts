import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { STATUS } from './listing-status.ts'
import { REGIMES } from './regime.ts'
import { regimeChanges } from './regime-changes.ts'
import { marketEvents, stockEvents } from './sim-events.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20251231))
const world = createWorld({ seed: 21, size: 150, dates })
const drawn = world.stocks.map((stock) => ({ stock, bars: dailyBars(world, stock), events: stockEvents(world, stock) }))
const events = drawn.flatMap((own) => own.events)
const of = (kind: string) => events.filter((event) => event.kind === kind)
const days = drawn.reduce((sum, { bars }) => sum + bars.volume.filter((volume) => volume > 0).length, 0)

test('stockEvents() tell of six pieces of company news a year, half of them public, and of every kind of event', () => {
  const news = of('news')
  expect((news.length / days) * 243).toBeGreaterThan(5.7)
  expect((news.length / days) * 243).toBeLessThan(6.3)
  const told = news.filter(({ isPublic }) => isPublic)
  expect(told.length / news.length).toBeCloseTo(0.5, 1)
  expect(told.filter(({ isSentimentKnown }) => isSentimentKnown).length / told.length).toBeCloseTo(0.7, 1)
  expect(news.some(({ isPublic, isSentimentKnown }) => !isPublic && isSentimentKnown)).toBe(false)
  for (const kind of ['earnings', 'unlock', 'buy_back', 'ipo', 'suspension', 'resumption', 'risk_warning', 'limit_up_chain', 'reversal'])
    expect(of(kind).length, kind).toBeGreaterThan(0)
})

test('stockEvents() tell of every suspension with its length, every listing and every change of status', () => {
  for (const { stock, bars, events: own } of drawn) {
    const dayOf = (date: number) => world.dayOf.get(date as never)!
    const suspended = new Set<number>()
    for (const { date, days: length } of own.filter(({ kind }) => kind === 'suspension'))
      for (let day = dayOf(date); day < Math.min(dates.length, dayOf(date) + length); day++) suspended.add(day)
    const quiet = dates.keys().filter((day) => day >= Math.max(0, stock.listDay) && bars.volume[day] === 0 && bars.status[day] !== STATUS.delisted)
    expect(new Set(quiet), stock.code).toEqual(suspended)
    expect(own.filter(({ kind }) => kind === 'ipo').map(({ date }) => dayOf(date))).toEqual(stock.listDay >= 0 ? [stock.listDay] : [])
    let changes = 0
    for (let day = Math.max(1, stock.listDay + 1); day < dates.length; day++) if (bars.status[day] !== bars.status[day - 1]) changes++
    const known = own.filter(({ kind, date }) => /^(risk_warning|delisting_period|delisted)/.test(kind) && dayOf(date) > 0)
    expect(known).toHaveLength(changes)
  }
})

test('stockEvents() of a limit-up chain are the bursts of its days, and are not public', () => {
  const chains = of('limit_up_chain')
  expect(chains.every(({ isPublic, size, startsAt, days: nth }) => !isPublic && size > 0.01 && startsAt >= 9.5 * 3_600_000 && nth >= 1)).toBe(true)
  for (const { bars, events: own } of drawn)
    for (const { date, size } of own.filter(({ kind }) => kind === 'limit_up_chain'))
      expect(bars.path.burst[world.dayOf.get(date)!]).toBeLessThanOrEqual(size + 1e-6)
  expect(of('reversal').every(({ size }) => size < 0)).toBe(true)
})

test('listening changes nothing: the bars of a walk that tells are those of one that does not', () => {
  const [again] = stockEvents(world, world.stocks[3]!)
  expect(again).toEqual(drawn[3]!.events[0])
  expect(dailyBars(world, world.stocks[3]!)).toEqual(drawn[3]!.bars)
})

test('marketEvents() are the policy nights, flash crashes, themes and cycles of the factors', () => {
  const found = marketEvents(world)
  const count = (kind: string) => found.filter((event) => event.kind === kind).length
  expect(count('flash_crash')).toBe(world.factors.flash.depth.filter((depth) => depth > 0).length)
  expect(count('policy') / (dates.length / 243)).toBeGreaterThan(2)
  expect(count('policy') / (dates.length / 243)).toBeLessThan(6)
  const running = world.factors.themes.reduce((sum, row) => sum + row.reduce((on, day) => on + day, 0), 0)
  expect(found.filter(({ kind }) => kind === 'theme').reduce((sum, { days: length }) => sum + length, 0)).toBe(running)
  expect(count('cycle')).toBeGreaterThan(1)
  // A night of policy news is larger than the others.
  const size = (on: boolean) => {
    const nights = dates.keys().filter((day) => found.some(({ kind, date }) => kind === 'policy' && date === dates[day]) === on)
    const all = [...nights].map((day) => Math.abs(world.factors.market.overnight[day]!))
    return all.reduce((sum, x) => sum + x, 0) / all.length
  }
  expect(size(true)).toBeGreaterThan(1.5 * size(false))
})

test('regimeChanges() are the states the market factor was drawn with', () => {
  const changes = regimeChanges(world, 'MKT', 0, dates.length)
  expect(changes[0]).toMatchObject({ day: 0, minute: 0 })
  const stateAt = (day: number, minute: number) => changes.findLast((each) => each.day < day || (each.day === day && each.minute <= minute))!.state
  for (const day of [0, 3, 50, 400, 900]) {
    let square = 0
    for (let minute = 0; minute < 240; minute++) square += REGIMES[stateAt(day, minute)].volatility ** 2 / 240
    const { sd, logVolatility } = world.factors.market
    expect((sd[day]! * Math.sqrt(243)) / (0.162 * Math.exp(logVolatility[day]!))).toBeCloseTo(Math.sqrt(square), 6)
  }
  expect(changes.length).toBeGreaterThan(100)
  expect(changes.every(({ state }, i) => i === 0 || state !== changes[i - 1]!.state)).toBe(true)
})
