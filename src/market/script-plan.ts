import { nearest, UsageError } from '#core/errors.ts'
import type { Code } from '#core/code.ts'
import { clockTime } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { SECTORS } from './invented-name.ts'
import { CONTINUOUS_MINUTES, SLOTS } from './intraday-profile.ts'
import type { ScenarioType } from './scenario-plan.ts'
import type { LevelCall, MarketDropCall, PumpDumpCall, Script, ScriptCall, SectorWaveCall } from './script.ts'
import type { Stock } from './stock.ts'

/** Where a planned price is to be. `level` is 厘; `away` counts from the level on the side the price came from. */
export type Target =
  | { readonly by: number }
  | { readonly level: number; readonly away: number; readonly jitter?: number }
  | { readonly limit: 'up'; readonly away: number }
  | { readonly ofReference: number }

/** A stretch of slots (0 … SLOTS − 1) whose prices are planned: from the end of the slot before `from` through the points, straight but for `rough` of the usual noise. */
export interface PlannedMove {
  readonly from: number
  readonly points: readonly { readonly slot: number; readonly to: Target }[]
  readonly rough: number
}

/** What trades in a stretch of slots (both ends inside): `volMult` times the usual with `imb` of it net, or `net` CNY more on one side. */
export interface PlannedFlow {
  readonly from: number
  readonly to: number
  readonly volMult: number
  readonly imb: number
  /** CNY, positive buys; 0 = none. */
  readonly net: number
  /** The sign of `imb` is that of a support: turned round at a level that the price meets from below. */
  readonly isFacing?: boolean
}

/** A scenario of spec simulator §12.1 played on the order book; `from` is the first slot of its tape. */
export interface PlannedTape {
  readonly type: ScenarioType
  readonly strength: number
  readonly level: number
  readonly from: number
}

/** One thing planted on one stock-day, as it was meant. */
export interface PlannedScenario {
  /** Which item of the script, 0 for the first. */
  readonly item: number
  readonly type: ScriptCall['call']
  /** First and last slot of what is planted. */
  readonly from: number
  readonly to: number
  readonly strength: number
  /** Fraction, signed; of the price at the end of the slot before `from`, of the level, or of the reference. */
  readonly amp?: number
  readonly base?: 'start' | 'level' | 'reference'
  /** 厘. */
  readonly level?: number
  /** CNY, signed. */
  readonly net?: number
  readonly volMult?: number
  readonly imb?: number
  /** The slot at whose end the board is sealed first, and how often it opens after that. */
  readonly sealed?: number
  readonly breaks?: number
  readonly phase?: 'leader' | 'follower' | 'accumulation' | 'pump' | 'distribution' | 'first_board' | 'second_board'
}

/** What is planted on one stock-day. */
export interface DayScript {
  readonly scenarios: readonly PlannedScenario[]
  readonly moves: readonly PlannedMove[]
  readonly flows: readonly PlannedFlow[]
  readonly tape?: PlannedTape
  /** The whole day's volume and lean. */
  readonly wholeDay?: { readonly volMult: number; readonly imb: number }
  /** Where it opens, in widths of the price limit; absent = as the night has it. */
  readonly opens?: number
}

/** 大盘急跌 of a date. */
export interface PlannedDrop {
  readonly item: number
  /** Minute of continuous trading. */
  readonly from: number
  readonly length: number
  readonly amp: number
  readonly retrace: number
}

/** A script laid out over the stock-days of a world. */
export interface ScriptPlan {
  readonly days: ReadonlyMap<Code, ReadonlyMap<number, DayScript>>
  /** By day of the world. */
  readonly drops: ReadonlyMap<number, PlannedDrop>
}

interface Place {
  readonly dates: readonly TradeDate[]
  readonly dayOf: ReadonlyMap<TradeDate, number>
  readonly stocks: readonly Stock[]
}

/** Slots in which the price comes to where a tape begins. */
export const TO_TAPE = 400

const PER_MINUTE = 20
const DEFAULT_LAGS = [0, 1, 2, 4, 7] as const
/** A board is driven up in this many minutes, stays sealed for the first of these between breaks, and is open for the second. */
const DRIVE = 10
const SEALED_FOR = 15
const OPEN_FOR = 4
const BREAK_DEPTH = -0.015
const APPROACH = 20
const AWAY = 18

/**
 * Lay a script out. Calls on days after the last of the world are left for later, so that a world that ends later has the same days. Throws UsageError naming the item
 * and the field where a call cannot be: closed day, unknown or unlisted stock, time outside the session, amplitude or length out of range, two calls on the same minutes.
 */
