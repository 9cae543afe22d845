import type { Code } from '#core/code.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { quantile } from '#numeric/quantile.ts'
import { bandVisits, visitBand } from './band-visits.ts'
import { dailyBars, type DailyBars } from './daily-bars.ts'
import { slotEnd } from './intraday-profile.ts'
import type { DayScript, PlannedDrop, PlannedScenario } from './script-plan.ts'
import type { ScriptCall } from './script.ts'
import { BAND } from './scenario-plan.ts'
import type { Stock } from './stock.ts'
import { tickDay } from './tick-path.ts'
import type { World } from './world.ts'

/** One quantity of a scenario as it was meant and as it came about. */
export interface Realisation {
  readonly name: 'amplitude' | 'value' | 'volume' | 'imbalance' | 'time' | 'breaks' | 'level'
  readonly planned: number
  readonly realised: number
  readonly holds: boolean
}

/** One visit of a scenario to its level. Money in CNY, times in epoch ms; NaN where the day ends too soon. */
export interface RealisedVisit {
  readonly testId: number
  readonly enter: number
  readonly exit: number
  readonly maxPenetration: number
  readonly bigBuy: number
  readonly bigSell: number
  readonly total: number
  readonly orderFlowImbalance: number
  readonly futureReturn30m: number
  readonly futureReturn1d: number
}

/** 真值: what a script planted on one stock-day, as it came about: a row of `sim_truth_scenario`. */
export interface RealisedScenario {
  readonly id: string
  readonly item: number
  readonly type: ScriptCall['call']
  readonly phase: PlannedScenario['phase']
  /** `MKT` for the whole market. */
  readonly symbol: Code | 'MKT'
  readonly date: TradeDate
  readonly t0: EpochMs
  readonly t1: EpochMs
  /** CNY; NaN where there is none. */
  readonly level: number
  readonly strength: number
  readonly outcome: string
  readonly expectedLabel: string
  /** What traded between t0 and t1, and what of it was bought less what was sold actively: CNY. Of a tape: what its planted agent traded. */
  readonly plantedValue: number
  readonly plantedNet: number
  /** The first of the planned quantities that is an amplitude, as it came about; NaN without one. */
  readonly amplitude: number
  readonly realisations: readonly Realisation[]
  readonly visits: readonly RealisedVisit[]
}

/** A stock-day of the script on which the stock does not trade. */
export interface UnplantedDay {
  readonly item: number
  readonly type: ScriptCall['call']
  readonly symbol: Code
  readonly date: TradeDate
  readonly phase: PlannedScenario['phase']
}

/** All that a script planted in the days of a world; days on which a stock does not trade are told apart. */
export interface ScriptTruth {
  readonly scenarios: readonly RealisedScenario[]
  readonly missing: readonly UnplantedDay[]
}

/** Planned quantities are realised within this part of themselves (spec simulator §12.4). */
export const TOLERANCE = 0.05

const BIG = 0.9
/** A quiet stock shows where the market has come to with its next trade. */
const SETTLE_MS = 60_000
const HALF_HOUR_MS = 1_800_000

/** Measure what the script of a world planted. Yields before each stock, so that whoever runs it can let others work; the bars of a stock may be given if they are known. */
export function* scriptTruth(world: World, barsOf: (stock: Stock) => DailyBars = (stock) => dailyBars(world, stock)): Generator<void, ScriptTruth> {
  const scenarios: RealisedScenario[] = []
  const missing: UnplantedDay[] = []
  for (const stock of world.stocks) {
    const own = world.script.days.get(stock.code)
    if (own === undefined) continue
    yield
    const bars = barsOf(stock)
    for (const [day, script] of own)
      for (const planned of script.scenarios) {
        const { item, type, phase } = planned
        if (bars.scripted.has(day)) scenarios.push(realised(world, bars, day, script, planned))
        else missing.push({ item, type, phase, symbol: stock.code, date: world.dates[day]! })
      }
  }
  for (const [day, drop] of world.script.drops) scenarios.push(yield* realisedDrop(world, barsOf, day, drop))
  return { scenarios: scenarios.toSorted((a, b) => a.item - b.item || a.date - b.date || (a.symbol < b.symbol ? -1 : 1)), missing }
}

