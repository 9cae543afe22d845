import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { marginDetailFrame, marginFrame } from './margin-frames.ts'
import { marginTargets } from './margin-targets.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20220704), tradeDate(20241231))
const world = createWorld({ seed: 4, size: 120, dates })
const bars = world.stocks.map((stock) => dailyBars(world, stock))
const whole = { first: 0, last: dates.length - 1 }
const details = marginDetailFrame(world, bars, bars, whole)
const cell = (name: string, row: number) => numbers(details, name)[row]!
const codeOf = (row: number) => labelAt(labels(details, 'ts_code'), row)!

test('marginDetailFrame() balances follow the balance before, buying and repayment exactly, in money and in shares', () => {
  let followed = 0
  for (let row = 1; row < details.length; row++) {
    expect(cell('rzye', row) >= 0 && cell('rqyl', row) >= 0 && cell('rzche', row) >= 0 && cell('rqchl', row) >= 0).toBe(true)
    const [before, day] = [row - 1, row].map((at) => world.dayOf.get(cell('trade_date', at) as TradeDate)!)
    const isNext = codeOf(row) === codeOf(row - 1) && before! + 1 === day
    if (!isNext) continue
    followed++
    if (cell('rzye', row) !== cell('rzye', row - 1) + cell('rzmre', row) - cell('rzche', row)) throw new Error(`${codeOf(row)} ${cell('trade_date', row)}`)
    if (cell('rqyl', row) !== cell('rqyl', row - 1) + cell('rqmcl', row) - cell('rqchl', row)) throw new Error(`${codeOf(row)} ${cell('trade_date', row)}`)
  }
  expect(followed).toBeGreaterThan(30_000)
})

test('marginDetailFrame() buys 2 to 22 % of a day’s amount on margin, and owes a few hundredths of the float', () => {
  const byCode = new Map(bars.map((own) => [own.stock.code as string, own]))
  const parts: number[] = []
  for (let row = 0; row < details.length; row += 7) {
    const [own, day] = [byCode.get(codeOf(row))!, world.dayOf.get(cell('trade_date', row) as TradeDate)!]
    if (own.volume[day] === 0) {
      expect(cell('rzmre', row)).toBe(0)
      continue
    }
    const bought = (cell('rzmre', row) * 1000) / own.amount[day]!
    expect(bought).toBeGreaterThan(0.019)
    expect(bought).toBeLessThan(0.22)
    expect(cell('rqye', row)).toBeCloseTo((cell('rqyl', row) * own.close[day]!) / 1000, 4)
    parts.push((cell('rzye', row) * 1000) / (own.close[day]! * own.totalShares[day]! * own.stock.floatRatio))
  }
  const median = parts.toSorted((a, b) => a - b)[Math.floor(parts.length / 2)]!
  expect(median).toBeGreaterThan(0.012)
  expect(median).toBeLessThan(0.06)
})

test('marginFrame() totals are the sums of the details of each exchange, exactly in fen', () => {
  const totals = marginFrame(world, bars, whole)
  const names = { SH: 'SSE', SZ: 'SZSE', BJ: 'BSE' } as const
  for (const column of ['rzye', 'rzmre', 'rzche', 'rqye', 'rqmcl', 'rzrqye', 'rqyl']) {
    const sums = new Map<string, number>()
    for (let row = 0; row < details.length; row++) {
      const key = `${cell('trade_date', row)} ${names[codeOf(row).slice(7) as 'SH']}`
      sums.set(key, (sums.get(key) ?? 0) + Math.round(100 * cell(column, row)))
    }
    expect(sums.size).toBe(totals.length)
    for (let row = 0; row < totals.length; row++) {
      const key = `${numbers(totals, 'trade_date')[row]!} ${labelAt(labels(totals, 'exchange_id'), row)!}`
      expect([key, Math.round(100 * numbers(totals, column)[row]!)]).toEqual([key, sums.get(key)])
    }
  }
  const beijing = [...numbers(totals, 'trade_date')].filter((_, row) => labelAt(labels(totals, 'exchange_id'), row) === 'BSE')
  expect(Math.min(...beijing)).toBeGreaterThanOrEqual(20230213)
})

test('marginTargets() are 60 % of the listed stocks by float value, the same throughout a quarter, drawn anew on its first open day', () => {
  const targets = marginTargets(world, bars)
  const first = dates.findIndex((date) => date >= 20240401)
  const value = (k: number) => bars[k]!.preClose[first]! * bars[k]!.totalShares[first]! * bars[k]!.stock.floatRatio
  const listed = bars.keys().filter((k) => bars[k]!.volume[first]! > 0 && bars[k]!.stock.listDay < first)
  const [inside, outside] = [
    [...listed].filter((k) => targets[k]![first] === 1),
    [...bars.keys()].filter((k) => bars[k]!.volume[first]! > 0 && targets[k]![first] === 0),
  ]
  expect(Math.min(...inside.map(value))).toBeGreaterThan(Math.max(...outside.map(value)))
  expect(Math.abs(inside.length / (inside.length + outside.length) - 0.6)).toBeLessThan(0.03)
  let changes = 0
  for (let day = 1; day < dates.length; day++) {
    const isChanged = targets.some((of, k) => of[day] !== of[day - 1] && !Number.isNaN(bars[k]!.adjFactor[day]!))
    const isQuarter = Math.floor((Math.floor(dates[day]! / 100) % 100) / 3.01) !== Math.floor((Math.floor(dates[day - 1]! / 100) % 100) / 3.01)
    if (isChanged) expect([dates[day], isQuarter]).toEqual([dates[day], true])
    if (isChanged) changes++
  }
  expect(changes).toBeGreaterThan(5)
})

test('marginDetailFrame() of some stocks and some days is that part of the whole', () => {
  const part = bars.slice(10, 14)
  const some = marginDetailFrame(world, bars, part, { first: 400, last: 410 })
  const wanted = Array.from({ length: details.length }, (_, row) => row).filter(
    (row) => part.some(({ stock }) => stock.code === codeOf(row)) && cell('trade_date', row) >= dates[400]! && cell('trade_date', row) <= dates[410]!,
  )
  expect([...numbers(some, 'rzye')]).toEqual(wanted.map((row) => cell('rzye', row)))
})