export function planScript(script: Script, place: Place): ScriptPlan {
  const days = new Map<Code, Map<number, Draft>>()
  const drops = new Map<number, PlannedDrop>()
  const last = place.dates.at(-1)!
  for (const [item, call] of script.entries()) {
    const at = `item ${item + 1} (${call.call})`
    const day = place.dayOf.get(call.date as TradeDate)
    if (day === undefined) {
      if (call.date > last) continue
      refuse(at, 'date', `${call.date} is no open day of the simulated market, which begins on ${place.dates[0]!}`, 'Choose a trading day in it')
    }
    if (call.call === 'market_drop') {
      if (drops.has(day)) refuse(at, 't', `item ${drops.get(day)!.item + 1} already lets the market fall on ${call.date}`, 'Plant one drop a day')
      drops.set(day, dropOf(at, item, call))
      continue
    }
    const plant = (code: Code, on: number, part: Part): void => {
      if (on >= place.dates.length) return
      const own = days.get(code) ?? new Map<number, Draft>()
      days.set(code, own)
      const draft = own.get(on) ?? { taken: [], scenarios: [], moves: [], flows: [] }
      own.set(on, draft)
      const taken = extentOf(part)
      const clash = draft.taken.find((each) => each.from <= taken.to && taken.from <= each.to)
      if (clash !== undefined)
        refuse(
          at,
          't',
          `it overlaps item ${clash.item + 1} (${clash.type}) on ${code}, ${place.dates[on]!}`,
          'Move one of them to other minutes or another day',
        )
      if (part.tape !== undefined && draft.tape !== undefined)
        refuse(at, 't', `the order book already plays a scenario for ${code} on ${place.dates[on]!}`, 'Plant one a day, or choose another stock')
      draft.taken.push(taken)
      draft.scenarios.push(part.scenario)
      draft.moves.push(...(part.moves ?? []))
      draft.flows.push(...(part.flows ?? []))
      if (part.tape !== undefined) draft.tape = part.tape
      if (part.wholeDay !== undefined) draft.wholeDay = part.wholeDay
      if (part.opens !== undefined) draft.opens = part.opens
    }
    if (call.call === 'sector_wave') {
      for (const [code, part] of waveOf(at, item, call, place, day)) plant(code, day, part)
      continue
    }
    const code = listed(at, 'symbol', call.symbol, place, day)
    switch (call.call) {
      case 'surge':
      case 'fade': {
        const from = slotAt(at, call.t)
        const sign = call.call === 'surge' ? 1 : -1
        const dur = lasting(at, from, call.dur ?? 5, 1, 60)
        const amp = within(at, 'amp', call.amp, 0.003, 0.3)
        const volMult = within(at, 'volMult', call.volMult ?? 3, 0.2, 50)
        const imb = within(at, 'imb', call.imb ?? 0.5 * sign, -0.95, 0.95)
        plant(code, day, moving(item, call.call, from, from + dur - 1, sign * amp, volMult, imb))
        break
      }
      case 'limit_up':
        plant(code, day, boardOf(at, item, call.call, call.t, call.breaks ?? 0))
        break
      case 'second_board':
        plant(code, day, { ...boardOf(at, item, call.call, call.t, call.breaks ?? 0, 'first_board') })
        plant(code, day + 1, { ...boardOf(at, item, call.call, call.t2 ?? call.t, call.breaks ?? 0, 'second_board'), opens: 0.3 })
        break
      case 'money_burst': {
        const from = slotAt(at, call.t)
        const to = from + lasting(at, from, call.dur ?? 5, 1, 60) - 1
        const net = within(at, 'value', call.value, 1e5, 1e11) * (call.side === 'buy' ? 1 : -1)
        plant(code, day, { scenario: { item, type: call.call, from, to, strength: 1, net }, flows: [{ from, to, volMult: 1, imb: 0, net }] })
        break
      }
      case 'level_bounce':
      case 'level_break':
        plant(code, day, levelOf(at, item, call))
        break
      case 'pump_dump':
        for (const [k, part] of pumpOf(at, item, call).entries()) plant(code, day + k, part)
        break
      default: {
        const t0 = slotAt(at, call.t)
        const tape = { type: call.call, strength: within(at, 'strength', call.strength ?? 1, 0, 1), level: levelIn(at, call.L), from: t0 - 640 }
        const to = tape.from + 2100 - 1
        const isWhole = tape.from >= 0 && (to < 2400 ? tape.from < 2400 : tape.from >= 2400) && to < SLOTS
        if (!isWhole)
          refuse(
            at,
            't',
            `a ${call.call} needs the 32 minutes before ${call.t} and the 73 after it within one half of the day`,
            'Choose 10:02–10:17 or 13:32–13:44',
          )
        if (tape.level < 4000) refuse(at, 'L', `the order book plays levels from 4.00 CNY up, found ${call.L}`, 'Choose a dearer stock')
        const { type, strength, level } = tape
        plant(code, day, { scenario: { item, type, from: tape.from, to, strength, level }, tape })
      }
    }
  }
  for (const own of days.values())
    for (const draft of own.values()) for (const list of [draft.moves, draft.flows]) (list as { from: number }[]).sort((a, b) => a.from - b.from)
  return { days, drops }
}