/** Deviations of a script from what was asked for. A sector wave is judged over all its followers, a pump and its end over all their days. */
export function deviations({ scenarios }: ScriptTruth): readonly { readonly scenario: RealisedScenario; readonly realisation: Realisation }[] {
  const judged = [...Map.groupBy(scenarios, ({ item, phase }) => `${item}/${phase ?? ''}`).values()].flatMap((group) =>
    group[0]!.phase === 'follower'
      ? [gathered(group, (values) => values.reduce((sum, value) => sum + value, 0) / values.length)]
      : group[0]!.phase === 'accumulation'
        ? []
        : group[0]!.type === 'pump_dump'
          ? [gathered(group, (values) => values.reduce((product, value) => product * (1 + value), 1) - 1)]
          : group,
  )
  return judged.flatMap((scenario) => scenario.realisations.filter(({ holds }) => !holds).map((realisation) => ({ scenario, realisation })))
}

function gathered(group: readonly RealisedScenario[], together: (values: readonly number[]) => number): RealisedScenario {
  const all = (pick: (realisation: Realisation) => number) =>
    together(group.map(({ realisations }) => pick(realisations.find(({ name }) => name === 'amplitude')!)))
  return {
    ...group[0]!,
    realisations: [
      judged(
        'amplitude',
        all(({ planned }) => planned),
        all(({ realised: found }) => found),
      ),
    ],
  }
}

function judged(name: Realisation['name'], planned: number, found: number, tolerance = TOLERANCE * Math.abs(planned)): Realisation {
  return { name, planned, realised: found, holds: Math.abs(found - planned) <= tolerance }
}

function realised(world: World, bars: DailyBars, day: number, script: DayScript, planned: PlannedScenario): RealisedScenario {
  const { ticks, usual, tape } = bars.scripted.get(day)!
  const { item, type, phase, from, to, strength } = planned
  const { stock } = bars
  const date = world.dates[day]!
  const midnight = instantOf(date, 0)
  const [t0, t1] = [(midnight + slotEnd(from) - 3000) as EpochMs, (midnight + slotEnd(to)) as EpochMs]
  const flow = flowBetween(ticks, t0, t1)
  const realisations: Realisation[] = []
  if (planned.amp !== undefined) realisations.push(judged('amplitude', planned.amp, amplitude(bars, day, ticks, planned, t0, t1)))
  if (planned.net !== undefined) realisations.push(judged('value', planned.net, flow.net))
  if (planned.volMult !== undefined && planned.imb !== undefined) {
    const at = script.flows.findIndex((each) => each.from === from && each.to === to)
    realisations.push(judged('volume', planned.volMult, flow.volume / usual[at]!), judged('imbalance', planned.imb, flow.net / flow.value, TOLERANCE))
  }
  if (planned.sealed !== undefined) {
    const seals = sealings(ticks, bars.limitUp[day]!)
    const sealedAt = (seals.first - midnight) / 1000
    realisations.push(judged('time', slotEnd(planned.sealed) / 1000, sealedAt, 6), judged('breaks', planned.breaks ?? 0, seals.breaks, 0))
  }
  if (planned.level !== undefined && tape === undefined) {
    const near = ticks.price[lastAt(ticks, t0)]! / 1000
    realisations.push(judged('level', planned.level / 1000, near, (BAND * planned.level) / 1000))
  }
  const visits =
    planned.level === undefined
      ? []
      : tape === undefined
        ? visitsOf(bars, day, ticks, planned.level, t0)
        : tape.visits.map((visit) => ofTape(visit, bars, day, ticks))
  return {
    id: `${item + 1}-${stock.code}-${date}`,
    item,
    type,
    phase,
    symbol: stock.code,
    date,
    t0: tape === undefined ? t0 : tape.t0,
    t1: tape === undefined ? t1 : tape.t1,
    level: planned.level === undefined ? NaN : planned.level / 1000,
    strength,
    outcome: tape?.outcome ?? (planned.sealed === undefined ? 'realised' : bars.close[day] === bars.limitUp[day] ? 'sealed' : 'broken'),
    expectedLabel: tape?.expectedLabel ?? type,
    plantedValue: tape === undefined ? flow.value : tape.plantedValue / 1000,
    plantedNet: tape === undefined ? flow.net : tape.plantedNet / 1000,
    amplitude: realisations.find(({ name }) => name === 'amplitude')?.realised ?? NaN,
    realisations,
    visits,
  }
}

