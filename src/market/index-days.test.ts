import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { indexDays, membersOn, sectorDays } from './index-days.ts'
import { indexDailyFrame, indexMemberFrame, indexWeightFrame } from './index-frames.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20241231))
const world = createWorld({ seed: 1, size: 140, dates })
const bars = world.stocks.map((stock) => dailyBars(world, stock))
const indices = indexDays(world, bars)
const sectors = sectorDays(world, bars)
const whole = { first: 0, last: dates.length - 1 }

test('indexDays() are reproduced to 1e-9 from members, closes and share counts alone', () => {
  for (const { code, close, selections } of [...indices, ...sectors]) {
    let level = 1000
    for (let day = 0; day < dates.length; day++) {
      const { members } = selections.findLast((selection) => selection.day <= day)!
      let [before, after] = [0, 0]
      for (const k of members) {
        const own = bars[k]!
        if (Number.isNaN(own.adjFactor[day]!) || own.stock.listDay === day) continue
        const traded = own.volume.subarray(0, day + 1).findLastIndex((shares) => shares > 0)
        if (traded < 0) continue
        const shares = own.totalShares[day]! * own.stock.floatRatio * own.stock.freeRatio
        const price = own.volume[day]! > 0 ? own.preClose[day]! : own.close[traded]!
        before += price * shares
        after += (own.volume[day]! > 0 ? own.close[day]! : price) * shares
      }
      if (before > 0) level *= after / before
      expect(Math.abs(close[day]! / level - 1), `${code} ${dates[day]}`).toBeLessThan(1e-9)
    }
  }
})

test('indexDays() have a stock from the first selection after its first close on', () => {
  const listed = bars.findIndex(({ stock }) => stock.listDay > 0)
  expect(listed).toBeGreaterThan(-1)
  for (const { selections } of indices)
    for (const { day, members } of selections) if (members.includes(listed)) expect(day).toBeGreaterThan(bars[listed]!.stock.listDay)
  expect(indices[3]!.selections.at(-1)!.members.includes(listed)).toBe(bars[listed]!.stock.listDay < indices[3]!.selections.at(-1)!.day)
})

test('indexDays() select on the second Friday of June and December, effective the next trading day', () => {
  const changes = indices[0]!.selections.map(({ day }) => dates[day])
  // 14 June and 13 December 2024 were the second Fridays.
  expect(changes).toEqual([20240102, 20240617, 20241216])
  const [large, middle, small, all] = indices.map(({ selections }) => selections[1]!.members) as [number[], number[], number[], number[]]
  expect([...large, ...middle, ...small].toSorted((a, b) => a - b)).toEqual(all.toSorted((a, b) => a - b))
  expect(indices[4]!.selections[0]!.members.every((k) => bars[k]!.stock.board === 'chinext')).toBe(true)
})

test('indexDailyFrame() and indexMemberFrame() speak the vendor’s units', () => {
  const frame = indexDailyFrame(world, indices, { first: 10, last: 11 })
  expect(frame.length).toBe(12)
  expect([labelAt(labels(frame, 'ts_code'), 0), numbers(frame, 'trade_date')[6]]).toEqual(['000300.SH', dates[11]])
  const traded = indices[3]!.selections[0]!.members.reduce((sum, k) => sum + bars[k]!.amount[10]!, 0)
  expect(numbers(frame, 'amount')[3]! * 1e6).toBeCloseTo(traded, 0)
  expect(numbers(frame, 'pct_chg')[0]).toBeCloseTo(100 * (indices[0]!.close[10]! / indices[0]!.close[9]! - 1), 10)
  const members = indexMemberFrame(world, bars, indices, whole)
  expect(members.length).toBe(indices.reduce((sum, { selections }) => sum + selections.reduce((all, own) => all + own.members.length, 0), 0))
  expect(indexMemberFrame(world, bars, indices, { first: 1, last: 5 }).length).toBe(0)
})

test('sectorDays() have every stock in the index of its own sector, each once', () => {
  const all = membersOn(indices[3]!, 200)
  expect(
    sectors
      .map((index) => membersOn(index, 200))
      .flat()
      .toSorted((a, b) => a - b),
  ).toEqual(all.toSorted((a, b) => a - b))
  for (const [sector, index] of sectors.entries()) for (const k of membersOn(index, 200)) expect(bars[k]!.stock.sector).toBe(sector)
  expect(new Set(sectors.map(({ code }) => code)).size).toBe(24)
})

test('indexWeightFrame() gives weights at each month’s last close that add up to 100 and reproduce the next day’s index to 1e-9 where no share goes ex', () => {
  const all = [...indices, ...sectors]
  const frame = indexWeightFrame(world, bars, all, whole)
  const byCode = new Map(bars.map((own) => [own.stock.code as string, own]))
  const groups = Map.groupBy(
    Array.from({ length: frame.length }, (_, row) => row),
    (row) => `${labelAt(labels(frame, 'index_code'), row)} ${numbers(frame, 'trade_date')[row]}`,
  )
  let compared = 0
  for (const [key, rows] of groups) {
    const [code, date] = key.split(' ') as [string, string]
    const day = world.dayOf.get(Number(date) as TradeDate)!
    const weight = rows.map((row) => numbers(frame, 'weight')[row]!)
    expect(weight.reduce((sum, own) => sum + own, 0)).toBeCloseTo(100, 9)
    const index = all.find((own) => own.code === code)!
    const members = rows.map((row) => byCode.get(labelAt(labels(frame, 'con_code'), row)!)!)
    const isPlain =
      day + 1 < dates.length && members.every((own) => own.adjFactor[day + 1] === own.adjFactor[day]) && index.selections.every((own) => own.day !== day + 1)
    if (!isPlain) continue
    const grown = members.reduce((sum, own, k) => sum + weight[k]! * (own.volume[day + 1]! > 0 ? own.close[day + 1]! / own.preClose[day + 1]! : 1), 0)
    expect(Math.abs(grown / 100 / (index.close[day + 1]! / index.preClose[day + 1]!) - 1)).toBeLessThan(1e-9)
    compared++
  }
  expect(compared).toBeGreaterThan(150)
  expect(new Set(numbers(frame, 'trade_date')).size).toBe(12)
})
