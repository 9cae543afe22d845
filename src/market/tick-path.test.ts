import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { minuteSlot, sessionRulesOn } from '#core/session.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { balanceOfRecords, drawBalance, isBalanced } from './aggressor-balance.ts'
import { dailyBars, type DailyBars } from './daily-bars.ts'
import { flowPlan, flowStream } from './flow-plan.ts'
import { plantedFlow } from './planted-flow.ts'
import { tickDay } from './tick-path.ts'
import { createWorld } from './world.ts'

const world = createWorld({ seed: 3, size: 120, dates: aShareCalendar.dates(tradeDate(20230103), tradeDate(20241231)) })
const all = world.stocks.map((stock) => dailyBars(world, stock))

interface Case {
  readonly bars: DailyBars
  readonly day: number
  readonly ticks: TickDay
}

function drawn(wanted: (bars: DailyBars, day: number, k: number) => boolean, most: number): Case[] {
  const cases: Case[] = []
  for (const [k, bars] of all.entries())
    for (let day = 0; day < world.dates.length && cases.length < most; day++) {
      if (!(bars.volume[day]! > 0) || !wanted(bars, day, k)) continue
      cases.push({ bars, day, ticks: tickDay(world, bars, day)! })
    }
  return cases
}

const anyDay = (_bars: DailyBars, day: number, k: number) => (day * 31 + k * 7) % 97 === 0
const sample = drawn(anyDay, 800)
const sealedUp = drawn((bars, day) => bars.close[day] === bars.limitUp[day], 60)
const oddDays = [
  ...sealedUp,
  ...drawn((bars, day) => bars.close[day] === bars.limitDown[day], 40),
  ...drawn((bars, day) => bars.high[day] === bars.limitUp[day] && bars.close[day] !== bars.limitUp[day], 40),
  ...drawn((bars, day) => bars.high[day] === bars.low[day], 40),
  ...drawn((bars, day) => bars.high[day]! - bars.low[day]! <= 30, 60),
  ...drawn((bars, day) => day - bars.stock.listDay < 5, 40),
  ...drawn((bars, day) => bars.volume[day]! <= 400 * bars.stock.lot, 40),
]

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

/** Buyers' share of a record by its mean price between the quotes (spec microstructure §3, SPLIT). */
function buyShare(ticks: TickDay, i: number): number {
  const [bid, ask] = [ticks.bid1[i]!, ticks.ask1[i]!]
  if (ask === 0) return 0
  if (bid === 0) return 1
  return Math.min(1, Math.max(0, (ticks.amount[i]! / ticks.volume[i]! - bid) / (ask - bid)))
}

/** (active buy − active sell) ÷ all amount. */
function imbalance(ticks: TickDay): number {
  let net = 0
  for (let i = 1; i < ticks.length - 1; i++) net += ticks.amount[i]! * (2 * buyShare(ticks, i) - 1)
  return net / sum(ticks.amount)
}

test('tickDay() reproduces open, high, low, close, volume and amount of the bar exactly', () => {
  expect(sample.length).toBeGreaterThan(500)
  expect(oddDays.length).toBeGreaterThan(150)
  for (const { bars, day, ticks } of [...sample, ...oddDays]) {
    expect([ticks.price[0], Math.max(...ticks.price), Math.min(...ticks.price), ticks.price.at(-1)]).toEqual([
      bars.open[day],
      bars.high[day],
      bars.low[day],
      bars.close[day],
    ])
    expect([sum(ticks.volume), sum(ticks.amount)]).toEqual([bars.volume[day], bars.amount[day]])
  }
})

test('tickDay() records trade whole lots at prices inside the day’s range and between the quotes in force', () => {
  for (const { bars, day, ticks } of [...sample, ...oddDays]) {
    const bad: number[] = []
    for (let i = 0; i < ticks.length; i++) {
      const average = ticks.amount[i]! / ticks.volume[i]!
      const lots = ticks.volume[i]! > 0 && ticks.volume[i]! % bars.stock.lot === 0 && ticks.price[i]! % 10 === 0 && ticks.amount[i]! % 10 === 0
      const ranged = average >= bars.low[day]! && average <= bars.high[day]!
      const isAuction = i === 0 || i === ticks.length - 1
      const [bid, ask] = [ticks.bid1[i]!, ticks.ask1[i]!]
      const quoted = isAuction
        ? Number.isNaN(bid) && Number.isNaN(ask) && average === ticks.price[i] && ticks.vendorSide[i] === 0
        : ask === 0
          ? bid === bars.limitUp[day] && average === bid
          : bid === 0
            ? ask === bars.limitDown[day] && average === ask
            : bid < ask && average >= bid && average <= ask && ticks.price[i]! >= bid && ticks.price[i]! <= ask
      if (!lots || !ranged || !quoted || !(ticks.tradeCount[i]! >= 1)) bad.push(i)
    }
    expect(bad, `${ticks.code} ${ticks.date}`).toEqual([])
  }
})