function amplitude(bars: DailyBars, day: number, ticks: TickDay, { base, level }: PlannedScenario, t0: number, t1: number): number {
  if (base === 'reference') return bars.close[day]! / bars.preClose[day]! - 1
  const [first, last] = [ticks.price[lastAt(ticks, t0)]!, ticks.price[lastAt(ticks, t1)]!]
  if (base !== 'level') return last / first - 1
  // Counted away from the level on the side the price came from.
  const came = ticks.price[lastAt(ticks, t0 - 60_000)]!
  return (came >= level! ? 1 : -1) * (last / level! - 1)
}

/** Position of the last record at or before an instant; the first record when there is none. */
function lastAt({ at, length }: TickDay, instant: number): number {
  let i = 0
  while (i + 1 < length && at[i + 1]! <= instant) i++
  return i
}

interface Flow {
  readonly value: number
  readonly net: number
  readonly volume: number
}

/** What traded in (t0, t1], CNY and shares; the buyers' part of a record by its mean price between its quotes (spec microstructure §3). */
function flowBetween(ticks: TickDay, t0: number, t1: number): Flow {
  let [value, net, volume] = [0, 0, 0]
  for (let i = 0; i < ticks.length; i++) {
    if (!(ticks.at[i]! > t0 && ticks.at[i]! <= t1)) continue
    value += ticks.amount[i]! / 1000
    volume += ticks.volume[i]!
    net += (boughtIn(ticks, i) - (ticks.amount[i]! - boughtIn(ticks, i))) / 1000
  }
  return { value, net, volume }
}

/** Money of a record that was bought actively, 厘. */
function boughtIn(ticks: TickDay, i: number): number {
  const [bid, ask, amount, volume] = [ticks.bid1[i]!, ticks.ask1[i]!, ticks.amount[i]!, ticks.volume[i]!]
  if (Number.isNaN(bid)) return amount / 2
  if (ask === 0) return 0
  if (bid === 0) return amount
  return ((amount - bid * volume) / (ask - bid)) * ask
}

function sealings(ticks: TickDay, limitUp: number): { readonly first: number; readonly breaks: number } {
  let [first, breaks, isSealed] = [NaN, 0, false]
  for (let i = 1; i < ticks.length - 1; i++) {
    const now = ticks.ask1[i] === 0 && ticks.price[i] === limitUp
    if (now && Number.isNaN(first)) first = ticks.at[i]!
    if (isSealed && !now) breaks++
    isSealed = now
  }
  return { first, breaks }
}

/** Visits of a day's records to a level, in the half of the day in which it is planted. */
function visitsOf(bars: DailyBars, day: number, ticks: TickDay, level: number, t0: number): readonly RealisedVisit[] {
  const noon = instantOf(ticks.date, 12.5 * 3_600_000)
  const isHalf = (i: number) => !Number.isNaN(ticks.bid1[i]!) && ticks.at[i]! < noon === t0 < noon
  const rows = Array.from(ticks.at.keys()).filter(isHalf)
  const pick = <Values extends Float64Array | Int32Array | Uint8Array>(values: Values): Values => values.filter((_, i) => isHalf(i)) as Values
  const half: TickDay = {
    ...ticks,
    length: rows.length,
    at: pick(ticks.at),
    price: pick(ticks.price),
    volume: pick(ticks.volume),
    amount: pick(ticks.amount),
    bid1: pick(ticks.bid1),
    ask1: pick(ticks.ask1),
  }
  const before = half.amount.filter((_, i) => half.at[i]! > t0 - HALF_HOUR_MS && half.at[i]! <= t0)
  const bigFrom = quantile(before, BIG)
  const side = (half.price[0] ?? level) >= level ? 1 : -1
  return bandVisits(half, visitBand(level, BAND, 10)).map(({ entry, exit, isOpen }, k): RealisedVisit => {
    const end = isOpen ? exit + 1 : exit
    let [total, net, bigBuy, bigSell, deepest] = [0, 0, 0, 0, 0]
    for (let i = entry; i < end; i++) {
      const bought = boughtIn(half, i)
      const sold = half.amount[i]! - bought
      total += half.amount[i]!
      net += bought - sold
      if (half.amount[i]! >= bigFrom) {
        bigBuy += bought
        bigSell += sold
      }
      deepest = Math.max(deepest, (side * (level - half.price[i]!)) / level)
    }
    return {
      testId: k + 1,
      enter: half.at[entry]!,
      exit: isOpen ? NaN : half.at[exit]!,
      maxPenetration: deepest,
      bigBuy: bigBuy / 1000,
      bigSell: bigSell / 1000,
      total: total / 1000,
      orderFlowImbalance: net / total,
      ...futures(bars, day, ticks, isOpen ? NaN : half.at[exit]!),
    }
  })
}

