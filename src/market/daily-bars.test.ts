import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { limitsOf } from '#core/price-limit.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dailyBars, type DailyBars } from './daily-bars.ts'
import { STATUS } from './listing-status.ts'
import { createWorld } from './world.ts'

const world = createWorld({ seed: 20_260_701, size: 300, dates: aShareCalendar.dates(tradeDate(20230103), tradeDate(20261231)) })
const all = world.stocks.map((stock) => dailyBars(world, stock))

function eachBar(visit: (bars: DailyBars, day: number) => void): void {
  for (const bars of all) for (let day = 0; day < world.dates.length; day++) if (bars.volume[day]! > 0) visit(bars, day)
}

const isWarned = ({ status }: DailyBars, day: number) => status[day] === STATUS.st || status[day] === STATUS.starSt
const delistingDayOf = ({ status }: DailyBars, day: number) => (status[day] === STATUS.delisting ? day - status.indexOf(STATUS.delisting) + 1 : 0)

/** Counts instead of a million expectations: the first offender is shown. */
function expectNone(name: string, isBad: (bars: DailyBars, day: number) => boolean): void {
  const bad: string[] = []
  eachBar((bars, day) => {
    if (isBad(bars, day)) bad.push(`${bars.stock.code} ${world.dates[day]}`)
  })
  expect(bad.slice(0, 5), name).toEqual([])
}

test('dailyBars() keep low ≤ open, close ≤ high on the 0.01 tick, whole lots and an amount inside the range', () => {
  expectNone('order', (b, d) => !(b.low[d]! <= Math.min(b.open[d]!, b.close[d]!) && b.high[d]! >= Math.max(b.open[d]!, b.close[d]!) && b.low[d]! >= 10))
  expectNone('tick', (b, d) => [b.open, b.high, b.low, b.close, b.preClose].some((column) => column[d]! % 10 !== 0))
  expectNone('lot', (b, d) => b.volume[d]! % b.stock.lot !== 0)
  expectNone('amount', (b, d) => !(b.amount[d]! >= b.low[d]! * b.volume[d]! && b.amount[d]! <= b.high[d]! * b.volume[d]!))
  expectNone('whole 厘', (b, d) => b.amount[d]! % (10 * b.stock.lot) !== 0 || !Number.isSafeInteger(b.amount[d]))
})

test('dailyBars() never leave the price limits of core/price-limit, and days without limits exist only after a listing and before a delisting', () => {
  let [sealed, unlimited, broken] = [0, 0, 0]
  expectNone('limits', (b, d) => {
    const { stock } = b
    const limits = limitsOf({
      prevClose: b.preClose[d]!,
      exchange: stock.exchange,
      board: stock.board,
      date: world.dates[d]!,
      isSt: isWarned(b, d),
      listDays: d - stock.listDay + 1,
      listDate: stock.listDate,
      ...(b.status[d] === STATUS.delisting ? { delistingDay: delistingDayOf(b, d) } : {}),
    })
    if (limits.up === undefined) {
      unlimited++
      const isNew = stock.listDay >= 0 && d - stock.listDay < 5
      return !(isNew || delistingDayOf(b, d) === 1) || b.limitUp[d] !== 0 || b.limitDown[d] !== 0
    }
    if (b.close[d] === limits.up) sealed++
    if (b.high[d] === limits.up && b.close[d]! < limits.up) broken++
    return b.limitUp[d] !== limits.up || b.limitDown[d] !== limits.down || b.high[d]! > limits.up || b.low[d]! < limits.down
  })
  expect(sealed).toBeGreaterThan(500)
  expect(broken).toBeGreaterThan(100)
  expect(unlimited).toBeGreaterThan(20)
})