/** The slots a call needs for itself, the way to its level included. */
interface Extent {
  readonly item: number
  readonly type: ScriptCall['call']
  readonly from: number
  readonly to: number
}

function extentOf({ scenario: { item, type, from, to }, moves = [], tape }: Part): Extent {
  return { item, type, from: Math.min(from, ...moves.map((move) => move.from), tape === undefined ? from : Math.max(0, tape.from - TO_TAPE)), to }
}

interface Draft {
  readonly taken: Extent[]
  scenarios: PlannedScenario[]
  moves: PlannedMove[]
  flows: PlannedFlow[]
  tape?: PlannedTape
  wholeDay?: { readonly volMult: number; readonly imb: number }
  opens?: number
}

interface Part {
  readonly scenario: PlannedScenario
  readonly moves?: readonly PlannedMove[]
  readonly flows?: readonly PlannedFlow[]
  readonly tape?: PlannedTape
  readonly wholeDay?: { readonly volMult: number; readonly imb: number }
  readonly opens?: number
}

/** The common factors move by whole minutes. */
function dropOf(at: string, item: number, call: MarketDropCall): PlannedDrop {
  const slot = slotAt(at, call.t)
  const slots = lasting(at, slot, call.dur, 1, 60)
  if (slot % PER_MINUTE !== 0) refuse(at, 't', `the market falls by whole minutes, found ${call.t}`, 'Leave the seconds out')
  if (slots % PER_MINUTE !== 0) refuse(at, 'dur', `the market falls by whole minutes, found ${call.dur}`, 'Round it')
  const [from, length, retrace] = [slot / PER_MINUTE, slots / PER_MINUTE, within(at, 'retrace', call.retrace ?? 0, 0, 1)]
  if (retrace > 0 && from + length === CONTINUOUS_MINUTES) refuse(at, 'retrace', 'the session ends with the fall', 'Begin earlier, or take nothing back')
  return { item, from, length, amp: within(at, 'amp', call.amp, 0.005, 0.09), retrace }
}

function moving(item: number, type: ScriptCall['call'], from: number, to: number, amp: number, volMult: number, imb: number): Part {
  return {
    scenario: { item, type, from, to, strength: 1, amp, base: 'start', volMult, imb },
    moves: [{ from, points: [{ slot: to, to: { by: amp } }], rough: 0.15 }],
    flows: [{ from, to, volMult, imb, net: 0 }],
  }
}

function boardOf(at: string, item: number, type: ScriptCall['call'], t: string, breaks: number, phase?: 'first_board' | 'second_board'): Part {
  const seal = slotAt(at, t) - 1
  if (seal < 2 * PER_MINUTE) refuse(at, 't', `the price needs two minutes to reach its limit, found ${t}`, 'Choose 09:32 or later')
  const times = within(at, 'breaks', breaks, 0, 5)
  const from = Math.max(0, seal + 1 - DRIVE * PER_MINUTE)
  const points: PlannedMove['points'][number][] = [{ slot: seal, to: { limit: 'up', away: 0 } }]
  for (let k = 1; k <= times; k++) {
    const opens = seal + k * SEALED_FOR * PER_MINUTE
    const shut = opens + OPEN_FOR * PER_MINUTE
    if (shut >= SLOTS - PER_MINUTE)
      refuse(
        at,
        'breaks',
        `break ${k} would end after 14:56: the board is sealed for ${SEALED_FOR} minutes before each`,
        'Seal it earlier or break it less often',
      )
    points.push(
      { slot: opens, to: { limit: 'up', away: 0 } },
      { slot: Math.round((opens + shut) / 2), to: { limit: 'up', away: BREAK_DEPTH } },
      { slot: shut, to: { limit: 'up', away: 0 } },
    )
  }
  points.push({ slot: SLOTS - 1, to: { limit: 'up', away: 0 } })
  return {
    scenario: { item, type, from, to: SLOTS - 1, strength: 1, sealed: seal, breaks: times, ...(phase === undefined ? {} : { phase }) },
    moves: [{ from, points, rough: 0.1 }],
    flows: [{ from, to: seal, volMult: 3, imb: 0.5, net: 0 }],
  }
}