/** Returns from an instant on: half an hour of the clock, and to the next day's close. */
function futures(bars: DailyBars, day: number, ticks: TickDay, from: number): Pick<RealisedVisit, 'futureReturn30m' | 'futureReturn1d'> {
  if (Number.isNaN(from)) return { futureReturn30m: NaN, futureReturn1d: NaN }
  const price = ticks.price[lastAt(ticks, from)]!
  const later = from + HALF_HOUR_MS <= ticks.at[ticks.length - 1]! ? ticks.price[lastAt(ticks, from + HALF_HOUR_MS)]! / price - 1 : NaN
  const close = bars.close[day + 1] ?? 0
  return { futureReturn30m: later, futureReturn1d: close > 0 ? (close * bars.adjFactor[day + 1]!) / (price * bars.adjFactor[day]!) - 1 : NaN }
}

function ofTape(
  {
    testId,
    enter,
    exit,
    maxPenetration,
    flow,
    orderFlowImbalance,
    futureReturn30m,
  }: NonNullable<NonNullable<ReturnType<DailyBars['scripted']['get']>>['tape']>['visits'][number],
  bars: DailyBars,
  day: number,
  ticks: TickDay,
): RealisedVisit {
  const [bigBuy, bigSell, total] = [flow.bigBuy / 1000, flow.bigSell / 1000, flow.total / 1000]
  const { futureReturn1d } = futures(bars, day, ticks, exit)
  return { testId, enter, exit, maxPenetration, bigBuy, bigSell, total, orderFlowImbalance, futureReturn30m, futureReturn1d }
}

/** The fall of the equal-weighted market, from the records of every stock that trades. */
function* realisedDrop(world: World, barsOf: (stock: Stock) => DailyBars, day: number, drop: PlannedDrop): Generator<void, RealisedScenario> {
  const date = world.dates[day]!
  const midnight = instantOf(date, 0)
  const [t0, t1] = [midnight + slotEnd(20 * drop.from) - 3000, midnight + slotEnd(20 * (drop.from + drop.length) - 1)] as [EpochMs, EpochMs]
  let [sum, count, value, net] = [0, 0, 0, 0]
  for (const stock of world.stocks) {
    yield
    const ticks = tickDay(world, barsOf(stock), day)
    if (ticks === undefined) continue
    sum += ticks.price[lastAt(ticks, t1 + SETTLE_MS)]! / ticks.price[lastAt(ticks, t0)]! - 1
    count++
    const flow = flowBetween(ticks, t0, t1)
    value += flow.value
    net += flow.net
  }
  const found = sum / count
  return {
    id: `${drop.item + 1}-MKT-${date}`,
    item: drop.item,
    type: 'market_drop',
    phase: undefined,
    symbol: 'MKT',
    date,
    t0,
    t1,
    level: NaN,
    strength: 1,
    outcome: 'realised',
    expectedLabel: 'market_drop',
    plantedValue: value,
    plantedNet: net,
    amplitude: found,
    realisations: [judged('amplitude', -drop.amp, found)],
    visits: [],
  }
}
