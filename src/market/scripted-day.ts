import { UsageError } from '#core/errors.ts'
import type { TickDay } from '#core/tick.ts'
import { exp, ln } from '#numeric/fmath.ts'
import type { DailyBars } from './daily-bars.ts'
import { apportionLots } from './exact-amount.ts'
import { CLOSE_AUCTION_SHARE, OPEN_AUCTION_SHARE, SLOTS, VOLUME_SHAPE } from './intraday-profile.ts'
import type { Stream } from './keyed-stream.ts'
import type { ScenarioTruth } from './scenario-truth.ts'
import type { DayScript, PlannedFlow } from './script-plan.ts'
import { tapeRecords, type ScriptedPath } from './scripted-path.ts'
import { drawSlots, mostPerTrade, toTickDay, tradesFor, type DayRange } from './tick-path.ts'
import type { World } from './world.ts'

/** 剧本日: a day whose records come first; its bar is their sum. */
export interface ScriptedDay {
  readonly ticks: TickDay
  /** What is known of a tape that was played in it. */
  readonly tape?: ScenarioTruth
  /** Shares that would have traded in the slots of each flow without it, in the order of the flows. */
  readonly usual: readonly number[]
}

const TICK = 10

/** The records of a day while they are made. Prices in ticks, volumes in lots. `planned` is the flow a record belongs to, -1 none, -2 the tape. */
interface Draft {
  readonly slot: number
  readonly planned: number
  bid: number
  spread: number
  last: number
  sealed: number
  lots: number
  bought: number
  amount: number
  trades: number
}

/**
 * Draw the records of a scripted day along its path and fill the day's bar from them. The volume already in the bar is what usually trades; planned flows come in place of
 * what would have traded in their slots, net flows on top of it, and the order book's tape as it is.
 */
export function drawScriptedDay(world: World, bars: DailyBars, day: number, script: DayScript, path: ScriptedPath): ScriptedDay {
  const { stock } = bars
  const { lot } = stock
  const date = world.dates[day]!
  const stream = world.stream('truth', `${stock.code}/records`, date)
  const usualLots = (bars.volume[day]! / lot) * (script.wholeDay?.volMult ?? 1)
  const openLots = Math.max(1, Math.floor(usualLots * OPEN_AUCTION_SHARE * (0.6 + 0.8 * stream.next())))
  const closeLots = Math.max(1, Math.floor(usualLots * CLOSE_AUCTION_SHARE * (0.6 + 0.8 * stream.next())))
  const left = usualLots - openLots - closeLots
  const shares = path.flows.map(({ from, to }) => shareOf(from, to))
  const drafts = draftSlots(path, left, shares, bars.amount[day]! / (TICK * lot), stream)
  const bounds = { low: Math.ceil((bars.limitDown[day]! || TICK) / TICK), high: Math.floor((bars.limitUp[day]! || 2 ** 30) / TICK) }
  quote(drafts, path, bars.preClose[day]! / TICK, { ...bounds, isLimited: bars.limitUp[day]! > 0 }, stream)
  spreadLots(drafts, path, left, shares, stream)
  lean(drafts, path, script.wholeDay?.imb ?? 0, stream)
  for (const [k, flow] of path.flows.entries()) if (flow.net !== 0) addNet(drafts, k, flow, script, bars, stream)
  for (const draft of drafts) if (draft.planned !== -2) settle(draft)
  if (path.tape !== undefined) copyTape(drafts, path.tape, lot)
  const [open, close] = [bars.open[day]! / TICK, bars.close[day]! / TICK]
  const range = keepRange(drafts, { open, close, ...bounds })
  const traded = drafts.reduce((sum, { amount }) => sum + amount, open * openLots + close * closeLots)
  const most = mostPerTrade(traded * TICK * lot) / (TICK * lot)
  const records = {
    length: drafts.length,
    slot: Int32Array.from(drafts, ({ slot }) => slot),
    bid: Int32Array.from(drafts, ({ bid }) => bid),
    spread: Int32Array.from(drafts, ({ spread }) => spread),
    last: Int32Array.from(drafts, ({ last }) => last),
    sealed: Int8Array.from(drafts, ({ sealed }) => sealed),
    volume: Float64Array.from(drafts, ({ lots }) => lots),
    amount: Float64Array.from(drafts, ({ amount }) => amount),
    trades: Float64Array.from(drafts, ({ trades, lots, amount }) => Math.max(trades, tradesFor(lots, amount, most))),
    openLots,
    closeLots,
  }
  const ticks = toTickDay(records, range, lot, most, { code: stock.code, date, grain: 'AGG3S', phase: 1000 * (Number(stock.code.slice(3, 6)) % 3) })
  bars.high[day] = ticks.price.reduce((most, price) => Math.max(most, price))
  bars.low[day] = ticks.price.reduce((least, price) => Math.min(least, price))
  bars.volume[day] = ticks.volume.reduce((sum, volume) => sum + volume, 0)
  bars.amount[day] = ticks.amount.reduce((sum, amount) => sum + amount, 0)
  const usual = shares.map((share) => share * left * lot)
  const tape = path.tape?.scenario.truth
  return tape === undefined ? { ticks, usual } : { ticks, usual, tape }
}

