import type { CandidateRow } from '#core/candidate.ts'
import { boardOf, isFundCode } from '#core/code.ts'
import { isSellQuantity } from '#core/lot.ts'
import { toCny, toMilli } from '#core/milli.ts'
import type { TradeTag } from '#core/order.ts'
import { defineStrategy, type PointColumn, type PositionView, type StrategyContext } from '#core/strategy.ts'

/** Fractions unless named otherwise (spec microstructure §11.2–11.3). `stop_pct` comes with each candidate. */
export type BollingerMicrostructureParams = {
  /** E1: the open lies nearer to the support than this. */
  readonly entryBand: number
  /** E2: the low comes within this of the support, the close at most `entryAbove` above it. */
  readonly entryNear: number
  readonly entryAbove: number
  /** Market days a candidate stays valid. */
  readonly validDays: number
  readonly riskPerTrade: number
  readonly capPerTrade: number
  readonly maxPositions: number
  /** Price positions on the scale 0–100. */
  readonly halfAt: number
  readonly allAt: number
  /** TP1 when the position was already at `halfAt` at entry. */
  readonly halfGain: number
  /** TP2: the high comes this near to the resistance. */
  readonly resistanceNear: number
  /** S1: order-flow imbalance at or below which a broken support counts as sold. */
  readonly soldImbalance: number
  /** S1b and S2. */
  readonly priceStop: number
  readonly lossStop: number
  readonly maxDays: number
  /** E2 and exits fill at the close they are decided on, or at the next open. A report shows both. */
  readonly closeExecution: 'close' | 'next_open'
}

/** A candidate or a holding with its level, prices in whole 厘 of today's basis (0 = no resistance). */
interface Watched {
  readonly row: CandidateRow
  support: number
  resistance: number
  /** Market days since it became valid. */
  age: number
}

interface Holding extends Watched {
  readonly rule: string
  readonly filledAtOpen: boolean
  /** TP1 waits for the price position; undefined until the first close after the entry. */
  isArmed: boolean | undefined
  halfReached: boolean
  /** An exit that was decided and has not filled yet. */
  exit: { readonly rule: string; readonly half: boolean; readonly lockedSince: number | undefined } | undefined
}

interface Columns {
  readonly high: PointColumn
  readonly low: PointColumn
  readonly close: PointColumn
  readonly upLimit: PointColumn
  readonly position: PointColumn
}

interface BollingerState {
  readonly params: BollingerMicrostructureParams
  readonly watched: Map<number, Watched>
  readonly holdings: Map<number, Holding>
  readonly columns: Map<number, Columns>
}

/** 布林微结构: buys candidates at their absorbed support on the day after selection, sells at bands, resistance, stops or after too long (spec microstructure §10–11). */
export const bollingerMicrostructure = defineStrategy<BollingerMicrostructureParams, BollingerState>({
  name: 'bollinger_microstructure',
  label: { zh: '布林微结构', en: 'Bollinger microstructure' },
  version: '1',
  params: {
    entryBand: 0.005,
    entryNear: 0.01,
    entryAbove: 0.03,
    validDays: 1,
    riskPerTrade: 0.01,
    capPerTrade: 0.1,
    maxPositions: 10,
    halfAt: 50,
    allAt: 80,
    halfGain: 0.03,
    resistanceNear: 0.005,
    soldImbalance: -0.2,
    priceStop: 0.03,
    lossStop: 0.05,
    maxDays: 10,
    closeExecution: 'close',
  },
  start: (params) => ({ params, watched: new Map(), holdings: new Map(), columns: new Map() }),

  onExDay({ watched, holdings }, { stock, ratio }) {
    for (const level of [watched.get(stock), holdings.get(stock)]) {
      if (level === undefined) continue
      level.support = Math.round(level.support / ratio)
      level.resistance = Math.round(level.resistance / ratio)
    }
  },

  onSessionStart(state, context) {
    for (const stock of context.held) leaveAtOpen(state, stock, context)
    renewWatched(state, context)
    for (const [stock, level] of state.watched) enterAtOpen(state, stock, level, context)
  },

  onBar(state, context) {
    for (const stock of context.held) decideExit(state, stock, context)
    for (const [stock, level] of state.watched) enterAtClose(state, stock, level, context)
  },

  onFill({ params, watched, holdings }, { stock, side, rule }, context) {
    const level = watched.get(stock)
    if (side === 'buy' && level !== undefined && !holdings.has(stock)) {
      const filledAtOpen = rule === 'E1' || params.closeExecution === 'next_open'
      holdings.set(stock, { ...level, rule, filledAtOpen, isArmed: undefined, halfReached: false, exit: undefined })
    }
    if (side === 'buy') return
    if (context.position(stock) === undefined) holdings.delete(stock)
    else if (holdings.get(stock)?.exit?.half === true) holdings.get(stock)!.exit = undefined
  },
})

