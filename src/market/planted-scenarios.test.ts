import { beforeAll, expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import { seededRng } from '#core/rng.ts'
import { clockTime, timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { tradeDate } from '#core/trade-date.ts'
import { BOOK_EVENT } from './book-log.ts'
import { efficientPath } from './efficient-path.ts'
import { HawkesIntensity } from './hawkes-intensity.ts'
import { OWNER } from './market-agents.ts'
import { META_ORDERS } from './meta-orders.ts'
import { plantedBatch } from './planted-batch.ts'
import { plantScenario, type PlantedScenario, type ScenarioSettings } from './planted-scenarios.ts'
import { rebuildBook } from './rebuild-book.ts'
import { SCENARIO_TYPES, scenarioPlan, type ScenarioType } from './scenario-plan.ts'

const where = { code: '600000.SH' as Code, date: tradeDate(20260105) }
const plant = (type: ScenarioType, more: Partial<ScenarioSettings> = {}, seed = 'plant') =>
  plantScenario({ type, strength: 1, ...where, ...more }, seededRng(seed))

let all: readonly PlantedScenario[]
beforeAll(() => {
  all = SCENARIO_TYPES.map((type) => plant(type))
})
const planted = (type: ScenarioType) => all[SCENARIO_TYPES.indexOf(type)]!

test('plantScenario() gives the same bytes for the same seed and others for another', () => {
  const [again, other] = [plant('spoof_wall'), plant('spoof_wall', {}, 'other')]
  expect(again).toEqual(planted('spoof_wall'))
  expect(other.ticks.length === again.ticks.length && other.ticks.price.every((price, i) => price === again.ticks.price[i])).toBe(false)
})

test('plantScenario() writes ticks in time order inside the session, bought at the ask or above and sold at the bid or below', () => {
  for (const { ticks } of all) {
    expect(ticks.length).toBeGreaterThan(5000)
    for (let i = 0; i < ticks.length; i++) {
      const [price, bid, ask] = [ticks.price[i]!, ticks.bid1[i]!, ticks.ask1[i]!]
      if (i > 0 && !(ticks.at[i]! >= ticks.at[i - 1]!)) throw new Error(`tick ${i} goes back in time`)
      if (!(ticks.vendorSide[i] === 1 ? price >= ask && ask > 0 : price <= bid && bid > 0)) throw new Error(`tick ${i} at ${price} does not meet ${bid}/${ask}`)
      if (!(price % 10 === 0 && ticks.volume[i]! > 0 && ticks.amount[i] === price * ticks.volume[i]!)) throw new Error(`tick ${i} has a wrong amount`)
    }
    expect(timeOfDay(ticks.at[0]! as EpochMs)).toBeGreaterThanOrEqual(clockTime('09:31'))
    expect(timeOfDay(ticks.at.at(-1)! as EpochMs)).toBeLessThan(clockTime('11:30'))
  }
})

test('plantScenario() gives the same volume, amount and number of trades as ticks, as orders, as three-second records and as snapshots', () => {
  for (const { ticks, orders, slots, snapshots } of all) {
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
    for (const day of [orders, slots]) {
      expect([sum(day.volume), sum(day.amount), sum(day.tradeCount)]).toEqual([sum(ticks.volume), sum(ticks.amount), ticks.length])
    }
    expect([snapshots.cumVolume.at(-1), snapshots.cumAmount.at(-1), snapshots.tradeCount.at(-1)]).toEqual([sum(ticks.volume), sum(ticks.amount), ticks.length])
    expect(sum(ticks.volume.filter((_, i) => ticks.vendorSide[i] === 1))).toBe(snapshots.outerVolume.at(-1))
    expect([snapshots.high.at(-1), snapshots.low.at(-1), snapshots.last.at(-1)]).toEqual([
      Math.max(...ticks.price),
      Math.min(...ticks.price),
      ticks.price.at(-1),
    ])
    for (let k = 1; k < slots.length; k++) if (!(slots.at[k]! >= slots.at[k - 1]! + 3000)) throw new Error(`record ${k} comes too soon`)
  }
})

test('plantScenario() stamps a three-second record with the end of its slot and the quotes that open it', () => {
  const { slots, ticks, snapshots } = planted('null_test')
  let i = 0
  for (let k = 0; k < slots.length; k++) {
    const [from, to] = [slots.at[k]! - 3000, slots.at[k]!]
    expect(to % 3000).toBe(0)
    let volume = 0
    for (; i < ticks.length && ticks.at[i]! <= to; i++) {
      if (ticks.at[i]! <= from) throw new Error(`tick ${i} belongs to an earlier record`)
      volume += ticks.volume[i]!
    }
    expect(volume).toBe(slots.volume[k])
    const open = snapshots.at.indexOf(from)
    expect([slots.bid1[k], slots.ask1[k], slots.price[k]]).toEqual([snapshots.bids[10 * open], snapshots.asks[10 * open], ticks.price[i - 1]])
  }
})

test('plantScenario() photographs exactly what had traded by the instant of a snapshot', () => {
  const { ticks, snapshots } = planted('support_accumulation')
  let [next, volume] = [0, 0]
  for (let i = 0; i < snapshots.length; i++) {
    for (; next < ticks.length && ticks.at[next]! <= snapshots.at[i]!; next++) volume += ticks.volume[next]!
    expect([snapshots.cumVolume[i], snapshots.tradeCount[i], snapshots.last[i]]).toEqual([volume, next, next > 0 ? ticks.price[next - 1] : 0])
  }
})

test('plantScenario() leaves a log that rebuilds the book of the last snapshot', () => {
  for (const { events, snapshots } of all) {
    const { bids, asks } = rebuildBook(events)
    const i = snapshots.length - 1
    const level = (side: Float64Array, k: number) => [side[10 * i + 2 * k], side[10 * i + 2 * k + 1]]
    for (let k = 0; k < 5; k++) {
      const size = (left: readonly number[]) => left.reduce((sum, lots) => sum + lots, 0) * 100
      expect(level(snapshots.bids, k)).toEqual([bids[k]!.price * 10, size(bids[k]!.left)])
      expect(level(snapshots.asks, k)).toEqual([asks[k]!.price * 10, size(asks[k]!.left)])
    }
  }
})

test('plantScenario() accounts for what its agent traded between t0 and t1', () => {
  for (const { events, truth } of all) {
    const owners = new Map<number, number>()
    let [bought, sold] = [0, 0]
    for (let i = 0; i < events.length; i++) {
      if (events.kind[i] === BOOK_EVENT.ORDER) owners.set(events.order[i]!, events.other[i]!)
      if (events.kind[i] !== BOOK_EVENT.TRADE || events.at[i]! < truth.t0 || events.at[i]! > truth.t1) continue
      const value = events.price[i]! * 10 * events.quantity[i]! * 100
      const isPlanted = (id: number) => [OWNER.ABSORBER, OWNER.BREAKER, OWNER.SPOOFER].some((owner) => owner === owners.get(id))
      const [buyer, seller] = events.side[i]! > 0 ? [events.order[i]!, events.other[i]!] : [events.other[i]!, events.order[i]!]
      if (isPlanted(buyer)) bought += value
      if (isPlanted(seller)) sold += value
    }
    expect([truth.plantedValue, truth.plantedNet]).toEqual([bought + sold, bought - sold])
  }
  expect(planted('support_accumulation').truth.plantedNet).toBeGreaterThan(5e9)
  expect(planted('resistance_distribution').truth.plantedNet).toBeLessThan(-5e9)
  expect(planted('support_break').truth.plantedNet).toBeLessThan(-5e9)
  expect([planted('null_test').truth.plantedValue, planted('spoof_wall').truth.plantedValue]).toEqual([0, 0])
})

test('plantScenario() buys at a support, sells at a resistance, and comes through a broken support by a percent', () => {
  const imbalance = (type: ScenarioType) => (planted(type).truth.inBand.buy - planted(type).truth.inBand.sell) / planted(type).truth.inBand.total
  expect(imbalance('support_accumulation')).toBeGreaterThan(0.1)
  expect(imbalance('flip_retest')).toBeGreaterThan(0.1)
  expect(imbalance('resistance_distribution')).toBeLessThan(-0.1)
  const { ticks, truth } = planted('support_break')
  const lowest = (until: number) => Math.min(...ticks.price.filter((_, i) => ticks.at[i]! <= until))
  expect(lowest(truth.t1)).toBeLessThanOrEqual(0.99 * truth.level)
  expect([truth.outcome, truth.expectedLabel]).toEqual(['broken', 'break'])
  expect(planted('flip_retest').truth.visits.length).toBeGreaterThanOrEqual(2)
})

test('plantScenario() withdraws a spoofed wall within two seconds of the approach, and it never trades', () => {
  const { events, snapshots, truth } = planted('spoof_wall')
  const walls = new Map<number, { from: number; to: number }>()
  for (let i = 0; i < events.length; i++) {
    const id = events.order[i]!
    if (events.kind[i] === BOOK_EVENT.ORDER && events.other[i] === OWNER.SPOOFER) walls.set(id, { from: events.at[i]!, to: Infinity })
    const wall = walls.get(id)
    if (events.kind[i] === BOOK_EVENT.CANCEL && wall !== undefined) wall.to = events.at[i]!
    if (events.kind[i] === BOOK_EVENT.TRADE) expect([id, events.other[i]!].some((party) => walls.has(party))).toBe(false)
  }
  expect(walls.size).toBeGreaterThan(0)
  for (const { from, to } of walls.values()) {
    const approached = snapshots.at.find((at, i) => at > from && snapshots.bids[10 * i]! <= truth.level + 30) ?? Infinity
    expect(to).toBeLessThan(approached + 2000)
  }
})

test('plantScenario() trades a null test like the stock of spec simulator §11.3: 3,500 orders in 70 minutes, a spread of 1.4 ticks', () => {
  const { orders, snapshots } = planted('null_test')
  expect(orders.length / (105 / 70)).toBeGreaterThan(3000)
  expect(orders.length / (105 / 70)).toBeLessThan(4000)
  let spread = 0
  for (let i = 40; i < snapshots.length; i++) spread += (snapshots.asks[10 * i]! - snapshots.bids[10 * i]!) / 10
  expect(Math.abs(spread / (snapshots.length - 40) - 1.4)).toBeLessThan(0.15)
})

test('plantScenario() with parent orders keeps the side of trades correlated for longer', () => {
  const correlation = ({ orders }: PlantedScenario) => {
    const side = orders.vendorSide.slice(500)
    let sum = 0
    for (let i = 40; i < side.length; i++) sum += side[i]! * side[i - 40]!
    return sum / (side.length - 40)
  }
  const split = plant('null_test', { metaOrders: { ...META_ORDERS, rate: 1, parents: 3, leastLots: 400 } })
  expect(correlation(split)).toBeGreaterThan(correlation(planted('null_test')) + 0.05)
})

test('plantScenario() trades less when the stock is less busy', () => {
  expect(plant('null_test', { activity: () => 0.4 }).orders.length).toBeLessThan(0.6 * planted('null_test').orders.length)
})

test('plantScenario() throws where the tape does not fit, and on strengths and levels it cannot plant', () => {
  expect(() => plant('null_test', { startsAt: clockTime('10:00') })).toThrow(/one half of the trading day/)
  expect(() => plant('null_test', { strength: 1.5 })).toThrow(/the strength lies in 0 to 1/)
  expect(() => plant('null_test', { level: 20.5 })).toThrow(/whole ticks/)
  expect(plant('null_test', { startsAt: clockTime('13:05'), level: 1000 }).truth.level).toBe(10_000)
})

test('efficientPath() reaches two ticks above the level at t0 and reverts to one below it', () => {
  const plan = scenarioPlan('null_test', 0)
  let [sum, late] = [0, 0]
  for (let k = 0; k < 40; k++) {
    const price = efficientPath(plan, seededRng(`path/${k}`))
    expect([price[plan.begins], price[plan.t0]]).toEqual([1.014 * 2000, 2002])
    for (let s = plan.t0 + 600; s < plan.t1; s++) sum += price[s]! - 2000
    late += price[plan.t1]! > 2000 ? 1 : 0
  }
  // Three ticks above the mean decay by e^(−0.003 s): on average 0.26 of a tick above −1 from 600 s to 1,080 s.
  expect(Math.abs(sum / (40 * (plan.t1 - plan.t0 - 600)) + 0.74)).toBeLessThan(0.6)
  expect(late).toBeLessThan(25)
})

test('HawkesIntensity brings base / (1 − branching) events per second and refuses to explode', () => {
  const rng = seededRng('hawkes')
  const intensity = new HawkesIntensity(0.22, 0.45, 10)
  let [now, events] = [0, 0]
  while (now < 40_000) {
    const bound = intensity.at(now)
    now -= Math.log(1 - rng.next()) / bound
    if (rng.next() * bound > intensity.at(now)) continue
    intensity.excite()
    events++
  }
  expect(Math.abs(events / 40_000 - 0.4)).toBeLessThan(0.02)
  expect(() => new HawkesIntensity(0.22, 1, 10)).toThrow(/branching ratio below 1/)
})

test('plantedBatch() plants kind by kind, and a larger batch contains the smaller one', () => {
  const batch = (count: number) => [
    ...plantedBatch(
      {
        ...where,
        kinds: [
          { type: 'null_test', strengths: [0] },
          { type: 'support_break', strengths: [1] },
        ],
        count,
      },
      seededRng('batch'),
    ),
  ]
  const [one, two] = [batch(1), batch(2)]
  expect(two.map(({ truth }) => truth.type)).toEqual(['null_test', 'null_test', 'support_break', 'support_break'])
  expect([two[0], two[2]]).toEqual(one)
  expect(() => batch(0)).toThrow(/the count is whole and positive/)
})