function levelOf(at: string, item: number, call: LevelCall): Part {
  const t = slotAt(at, call.t)
  const level = levelIn(at, call.L)
  const isBounce = call.call === 'level_bounce'
  const amp = within(at, 'amp', call.amp ?? 0.012, 0.005, 0.05)
  const hold = lasting(at, t, call.hold ?? (isBounce ? 15 : 3), 1, 60)
  const from = Math.max(0, t - APPROACH * PER_MINUTE)
  if (t - from < 5 * PER_MINUTE) refuse(at, 't', `the price needs five minutes to come to its level, found ${call.t}`, 'Choose 09:35 or later')
  const to = t + hold + AWAY * PER_MINUTE - 1
  if (to >= SLOTS) refuse(at, 't', `it would last until after 14:57: ${hold / PER_MINUTE} minutes at the level and ${AWAY} after it`, 'Begin earlier')
  const points: PlannedMove['points'][number][] = [{ slot: t - 1, to: { level, away: 0.0005 } }]
  for (let slot = t + PER_MINUTE - 1; slot < t + hold - 1; slot += PER_MINUTE) points.push({ slot, to: { level, away: 0.0003, jitter: 0.001 } })
  points.push({ slot: t + hold - 1, to: { level, away: 0 } }, { slot: to, to: { level, away: isBounce ? amp : -amp } })
  const imb = isBounce ? 0.45 : -0.5
  const flow = isBounce ? { from: t, to: t + hold - 1, volMult: 2.5 } : { from: t + hold, to: Math.min(to, t + hold + 10 * PER_MINUTE - 1), volMult: 3 }
  return {
    scenario: { item, type: call.call, from: t, to, strength: 1, level, amp: isBounce ? amp : -amp, base: 'level' },
    moves: [{ from, points, rough: 0.15 }],
    flows: [{ ...flow, imb, net: 0, isFacing: true }],
  }
}

function waveOf(at: string, item: number, call: SectorWaveCall, place: Place, day: number): readonly (readonly [Code, Part])[] {
  const sector = SECTORS.findIndex(({ name }) => name === call.board)
  if (sector < 0) {
    const names = SECTORS.map(({ name }) => name as string)
    refuse(at, 'board', `there is no sector ${JSON.stringify(call.board)}`, `Choose one of ${nearest(call.board, names) ?? names.join(', ')}`)
  }
  const members = place.stocks.filter((stock) => stock.sector === sector && stock.listDay + 5 <= day).map(({ code }) => code)
  if (members.length < 3)
    refuse(at, 'board', `${call.board} has ${members.length} listed stocks in this market, a wave needs three`, 'Choose another sector or a larger market')
  const leader = call.leader === undefined ? members[0]! : listed(at, 'leader', call.leader, place, day)
  if (!members.includes(leader)) refuse(at, 'leader', `${leader} is not in ${call.board}`, `Choose one of ${members.slice(0, 6).join(', ')}`)
  const amp = within(at, 'amp', call.amp, 0.003, 0.15)
  const leaderAmp = within(at, 'leaderAmp', call.leaderAmp ?? Math.min(0.09, 1.5 * amp), 0.003, 0.3)
  const lags = (call.lagCurve ?? DEFAULT_LAGS).map((lag) => within(at, 'lagCurve', lag, 0, 120))
  if (lags.length === 0) refuse(at, 'lagCurve', 'it is empty', 'Give the minutes of delay, such as [0, 2, 5]')
  const start = slotAt(at, call.t)
  const followers = members.filter((code) => code !== leader)
  const part = (lag: number, size: number, phase: 'leader' | 'follower'): Part => {
    const from = start + Math.round(lag * PER_MINUTE)
    const dur = lasting(at, from, call.dur ?? 10, 1, 60)
    const planned = moving(item, call.call, from, from + dur - 1, size, 3, 0.4)
    return { ...planned, scenario: { ...planned.scenario, phase } }
  }
  return [
    [leader, part(0, leaderAmp, 'leader')],
    ...followers.map((code, k): readonly [Code, Part] => [code, part(lags[Math.floor((k * lags.length) / followers.length)]!, amp, 'follower')]),
  ]
}