/** Share of the continuous session's volume that usually trades in a stretch of slots. */
function shareOf(from: number, to: number): number {
  let sum = 0
  for (let slot = from; slot <= to; slot++) sum += VOLUME_SHAPE[Math.floor(slot / 20)]! / 20
  return sum
}

/** Which slots have a record: those of the tape, every slot of a planned flow unless too little trades, the planned prices, and elsewhere what is usual. */
function draftSlots({ flows, tape, pinned }: ScriptedPath, left: number, shares: readonly number[], amount: number, stream: Stream): Draft[] {
  const planned = new Int32Array(SLOTS).fill(-1)
  const stride = flows.map(({ from, to, volMult }, k) => {
    planned.fill(k, from, to + 1)
    return Math.max(1, Math.ceil((2 * (to - from + 1)) / Math.max(1, volMult * shares[k]! * left)))
  })
  if (tape !== undefined) planned.fill(-2, tape.from, tape.to + 1)
  const active = 140 * ln(1 + amount / 1e6)
  const usual = new Set(drawSlots(Math.max(4, Math.min(Math.max(450, Math.min(1500, active)), Math.floor(left / 4))), stream))
  const taped = new Set(tape === undefined ? [] : tapeRecords(tape).map(({ slot }) => slot))
  const drafts: Draft[] = []
  for (let slot = 0; slot < SLOTS; slot++) {
    const own = planned[slot]!
    const flow = own >= 0 ? flows[own]! : undefined
    const isThere = own === -2 ? taped.has(slot) : pinned[slot] === 1 || (flow === undefined ? usual.has(slot) : (slot - flow.from) % (stride[own] ?? 1) === 0)
    if (isThere) drafts.push({ slot, planned: own, bid: 0, spread: 0, last: 0, sealed: 0, lots: 0, bought: 0, amount: 0, trades: 1 })
  }
  return drafts
}

interface Bounds {
  readonly low: number
  readonly high: number
  readonly isLimited: boolean
}

/** Quotes around the path; at or beyond a limit the board is sealed. A planned price has a record that trades last exactly there. */
function quote(drafts: readonly Draft[], { prices, pinned }: ScriptedPath, reference: number, { low, high, isLimited }: Bounds, stream: Stream): void {
  const wide = reference * 0.00012
  for (const draft of drafts) {
    const [u, v] = [stream.next(), stream.exponential()]
    if (draft.planned === -2) continue
    const price = reference * exp(prices[draft.slot]!)
    draft.sealed = isLimited && price >= high - 0.5 + 1e-6 ? 1 : isLimited && price <= low + 0.5 - 1e-6 ? -1 : 0
    if (draft.sealed !== 0) {
      draft.bid = draft.last = draft.sealed > 0 ? high : low
      continue
    }
    const isPinned = pinned[draft.slot] === 1
    draft.spread = pinned[draft.slot] === 0 ? 1 + (u < 0.3 ? 1 : 0) + Math.floor(v * wide) : 1
    if (isPinned) draft.last = Math.round(price)
    const wanted = isPinned ? draft.last - (u < 0.5 ? 1 : 0) : Math.floor(price - draft.spread / 2 + 0.5)
    draft.spread = Math.min(draft.spread, Math.max(0, high - low))
    draft.bid = Math.max(low, Math.min(high - draft.spread, wanted))
  }
}

