import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { chipCostFrame, chipsFrame } from './chip-frames.ts'
import { EDGES, sumUpChips, walkChips, type ChipCosts } from './chip-walk.ts'
import { dailyBars, emptyBars, type DailyBars } from './daily-bars.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20230103), tradeDate(20251231))
const world = createWorld({ seed: 4, size: 80, dates })
const bars = world.stocks.map((stock) => dailyBars(world, stock))
const whole = { first: 0, last: dates.length - 1 }

const costsOf = (): ChipCosts => ({ quantiles: new Float64Array(5), mean: 0, winners: 0 })

/** A stock listed on day 0 with a free float of 1,000 shares and the days given as [low, high, close, shares, amount in 厘, reference]. */
function byHand(days: readonly (readonly [number, number, number, number, number, number])[]): DailyBars {
  const stock = { ...world.stocks[0]!, listDay: 0, floatRatio: 0.5, freeRatio: 0.5, initialPrice: days[0]![5] }
  const own = emptyBars(stock, days.length)
  for (const [day, [low, high, close, volume, amount, reference]] of days.entries()) {
    Object.entries({ low, high, close, volume, amount, preClose: reference, totalShares: 4000 }).forEach(([name, value]) => {
      own[name as 'low'][day] = value
    })
  }
  return own
}

test('walkChips() hands on the day’s turnover: half the float at one price leaves half the chips where they were', () => {
  const own = byHand([
    [10_000, 10_000, 10_000, 500, 5_000_000, 10_000],
    [12_000, 12_000, 12_000, 500, 6_000_000, 10_000],
  ])
  const costs = costsOf()
  walkChips(own, 1, (day, chips) => {
    sumUpChips(chips, own.close[day]!, costs)
    if (day === 0) expect(costs.mean).toBeCloseTo(10_000, 6)
    else {
      expect(Math.abs(costs.mean / 11_000 - 1)).toBeLessThan(0.007)
      expect(costs.quantiles[1]! / 10_000).toBeCloseTo(1, 1)
      expect(costs.quantiles[3]! / 12_000).toBeCloseTo(1, 1)
      expect([chips.low, chips.high, costs.winners]).toEqual([10_000, 12_000, 1])
    }
  })
})

test('walkChips() scales the axis on an ex-date: ten for twenty makes every cost half, and nobody richer', () => {
  const before: number[] = []
  const own = byHand([
    [9000, 11_000, 10_000, 400, 4_000_000, 10_000],
    [5000, 5000, 5000, 1, 5000, 5000],
  ])
  const costs = costsOf()
  walkChips(own, 1, (day, chips) => {
    sumUpChips(chips, own.close[day]!, costs)
    if (day === 0) before.push(...costs.quantiles, costs.mean, chips.low, chips.high)
    else for (const [k, value] of [...costs.quantiles, costs.mean, chips.low, chips.high].entries()) expect(value / before[k]!).toBeCloseTo(0.5, 2)
  })
})

test('walkChips() keep all chips at every step: they sum to 1 within 1e-9, none is negative', () => {
  let days = 0
  for (const own of bars)
    walkChips(own, whole.last, (day, { weight, from, to }) => {
      days++
      let sum = 0
      for (const [k, part] of weight.entries()) {
        sum += part
        if (part < 0 || (part > 0 && (k < from || k > to))) throw new Error(`${own.stock.code} ${dates[day]} bucket ${k}`)
      }
      if (Math.abs(sum - 1) > 1e-9) throw new Error(`${own.stock.code} ${dates[day]}: ${sum}`)
    })
  expect(days).toBeGreaterThan(50_000)
})

test('sumUpChips() gives what the buckets say: each quantile has its share below it, found the slow way', () => {
  const costs = costsOf()
  for (const own of bars.slice(0, 10))
    walkChips(own, whole.last, (day, chips) => {
      if (day % 50 !== 0) return
      sumUpChips(chips, own.close[day]!, costs)
      const below = (price: number) =>
        chips.weight.reduce((sum, part, k) => {
          const [bottom, top] = [chips.axis * EDGES[k]!, chips.axis * EDGES[k + 1]!]
          return sum + part * Math.max(0, Math.min(1, (price - bottom) / (top - bottom)))
        }, 0)
      for (const [k, share] of [0.05, 0.15, 0.5, 0.85, 0.95].entries()) {
        const cost = costs.quantiles[k]!
        if (cost > chips.low && cost < chips.high) expect(below(cost)).toBeCloseTo(share, 9)
      }
      if (own.close[day]! < chips.high) expect(costs.winners).toBeCloseTo(below(own.close[day]!), 9)
    })
})

test('chipCostFrame() has quantiles in order inside the prices ever seen, and winners that follow the price', () => {
  const frame = chipCostFrame(world, bars, whole)
  const of = (name: string, row: number) => numbers(frame, name)[row]!
  const order = ['his_low', 'cost_5pct', 'cost_15pct', 'cost_50pct', 'cost_85pct', 'cost_95pct', 'his_high']
  for (let row = 0; row < frame.length; row++) {
    for (let k = 1; k < order.length; k++) if (of(order[k]!, row) < of(order[k - 1]!, row)) throw new Error(`row ${row}: ${order[k]}`)
    const winners = of('winner_rate', row)
    if (!(winners >= 0 && winners <= 100 && of('weight_avg', row) > 0)) throw new Error(`row ${row}`)
  }
  expect(frame.length).toBe(bars.reduce((sum, { volume }) => sum + volume.filter((shares) => shares > 0).length, 0))
  const winners = numbers(frame, 'winner_rate') as Float64Array
  const mean = winners.reduce((sum, value) => sum + value, 0) / winners.length
  expect(mean).toBeGreaterThan(25)
  expect(mean).toBeLessThan(75)
})

test('chipsFrame() adds up to 100 percent and to the weighted average of chipCostFrame(), in rising prices', () => {
  const span = { first: 500, last: 502 }
  const [chips, costs] = [chipsFrame(world, bars, span), chipCostFrame(world, bars, span)]
  const sums = new Map<string, { percent: number; value: number; last: number }>()
  for (let row = 0; row < chips.length; row++) {
    const key = `${labelAt(labels(chips, 'ts_code'), row)} ${numbers(chips, 'trade_date')[row]}`
    const [price, percent] = [numbers(chips, 'price')[row]!, numbers(chips, 'percent')[row]!]
    const own = sums.get(key) ?? { percent: 0, value: 0, last: 0 }
    expect(price).toBeGreaterThan(own.last)
    sums.set(key, { percent: own.percent + percent, value: own.value + price * percent, last: price })
  }
  expect(sums.size).toBe(costs.length)
  for (let row = 0; row < costs.length; row++) {
    const { percent, value } = sums.get(`${labelAt(labels(costs, 'ts_code'), row)} ${numbers(costs, 'trade_date')[row]}`)!
    expect(percent).toBeCloseTo(100, 7)
    expect(Math.abs(value / 100 / numbers(costs, 'weight_avg')[row]! - 1)).toBeLessThan(0.005)
  }
})