test('dailyBars() widen the limit of a main-board ST stock from 5 % to 10 % on 2026-07-06', () => {
  const widthOn = (isWide: boolean) =>
    all.flatMap((b) =>
      world.dates.flatMap((date, d) =>
        b.stock.board === 'main' && isWarned(b, d) && b.limitUp[d]! > 0 && date >= 20260706 === isWide ? [b.limitUp[d]! / b.preClose[d]! - 1] : [],
      ),
    )
  const [narrow, wide] = [widthOn(false), widthOn(true)]
  expect([narrow.length, wide.length].every((days) => days > 100)).toBe(true)
  // Half a cent of rounding on a price of at least one yuan.
  expect(narrow.every((width) => Math.abs(width - 0.05) < 0.006)).toBe(true)
  expect(wide.every((width) => Math.abs(width - 0.1) < 0.006)).toBe(true)
})

test('dailyBars() take yesterday’s close as reference except on ex-dates, where the factor grows by close ÷ reference', () => {
  let [exDates, bonuses, rights] = [0, 0, 0]
  for (const b of all) {
    let [close, factor, shares] = [b.stock.initialPrice, 1, b.stock.totalShares]
    for (let d = 0; d < world.dates.length; d++) {
      if (b.volume[d] === 0) {
        if (!Object.is(b.adjFactor[d], d < b.stock.listDay || b.status[d] === STATUS.delisted ? NaN : factor))
          throw new Error(`${b.stock.code} ${world.dates[d]}: ${b.adjFactor[d]}`)
        continue
      }
      if (b.adjFactor[d] === factor && b.preClose[d] !== close) throw new Error(`${b.stock.code} ${world.dates[d]}: ${b.preClose[d]} after ${close}`)
      if (b.adjFactor[d] !== factor) {
        exDates++
        if (b.totalShares[d] !== shares) bonuses++
        // The identity of spec warehouse-dwd §3 within half a cent, and that of spec simulator §9.4 exactly.
        expect(Math.abs(close / (b.adjFactor[d]! / factor) - b.preClose[d]!)).toBeLessThan(5)
        const bonus = b.totalShares[d]! / shares
        // With rights the reference also holds what they cost; without them cash and bonus explain it alone.
        if (Math.abs((close - b.cash[d]!) / bonus - b.preClose[d]!) > 5.01) rights++
        expect(b.adjFactor[d]!).toBeGreaterThan(factor)
      }
      ;[close, factor, shares] = [b.close[d]!, b.adjFactor[d]!, b.totalShares[d]!]
    }
  }
  expect(exDates).toBeGreaterThan(300)
  expect(bonuses).toBeGreaterThan(20)
  expect(rights).toBeLessThan(0.05 * exDates)
})

test('dailyBars() have back-adjusted returns equal to close ÷ reference', () => {
  let previous = new Map<DailyBars, number>()
  eachBar((b, d) => {
    const before = previous.get(b)
    if (before !== undefined) {
      const adjusted = (b.close[d]! * b.adjFactor[d]!) / (b.close[before]! * b.adjFactor[before]!)
      if (Math.abs(adjusted / (b.close[d]! / b.preClose[d]!) - 1) > 1e-9) throw new Error(`${b.stock.code} ${world.dates[d]}`)
    }
    previous = previous.set(b, d)
  })
  expect(previous.size).toBe(all.length)
})

test('dailyBars() leave suspended days without a bar, and the same company comes back', () => {
  const gaps = all.flatMap((b) =>
    b.volume.findIndex((shares, d) => shares === 0 && d > b.stock.listDay && d > 0 && b.volume[d - 1]! > 0 && b.adjFactor[d]! > 0),
  )
  expect(gaps.filter((d) => d > 0).length).toBeGreaterThan(100)
  for (const b of all)
    for (let d = 0; d < world.dates.length; d++)
      if (b.volume[d] === 0 && b.close[d]! + b.high[d]! + b.low[d]! + b.open[d]! + b.amount[d]! !== 0) throw new Error(`${b.stock.code} ${world.dates[d]}`)
})