/** Lots: each planned flow its own, the rest over the others in the shape of the day. Sealed boards trade little. */
function spreadLots(drafts: readonly Draft[], { flows, tape }: ScriptedPath, left: number, shares: readonly number[], stream: Stream): void {
  const share = (own: readonly Draft[], total: number, scatter: number, weightOf: (draft: Draft) => number): void => {
    if (own.length === 0) return
    const volume = new Float64Array(own.length)
    apportionLots(
      Math.max(own.length, Math.round(total)),
      Float64Array.from(own, (draft) => weightOf(draft) * exp(scatter * stream.normal())),
      volume,
    )
    for (const [i, draft] of own.entries()) draft.lots = volume[i]!
  }
  let rest = 1 - (tape === undefined ? 0 : shareOf(tape.from, tape.to))
  for (const [k, { volMult }] of flows.entries()) {
    rest -= shares[k]!
    share(
      drafts.filter(({ planned }) => planned === k),
      volMult * shares[k]! * left,
      0.7,
      () => 1,
    )
  }
  const others = drafts.filter(({ planned }) => planned === -1)
  const sealed = others.filter((draft) => draft.sealed !== 0).length
  const density = others.length - 0.85 * sealed
  share(others, (Math.max(0, rest) * left * density) / Math.max(1, others.length), 1, ({ sealed: side, slot }) => (side === 0 ? 1 : 0.15) * evening(slot))
}

/** The day's shape is in the number of records of a minute; what a minute has no room for is in their size. */
function evening(slot: number): number {
  return Math.max(1, VOLUME_SHAPE[Math.floor(slot / 20)]! * 40)
}

/** How many of a record's lots were bought: as planned in a flow, with the price elsewhere. What rounding leaves is made up in the next record. */
function lean(drafts: readonly Draft[], { flows }: ScriptedPath, wholeDay: number, stream: Stream): void {
  const carry = flows.map(() => 0)
  let [mood, before] = [0, 0]
  for (const draft of drafts) {
    const noise = stream.normal()
    if (draft.planned === -2) continue
    mood = 0.75 * mood + 0.07 * noise
    const middle = draft.bid + draft.spread / 2
    const step = before === 0 ? 0 : Math.max(-1, Math.min(1, (middle - before) / 3))
    before = middle
    const flow = flows[draft.planned]
    if (flow === undefined) {
      draft.bought = Math.round(draft.lots * Math.max(0, Math.min(1, 0.5 + 0.5 * wholeDay + mood + (wholeDay === 0 ? 0.3 : 0.15) * step)))
      continue
    }
    const wanted = (draft.lots * (1 + flow.imb)) / 2 + carry[draft.planned]!
    const bought = Math.max(0, Math.min(draft.lots, Math.round(wanted + 0.2 * draft.lots * noise)))
    draft.bought = forcedSide(draft, bought)
    carry[draft.planned] = wanted - draft.bought
  }
  for (const [k, left] of carry.entries())
    makeUp(
      drafts.filter(({ planned }) => planned === k),
      Math.round(left),
    )
}

/** What the last records of a flow could not make up goes to those that have room, the largest first. */
function makeUp(own: readonly Draft[], lots: number): void {
  let left = lots
  for (const draft of own.toSorted((a, b) => b.lots - a.lots)) {
    const bought = forcedSide(draft, Math.max(0, Math.min(draft.lots, draft.bought + left)))
    left -= bought - draft.bought
    draft.bought = bought
  }
}

/** A record that is to trade last at a price has a lot there. */
function forcedSide({ last, bid, spread, lots, sealed }: Draft, bought: number): number {
  if (last === 0 || sealed !== 0 || spread === 0) return bought
  return last > bid ? Math.max(1, bought) : Math.min(lots - 1, bought)
}