function pumpOf(at: string, item: number, call: PumpDumpCall): readonly Part[] {
  const rise = within(at, 'rise', call.rise ?? 0.15, 0.02, 3)
  const fall = within(at, 'fall', call.fall ?? 0.12, 0.02, 0.8)
  const lengths = [call.accumulate ?? 5, call.pump ?? 2, call.dump ?? 3] as const
  for (const [k, name] of (['accumulate', 'pump', 'dump'] as const).entries()) within(at, name, lengths[k]!, k === 0 ? 0 : 1, 30)
  const day = (phase: 'accumulation' | 'pump' | 'distribution', amp: number, volMult: number, imb: number): Part => ({
    scenario: { item, type: 'pump_dump', from: 0, to: SLOTS - 1, strength: 1, amp, base: 'reference', phase },
    moves: [{ from: 0, points: [{ slot: SLOTS - 1, to: { ofReference: 1 + amp } }], rough: 0.6 }],
    wholeDay: { volMult, imb },
    opens: 0,
  })
  const nth = (total: number, days: number) => rootOf(total, days) - 1
  return [
    ...Array.from({ length: lengths[0] }, () => day('accumulation', 0.003, 0.6, 0.15)),
    ...Array.from({ length: lengths[1] }, () => day('pump', nth(1 + rise, lengths[1]), 3, 0.25)),
    ...Array.from({ length: lengths[2] }, () => day('distribution', nth(1 - fall, lengths[2]), 2.5, -0.25)),
  ]
}

/** The n-th root of a positive number by Newton's method: exact arithmetic only, the same on every machine. */
function rootOf(x: number, n: number): number {
  let root = 1 + (x - 1) / n
  for (let step = 0; step < 60; step++) {
    let power = 1
    for (let k = 1; k < n; k++) power *= root
    root += (x / power - root) / n
  }
  return root
}

function listed(at: string, field: string, symbol: string, { stocks, dates }: Place, day: number): Code {
  const stock = stocks.find(({ code }) => code === symbol)
  if (stock === undefined)
    refuse(at, field, `there is no stock ${JSON.stringify(symbol)} in this simulated market`, `Choose one of its ${stocks.length}, such as ${stocks[0]!.code}`)
  if (stock.listDay > day) refuse(at, field, `${symbol} lists on ${stock.listDate} only, after ${dates[day]!}`, 'Choose a later day')
  return stock.code
}

/** The first slot after a time of continuous trading. */
function slotAt(at: string, t: string): number {
  let time: number
  try {
    time = clockTime(t)
  } catch {
    // Expected: what a person typed is no time.
    return refuse(at, 't', `${JSON.stringify(t)} is no time of day`, 'Write HH:MM or HH:MM:SS')
  }
  const [morning, afternoon] = [(time - clockTime('09:30')) / 3000, 2400 + (time - clockTime('13:00')) / 3000]
  if (morning >= 0 && morning < 2400) return Math.floor(morning)
  if (afternoon >= 2400 && afternoon < SLOTS) return Math.floor(afternoon)
  return refuse(at, 't', `${t} lies outside continuous trading`, 'Choose 09:30–11:30 or 13:00–14:57')
}

/** Slots of a length in minutes of trading, the lunch break left out. */
function lasting(at: string, from: number, minutes: number, least: number, most: number): number {
  const slots = Math.round(within(at, 'dur', minutes, least, most) * PER_MINUTE)
  if (from + slots > SLOTS) refuse(at, 'dur', `${minutes} minutes of trading from there end after 14:57`, 'Begin earlier or make it shorter')
  return slots
}

function levelIn(at: string, price: number): number {
  const level = Math.round(price * 1000)
  if (!(level > 0 && level % 10 === 0 && Math.abs(level - price * 1000) < 1e-6))
    refuse(at, 'L', `a level is a price on the tick of 0.01 CNY, found ${price}`, 'Round it')
  return level
}

function within(at: string, field: string, value: number, low: number, high: number): number {
  if (!(value >= low && value <= high)) refuse(at, field, `it lies in ${low} to ${high}, found ${value}`, 'Change it')
  return value
}

function refuse(at: string, field: string, why: string, next: string): never {
  throw new UsageError(`Cannot plant ${at}, field "${field}": ${why}. ${next}`)
}
