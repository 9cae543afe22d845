import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars, emptyBars, type DailyBars } from './daily-bars.ts'
import { plantedSignal } from './planted-signal.ts'
import { stockDay } from './stock-day.ts'
import { StockWalk } from './stock-walk.ts'
import { tickDay } from './tick-path.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20230103), tradeDate(20241231))
const world = createWorld({ seed: 12, size: 60, dates })
const whole = world.stocks.map((stock) => dailyBars(world, stock))

const columns = [
  'open',
  'high',
  'low',
  'close',
  'preClose',
  'limitUp',
  'limitDown',
  'volume',
  'amount',
  'adjFactor',
  'totalShares',
  'cash',
  'afterHours',
  'status',
] as const

function expectSameFrom(resumed: DailyBars, original: DailyBars, day: number): void {
  for (const name of columns) expect(resumed[name].subarray(day), `${original.stock.code} ${name}`).toEqual(original[name].subarray(day))
  for (const name of Object.keys(original.path) as (keyof DailyBars['path'])[])
    expect(resumed.path[name].subarray(day), name).toEqual(original.path[name].subarray(day))
}

test('StockWalk resumed from a checkpoint that went through JSON gives the same days, in a fresh world', () => {
  for (const day of [1, 57, 300]) {
    const again = createWorld({ seed: 12, size: 60, dates })
    for (const [k, stock] of world.stocks.slice(0, 25).entries()) {
      const first = new StockWalk(world, stock, emptyBars(stock, dates.length))
      for (let at = first.firstDay; at < day; at++) first.step(at)
      const checkpoint = JSON.parse(JSON.stringify(first.checkpoint(day)))
      const bars = emptyBars(stock, dates.length)
      const second = new StockWalk(again, stock, bars)
      second.resume(checkpoint)
      const from = Math.max(day, second.firstDay)
      for (let at = from; at < dates.length; at++) second.step(at)
      expectSameFrom(bars, whole[k]!, from)
    }
  }
})

test('StockWalk day by day over all stocks equals stock by stock over all days', () => {
  const walks = world.stocks.map((stock) => {
    const bars = emptyBars(stock, dates.length)
    return { bars, walk: new StockWalk(world, stock, bars) }
  })
  for (let day = 0; day < 120; day++) for (const { walk } of walks.toReversed()) if (day >= walk.firstDay) walk.step(day)
  for (const [k, { bars }] of walks.entries()) for (const name of columns) expect(bars[name].subarray(0, 120)).toEqual(whole[k]![name].subarray(0, 120))
})

test('tickDay() needs the checkpoint columns of its day only', () => {
  const [day, original] = [200, whole.find(({ volume }) => volume[200]! > 0 && volume[199]! > 0)!]
  const alone = emptyBars(original.stock, dates.length)
  for (const name of columns) alone[name].set(original[name].subarray(day, day + 1), day)
  for (const name of Object.keys(original.path) as (keyof DailyBars['path'])[]) alone.path[name].set(original.path[name].subarray(day, day + 1), day)
  const fresh = createWorld({ seed: 12, size: 60, dates })
  expect(tickDay(fresh, alone, day)).toEqual(tickDay(world, original, day))
})

test('plantedSignal() ranks the next day’s returns with a mean correlation near the planted 0.05, and near none when nothing is planted', () => {
  const icOf = (signalIc: number) => {
    const own = createWorld({ seed: 21, size: 150, dates: dates.slice(0, 240), signalIc })
    const panel = own.stocks.map((stock) => ({ bars: dailyBars(own, stock), signal: plantedSignal(own, stock) }))
    const daily: number[] = []
    for (let day = 1; day < 240; day++) {
      const rows = panel.filter(({ bars }) => bars.volume[day]! > 0)
      daily.push(
        rankCorrelation(
          rows.map(({ signal }) => signal[day - 1]!),
          rows.map(({ bars }) => bars.close[day]! / bars.preClose[day]!),
        ),
      )
    }
    const mean = daily.reduce((sum, ic) => sum + ic, 0) / daily.length
    return { mean, sd: Math.sqrt(daily.reduce((sum, ic) => sum + (ic - mean) ** 2, 0) / daily.length / daily.length) }
  }
  const [planted, none] = [icOf(0.05), icOf(0)]
  expect(Math.abs(planted.mean - 0.05)).toBeLessThan(3 * planted.sd + 0.2 * 0.05)
  expect(planted.mean / planted.sd).toBeGreaterThan(5)
  expect(Math.abs(none.mean / none.sd)).toBeLessThan(3)
})

function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  const ranks = (values: readonly number[]) => {
    const order = Array.from(values.keys()).toSorted((a, b) => values[a]! - values[b]!)
    const out = new Float64Array(values.length)
    for (const [rank, at] of order.entries()) out[at] = rank - (values.length - 1) / 2
    return out
  }
  const [a, b] = [ranks(x), ranks(y)]
  return a.reduce((sum, rank, i) => sum + rank * b[i]!, 0) / a.reduce((sum, rank) => sum + rank * rank, 0)
}

test('stockDay() draws one day alone, from the beginning or from a checkpoint, with the bits it has in the whole', () => {
  for (const [k, stock] of world.stocks.slice(0, 20).entries()) {
    const fifty = stockDay(world, stock, 50)
    for (const day of [50, 51, 200]) {
      for (const own of [stockDay(world, stock, day), fifty && stockDay(world, stock, day, fifty.before)]) {
        if (own === undefined) continue
        for (const name of columns) expect(own.bars[name][day], `${stock.code} ${name}`).toEqual(whole[k]![name][day])
        expect(own.before.day).toBe(day)
        expect(own.after.day).toBe(day + 1)
      }
    }
    if (fifty !== undefined) expect(() => stockDay(world, stock, 49, fifty.before)).toThrow(/its checkpoint is of the later day 50/)
  }
})