/** Active buying or selling beyond the usual, lots at the price of its side, until the value is reached to within half a lot. */
function addNet(drafts: readonly Draft[], k: number, { net }: PlannedFlow, script: DayScript, bars: DailyBars, stream: Stream): void {
  const own = drafts.filter(({ planned, sealed, spread }) => planned === k && sealed === 0 && spread > 0)
  const { item } = script.scenarios.find(({ net: value }) => value === net)!
  const { stock } = bars
  const refuse = (why: string, next: string): never => {
    throw new UsageError(`Cannot plant item ${item + 1} (money_burst) of ${stock.code}, field "value": ${why}. ${next}`)
  }
  if (own.length < 3) refuse('the price stands at its limit in those minutes', 'Choose another time or day')
  const side = Math.sign(net)
  const weights = own.map(() => exp(0.8 * stream.normal()))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  // The usual trade of the window leans a little by its rounding: what it bought more than it sold counts towards the value.
  const cny = (draft: Draft, lots: number, isBought: boolean) => ((draft.bid + (isBought ? draft.spread : 0)) * lots * stock.lot) / 100
  let [wanted, given] = [0, own.reduce((sum, draft) => sum + cny(draft, draft.bought, true) - cny(draft, draft.lots - draft.bought, false), 0)]
  const start = given
  for (const [i, draft] of own.entries()) {
    wanted += weights[i]! / whole
    const missing = start + (net - start) * wanted - given
    const price = cny(draft, 1, side > 0)
    const lots = Math.max(0, Math.round((side * missing) / price))
    draft.lots += lots
    if (side > 0) draft.bought += lots
    given += side * lots * price
  }
  if (Math.abs(given - net) > 0.03 * Math.abs(net)) refuse('it is less than the lots of the stock can tell', 'Plant more')
  const all = drafts.reduce((sum, { lots }) => sum + lots, 0) * stock.lot
  const float = stock.floatRatio * stock.totalShares
  if (all > 0.6 * float) refuse(`${Math.round(all / 10_000)}0k shares would trade, more than the stock can turn over in a day`, 'Plant less')
}

/** The amount of a record, its last price and its number of trades from its lots and quotes. */
function settle(draft: Draft): void {
  if (draft.spread === 0) draft.bought = 0
  else draft.bought = forcedSide(draft, Math.max(0, Math.min(draft.lots, draft.bought)))
  draft.amount = draft.bid * draft.lots + draft.spread * draft.bought
  if (draft.last === 0) draft.last = draft.bid + (2 * draft.bought > draft.lots ? draft.spread : 0)
  const prices = draft.bought > 0 && draft.bought < draft.lots ? 2 : 1
  draft.trades = Math.max(prices, Math.floor(Math.sqrt(Math.min(draft.lots, 400)) * 0.9))
}

/** The records of the order book's tape as they are. Its quotes are the lowest and highest price at which it traded in those three seconds. */
function copyTape(drafts: readonly Draft[], tape: NonNullable<ScriptedPath['tape']>, lot: number): void {
  const bySlot = new Map(tapeRecords(tape).map((record) => [record.slot, record]))
  for (const draft of drafts) {
    const record = draft.planned === -2 ? bySlot.get(draft.slot)! : undefined
    if (record === undefined) continue
    const [low, high] = [record.low / TICK, record.high / TICK]
    // At one price, what was bought shows as the ask and what was sold as the bid.
    const isBought = 2 * record.bought >= record.volume
    draft.bid = low === high && isBought ? low - 1 : low
    draft.spread = low === high ? 1 : high - low
    draft.lots = record.volume / lot
    draft.amount = record.amount / (TICK * lot)
    // The last price of three seconds may lie between the two: it counts as the nearer one.
    draft.last = low === high ? low : 2 * record.last - 10 * low >= 10 * high ? high : low
    draft.trades = Math.max(record.trades, Math.min(3, draft.lots))
  }
}

/**
 * The range of the day is that of its last prices: quotes beyond it are drawn in. Returns what the records' day looks like.
 */
function keepRange(
  drafts: readonly Draft[],
  { open, close, low: limitDown, high: limitUp }: { open: number; close: number; low: number; high: number },
): DayRange {
  let [low, high] = [Math.min(open, close), Math.max(open, close)]
  for (const { last } of drafts) [low, high] = [Math.min(low, last), Math.max(high, last)]
  for (const draft of drafts) {
    const { bid, spread, last } = draft
    if (bid >= low && bid + spread <= high) continue
    const bought = spread === 0 ? 0 : Math.floor((draft.amount - bid * draft.lots) / spread)
    const room = Math.min(Math.max(spread, 1), high - low)
    draft.bid = Math.max(low, Math.min(bid, high - room))
    draft.spread = Math.min(room, high - draft.bid)
    draft.last = last >= draft.bid + draft.spread ? draft.bid + draft.spread : draft.bid
    draft.amount = draft.bid * draft.lots + draft.spread * (draft.spread === 0 ? 0 : forcedSide(draft, bought))
    if (draft.spread === 0 && draft.bid === limitUp) draft.sealed = 1
    if (draft.spread === 0 && draft.bid === limitDown) draft.sealed = -1
  }
  return { open, high, low, close, limitUp, limitDown }
}