test('tickDay() prints the auctions at 09:25 and 15:00 and every other record at most once in three seconds of continuous trading', () => {
  for (const { bars, ticks } of sample) {
    const times = [...ticks.at].map((at) => timeOfDay(at as EpochMs))
    const rules = sessionRulesOn(ticks.date, bars.stock.exchange, bars.stock.board)
    expect([times[0], times.at(-1)]).toEqual([33_900_000, 54_000_000])
    const inside = times.slice(1, -1)
    expect(inside.every((time, i) => i === 0 || time - inside[i - 1]! >= 3000)).toBe(true)
    expect(inside.every((time) => (time > 34_200_000 && time <= 41_400_000) || (time > 46_800_000 && time <= 53_820_000))).toBe(true)
    const slots = times.map((time) => minuteSlot(time, rules))
    expect(slots[0]).toBe(0)
    expect(slots.at(-1)).toBe(240)
    expect(slots.every((slot) => slot >= 0 && slot !== 238 && slot !== 239)).toBe(true)
  }
})

test('tickDay() alone equals the same day drawn among others, and another day or seed differs', () => {
  const { bars, day, ticks } = sample[10]!
  const again = createWorld({ seed: 3, size: 120, dates: world.dates.slice(0, day + 1) })
  const stock = again.stocks.find(({ code }) => code === bars.stock.code)!
  expect(tickDay(again, dailyBars(again, stock), day)).toEqual(ticks)
  const other = createWorld({ seed: 4, size: 120, dates: world.dates })
  expect(tickDay(other, dailyBars(other, other.stocks[0]!), 100)).not.toEqual(tickDay(world, all[0]!, 100))
})

test('tickDay() has no records on a suspended day', () => {
  const bars = all.find(({ volume, stock }) => stock.listDay < 0 && volume.includes(0))!
  expect(tickDay(world, bars, bars.volume.indexOf(0))).toBeUndefined()
})

test('tickDay() has 450 to 2,400 records on an ordinary day, more where more is traded', () => {
  const ordinary = sample.filter(({ bars, day }) => bars.volume[day]! >= 6000 * bars.stock.lot)
  for (const { ticks } of ordinary) {
    expect(ticks.length).toBeGreaterThan(430)
    expect(ticks.length).toBeLessThan(2430)
  }
  const byAmount = ordinary.toSorted((a, b) => a.bars.amount[a.day]! - b.bars.amount[b.day]!)
  const half = Math.floor(byAmount.length / 2)
  expect(sum(byAmount.slice(half).map(({ ticks }) => ticks.length))).toBeGreaterThan(1.1 * sum(byAmount.slice(0, half).map(({ ticks }) => ticks.length)))
})

test('tickDay() spreads the day’s turnover as a reverse J: busy open, hump after lunch, rising close', () => {
  const share = new Float64Array(16)
  for (const { bars, day, ticks } of sample) {
    const rules = sessionRulesOn(ticks.date, bars.stock.exchange, bars.stock.board)
    for (let i = 0; i < ticks.length; i++) {
      const slot = minuteSlot(timeOfDay(ticks.at[i] as EpochMs), rules)
      const at = Math.floor((Math.max(1, slot) - 1) / 15)
      share[at] = share[at]! + ticks.amount[i]! / bars.amount[day]! / sample.length
    }
  }
  // Real shares of 15-minute bars: 0.18 first, 0.10, …, 0.039 before lunch, 0.053 after it, 0.041 at 14:00, 0.078 last (spec stylised-facts).
  expect(share[0]).toBeGreaterThan(0.165)
  expect(share[0]).toBeLessThan(0.205)
  expect(share[0]! + share[1]!).toBeLessThan(0.32)
  expect(share[7]).toBeLessThan(share[8]!)
  expect(share[11]).toBeLessThan(share[8]!)
  expect(share[15]).toBeGreaterThan(1.5 * share[11]!)
  expect(share[15]).toBeLessThan(0.11)
})

test('tickDay() bounces between bid and ask like real prints and has flows that last', () => {
  const ordinary = sample.filter(
    ({ bars, day }) => bars.high[day]! - bars.low[day]! > 100 && bars.close[day] !== bars.limitUp[day] && bars.close[day] !== bars.limitDown[day],
  )
  const lagOne = (x: readonly number[]) => {
    const mean = sum(x) / x.length
    const variance = sum(x.map((value) => (value - mean) ** 2))
    return sum(x.slice(1).map((value, i) => (value - mean) * (x[i]! - mean))) / variance
  }
  const middle = (x: readonly number[]) => x.toSorted((a, b) => a - b)[Math.floor(x.length / 2)]!
  const changes = ordinary.map(({ ticks }) => lagOne([...ticks.price.subarray(2, -1)].map((price, i) => price - ticks.price[i + 1]!)))
  const shares = ordinary.map(({ ticks }) => lagOne(Array.from({ length: ticks.length - 2 }, (_, i) => buyShare(ticks, i + 1))))
  // The flag follows the last price, not the flow of the record: it disagrees with the split on many records.
  const flags = ordinary.flatMap(({ ticks }) =>
    Array.from({ length: ticks.length - 2 }, (_, k) => ({
      flag: ticks.vendorSide[k + 1]!,
      share: buyShare(ticks, k + 1),
      atAsk: ticks.price[k + 1] === ticks.ask1[k + 1],
    })),
  )
  expect(flags.every(({ flag, atAsk }) => flag === (atAsk ? 1 : -1) || flag === 0)).toBe(true)
  const clear = flags.filter(({ flag, share }) => flag !== 0 && (share > 0.6 || share < 0.4))
  const agreement = clear.filter(({ flag, share }) => flag > 0 === share > 0.5).length / clear.length
  expect(agreement).toBeGreaterThan(0.6)
  expect(agreement).toBeLessThan(0.9)
  expect(middle(changes)).toBeLessThan(-0.15)
  expect(middle(changes)).toBeGreaterThan(-0.6)
  expect(middle(shares)).toBeGreaterThan(0.1)
})