/** Yesterday's candidates leave, today's arrive by rank; a stock that is held or has an order under way keeps what it has. */
function renewWatched({ params, watched }: BollingerState, context: StrategyContext): void {
  for (const [stock, level] of watched) if (++level.age >= params.validDays && context.liveOrders(stock) === 0) watched.delete(stock)
  for (const row of context.data.candidates()) {
    const stock = context.data.stock(row.code)
    if (stock === undefined || context.liveOrders(stock) > 0) continue
    const resistance = row.resistancePrice === undefined ? 0 : toMilli(row.resistancePrice)
    watched.set(stock, { row, support: toMilli(row.supportPrice), resistance, age: 0 })
  }
  const byRank = [...watched].toSorted(([a, { row: x }], [b, { row: y }]) => y.rankScore - x.rankScore || a - b)
  watched.clear()
  for (const [stock, level] of byRank) watched.set(stock, level)
}

/** E1: in the opening auction if the open lies within the band of the support, not at the upper limit and not below the stop. */
function enterAtOpen(state: BollingerState, stock: number, { row, support, age }: Watched, context: StrategyContext): void {
  const { params } = state
  if (age >= params.validDays || !isBuyable(stock, context)) return
  const reach = Math.ceil((support * millionths(params.entryBand)) / 1e6)
  const up = columnsOf(state, stock, context).upLimit.at(context.data.day)
  const low = Math.max(support - reach + 1, Math.ceil((support * (1e6 - millionths(row.stopPct))) / 1e6))
  const high = Math.min(support + reach - 1, Number.isNaN(up) ? Infinity : toMilli(up) - 1)
  if (low > high) return
  const { maxPositions } = params
  context.order({
    stock,
    side: 'buy',
    type: 'auction_open',
    size: sizeOf(params, row, support, context),
    openBetween: { low, high },
    maxPositions,
    rule: 'E1',
    tag: tagOf(row, support),
  })
}

/** E2: at the close if the day's low came near the support and the close held above it. */
function enterAtClose(state: BollingerState, stock: number, { row, support, age }: Watched, context: StrategyContext): void {
  const { params } = state
  if (age >= params.validDays || !isBuyable(stock, context)) return
  const { day } = context.data
  const columns = columnsOf(state, stock, context)
  const low = toMilli(columns.low.at(day))
  const close = toMilli(columns.close.at(day))
  const near = support * millionths(params.entryNear)
  if (!(Math.abs(low - support) * 1e6 <= near && close > support && (close - support) * 1e6 <= support * millionths(params.entryAbove))) return
  const order = {
    stock,
    side: 'buy',
    size: sizeOf(params, row, support, context),
    maxPositions: params.maxPositions,
    rule: 'E2',
    tag: tagOf(row, support),
  } as const
  context.order(params.closeExecution === 'close' ? { ...order, type: 'auction_close', closeFill: true } : { ...order, type: 'auction_open' })
}

function isBuyable(stock: number, context: StrategyContext): boolean {
  const { data } = context
  if (context.position(stock) !== undefined || context.liveOrders(stock) > 0) return false
  return data.isListed(stock) && !data.isSuspended(stock) && !data.isRiskWarning(stock) && !data.isDelisting(stock)
}

/** Evaluated at the close. On the day of an entry at the open the exit is remembered for the next open (T+1). */
function decideExit(state: BollingerState, stock: number, context: StrategyContext): void {
  const { params, holdings } = state
  const holding = holdings.get(stock)
  const position = context.position(stock)
  if (holding === undefined || position === undefined || holding.exit !== undefined || context.liveOrders(stock) > 0 || context.data.isSuspended(stock)) return
  const { day } = context.data
  const isEntryDay = position.entryDay === day
  if (isEntryDay && !holding.filledAtOpen) return
  const rule = exitRule(state, holding, position, context)
  if (rule === undefined) return
  const half = rule === 'TP1'
  if (half) holding.halfReached = true
  if (half && halfOf(position, context) === 0) return
  holding.exit = { rule, half, lockedSince: isEntryDay ? day : undefined }
  if (isEntryDay || params.closeExecution === 'next_open') return
  const size = half ? { shares: halfOf(position, context) } : { all: true as const }
  context.order({ stock, side: 'sell', type: 'auction_close', size, closeFill: true, tif: 'carry', rule })
}