test('tickDay() empties the ask while a limit-up board is sealed, and most of such a day’s records are sealed', () => {
  const [seals, records] = [sealedUp.map(({ ticks }) => ticks.ask1.filter((ask) => ask === 0).length), sealedUp.map(({ ticks }) => ticks.length)]
  expect(Math.min(...seals)).toBeGreaterThan(0)
  expect(sealedUp.map(({ ticks }) => ticks.ask1.at(-2)).filter((ask) => ask !== 0)).toEqual([])
  expect(sum(seals) / sum(records)).toBeGreaterThan(0.3)
})

test('plantedFlow() lists the days on which large orders of one side dominate, and no others lean', () => {
  const truth = new Map(plantedFlow(world).map((planted) => [`${planted.code} ${planted.date}`, planted]))
  const sideOf = (bars: DailyBars, day: number) => truth.get(`${bars.stock.code} ${world.dates[day]}`)?.side
  const mean = (cases: readonly Case[]) => sum(cases.map(({ ticks }) => imbalance(ticks))) / cases.length
  const bought = drawn((bars, day) => sideOf(bars, day) === 'buy', 150)
  const sold = drawn((bars, day) => sideOf(bars, day) === 'sell', 150)
  const nobody = sample.filter(
    ({ bars, day }) => sideOf(bars, day) === undefined && bars.close[day] !== bars.limitUp[day] && bars.close[day] !== bars.limitDown[day],
  )
  expect(bought.every(({ bars, day }) => bars.close[day]! > bars.preClose[day]!)).toBe(true)
  expect(mean(bought)).toBeGreaterThan(0.12)
  expect(mean(sold)).toBeLessThan(-0.08)
  expect(Math.abs(mean(nobody))).toBeLessThan(0.02)
  const strong = (cases: readonly Case[], side: number) => cases.filter(({ ticks }) => side * imbalance(ticks) > 0.1).length / cases.length
  expect(strong(bought, 1)).toBeGreaterThan(0.7)
  expect(strong(sold, -1)).toBeGreaterThan(0.6)
  expect(strong(nobody, 1)).toBeLessThan(0.05)
  // A subset: some buyers, fewer sellers, most stock-days nobody.
  const stockDays = sum(all.map(({ volume }) => volume.filter((shares) => shares > 0).length))
  expect(truth.size / stockDays).toBeGreaterThan(0.01)
  expect(truth.size / stockDays).toBeLessThan(0.12)
})

test('dailyBars() drift on after planted days: the day after buying beats the day after selling', () => {
  const planted = plantedFlow(createWorld({ seed: 8, size: 300, dates: world.dates }))
  const other = createWorld({ seed: 8, size: 300, dates: world.dates })
  const barsOf = new Map(other.stocks.map((stock) => [stock.code, dailyBars(other, stock)]))
  const next = (side: 'buy' | 'sell') => {
    const returns = planted.flatMap(({ code, date, side: own }) => {
      const [bars, day] = [barsOf.get(code)!, other.dayOf.get(date)! + 1]
      return own === side && bars.volume[day]! > 0 ? [Math.log(bars.close[day]! / bars.preClose[day]!)] : []
    })
    return sum(returns) / returns.length
  }
  expect(next('buy') - next('sell')).toBeGreaterThan(0.0035)
})

test('tickDay() follows the balance of aggressors drawn for the day within 0.5 % of its amount, on all but one day in two hundred', () => {
  let [days, off] = [0, 0]
  for (const { bars, day, ticks } of sample) {
    if (!isBalanced(bars, day)) continue
    const wanted = drawBalance(bars, flowPlan(world, bars.stock), day, flowStream(world, bars.stock).at(world.dates[day]!)) * bars.amount[day]!
    days++
    if (Math.abs(balanceOfRecords(ticks, bars.stock.lot) - wanted) > 0.005 * bars.amount[day]!) off++
  }
  expect(days).toBeGreaterThan(500)
  expect(off).toBeLessThanOrEqual(days / 200)
})