/** Stops before targets before time (spec microstructure §11.3). */
function exitRule(state: BollingerState, holding: Holding, position: PositionView, context: StrategyContext): string | undefined {
  const { params } = state
  const { day } = context.data
  const { support, resistance, row } = holding
  const columns = columnsOf(state, position.stock, context)
  const [high, low, close] = [toMilli(columns.high.at(day)), toMilli(columns.low.at(day)), toMilli(columns.close.at(day))]
  const average = toMilli(position.averageCost)
  if (close * 1e6 < support * (1e6 - millionths(row.stopPct))) {
    const flow = context.data.levelFlow(position.stock, row.supportLevelId, day)
    if (flow !== undefined && flow.bigNetRatio < 0 && flow.orderFlowImbalance <= params.soldImbalance) return 'S1'
  }
  if (close * 1e6 < support * (1e6 - millionths(params.priceStop))) return 'S1b'
  if (low * 1e6 <= average * (1e6 - millionths(params.lossStop))) return 'S2'
  const pricePosition = columns.position.at(day)
  if (pricePosition >= params.allAt || (resistance > 0 && high * 1e6 >= resistance * (1e6 - millionths(params.resistanceNear)))) return 'TP2'
  holding.isArmed ??= columns.position.at(holding.filledAtOpen ? position.entryDay - 1 : position.entryDay) < params.halfAt
  const isHalf = holding.isArmed ? pricePosition >= params.halfAt : close * 1e6 >= average * (1e6 + millionths(params.halfGain))
  if (!holding.halfReached && isHalf) return 'TP1'
  const held = position.daysHeld + (position.entryDay < day ? 1 : 0)
  return held > params.maxDays && !holding.halfReached ? 'S3' : undefined
}

/** Delisting forces the sale; an exit that was locked, waits for the open or expired in a suspension is tried in the opening auction. */
function leaveAtOpen({ holdings }: BollingerState, stock: number, context: StrategyContext): void {
  const position = context.position(stock)
  const exit = holdings.get(stock)?.exit
  if (position === undefined || position.sellable === 0 || context.liveOrders(stock) > 0 || context.data.isSuspended(stock)) return
  if (context.data.isDelisting(stock)) {
    context.order({ stock, side: 'sell', type: 'auction_open', size: { all: true }, tif: 'carry', rule: 'delisting' })
    return
  }
  if (exit === undefined) return
  const half = exit.half ? halfOf(position, context) : 0
  const size = half > 0 ? { shares: half } : { all: true as const }
  const { rule, lockedSince } = exit
  context.order({ stock, side: 'sell', type: 'auction_open', size, tif: 'carry', rule, ...(lockedSince === undefined ? {} : { lockedSince }) })
}

/** Half of a holding in whole hundreds; 0 where the board does not take such an order. */
function halfOf({ stock, shares, sellable }: PositionView, { data }: StrategyContext): number {
  const half = Math.floor(shares / 2 / 100) * 100
  const code = data.code(stock)
  return isSellQuantity(half, Math.max(half, sellable), isFundCode(code) ? 'fund' : boardOf(code), data.date) ? half : 0
}

/** Equal risk: what a stop below the support may lose, at most a fixed share of equity. */
function sizeOf({ riskPerTrade, capPerTrade }: BollingerMicrostructureParams, { stopPct }: CandidateRow, support: number, { equity }: StrategyContext) {
  return { risk: equity * riskPerTrade, cap: equity * capPerTrade, stop: toCny(support) * (1 - stopPct) }
}

function tagOf({ grade, rankScore, qualityPct, supportPct, supportLevelId }: CandidateRow, support: number): TradeTag {
  return {
    grade,
    rankScore,
    levelId: supportLevelId,
    supportPrice: toCny(support),
    ...(qualityPct === undefined ? {} : { qualityPct }),
    ...(supportPct === undefined ? {} : { supportPct }),
  }
}

function columnsOf({ columns }: BollingerState, stock: number, { data }: StrategyContext): Columns {
  const found = columns.get(stock)
  if (found !== undefined) return found
  const made = {
    high: data.field(stock, 'high'),
    low: data.field(stock, 'low'),
    close: data.field(stock, 'close'),
    upLimit: data.field(stock, 'upLimit'),
    position: data.feature(stock, 'price_position'),
  }
  columns.set(stock, made)
  return made
}

/** A fraction as a whole number of millionths, so that prices are compared as whole numbers. */
function millionths(fraction: number): number {
  return Math.round(fraction * 1e6)
}
