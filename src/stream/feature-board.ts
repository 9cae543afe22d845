import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { FEATURES, type Feature, type FeatureSnapshot } from '#core/feature-snapshot.ts'
import { SEGMENT, segmentAt, sessionRulesOn, sessionSeconds, type SessionRules } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { classifySide, sideState, type SideState } from '#micro/classify-side.ts'
import { addFlow, bigFrom, buyAmountOf, FLOW_WIDTH } from '#micro/flow-sums.ts'
import { activeNetValue } from '#micro/measures/active-net-value.ts'
import { bigBuyValue } from '#micro/measures/big-buy-value.ts'
import { bigDensity } from '#micro/measures/big-density.ts'
import { bigNetValue } from '#micro/measures/big-net-value.ts'
import { bigSellValue } from '#micro/measures/big-sell-value.ts'
import { orderFlowImbalance } from '#micro/measures/order-flow-imbalance.ts'
import { totalValue } from '#micro/measures/total-value.ts'
import { totalVolume } from '#micro/measures/total-volume.ts'
import { vwap } from '#micro/measures/vwap.ts'
import { bucketOf, MIN_NET_RATIO_SIGMA, type Baseline } from './baseline.ts'
import { FlowRing, type RingFlow } from './flow-ring.ts'
import { withRoom } from './stock-index.ts'

/** What the board keeps of one stock beside its numbers. */
interface Stock {
  readonly code: Code
  readonly baseline: Baseline
  readonly rules: SessionRules
  readonly bigFrom: number
  readonly ring: FlowRing
  sides: SideState | undefined
}

/**
 * 特征板: the state of every stock over one trading day, moved by event time alone. Day sums and five-minute windows are the sums of
 * `micro/flow-sums.ts`, read through the same measures as the nightly table; after the last tick they equal the nightly fold bit for bit.
 */
export class FeatureBoard {
  readonly #date: TradeDate
  readonly #midnight: number
  readonly #baselineOf: (code: Code) => Baseline
  readonly #stocks: Stock[] = []
  readonly #flow: RingFlow = { amount: 0, volume: 0, buyAmount: NaN, side: 0, segment: 0, isBig: false }
  readonly #scratch = blankSnapshot()
  #daySums = new Float64Array(0)
  #seconds = new Float64Array(0)
  #at = new Float64Array(0)
  #seenAt = new Float64Array(0)
  #seq = new Int32Array(0)
  #last = new Float64Array(0)
  #high = new Float64Array(0)
  #low = new Float64Array(0)
  #segment = new Uint8Array(0)

  constructor(date: TradeDate, baselineOf: (code: Code) => Baseline) {
    this.#date = date
    this.#midnight = instantOf(date, 0)
    this.#baselineOf = baselineOf
  }

  /** Ask for the baseline of a stock and make room for it, ahead of its first tick. */
  enrol(code: Code, place: number): void {
    if (this.#stocks[place] === undefined) this.#admit(code, place)
  }

  /**
   * Take in the next tick of the stock at `place`, happening at `at`. False when it changes nothing: indicative rows before 09:25, breaks,
   * after-hours trades. A tick stamped before its predecessor counts at the predecessor's time.
   */
  accept(tick: Tick, at: EpochMs, place: number): boolean {
    const stock = this.#stocks[place] ?? this.#admit(tick.code, place)
    const timeOfDay = at - this.#midnight
    const segment = segmentAt(timeOfDay, stock.rules)
    if (!isPriced(segment)) return false
    const seconds = Math.max(sessionSeconds(timeOfDay, stock.rules), this.#seconds[place]!)
    const flow = this.#classified(tick, segment, stock, (stock.sides ??= sideState(tick.grain)))
    addFlow(this.#daySums, place * FLOW_WIDTH, flow)
    stock.ring.push(seconds, tick.price, flow)
    this.#seconds[place] = seconds
    this.#at[place] = at
    this.#seenAt[place] = tick.seenAt
    this.#seq[place] = tick.seq
    this.#segment[place] = segment
    this.#last[place] = tick.price
    if (!(tick.price <= this.#high[place]!)) this.#high[place] = tick.price
    if (!(tick.price >= this.#low[place]!)) this.#low[place] = tick.price
    return true
  }

  /**
   * A record too late for the windows still belongs to the day: its sums, high and low (spec intraday §7.3). Its side is judged without the
   * tick rule, which needs the neighbours it no longer has.
   */
  acceptLate(tick: Tick, place: number): void {
    const stock = this.#stocks[place] ?? this.#admit(tick.code, place)
    const segment = segmentAt(tick.at - this.#midnight, stock.rules)
    if (!isPriced(segment)) return
    addFlow(this.#daySums, place * FLOW_WIDTH, this.#classified(tick, segment, stock, sideState(tick.grain)))
    if (!(tick.price <= this.#high[place]!)) this.#high[place] = tick.price
    if (!(tick.price >= this.#low[place]!)) this.#low[place] = tick.price
  }

  /** SEGMENT ordinal of the stock's last tick. */
  segmentAt(place: number): number {
    return this.#segment[place]!
  }

  /** Session seconds of any instant of the day, by the timetable of this stock. */
  sessionSecondsAt(at: EpochMs, place: number): number {
    const stock = this.#stocks[place]
    return stock === undefined ? NaN : sessionSeconds(at - this.#midnight, stock.rules)
  }

  /** The stock's snapshot in a record that the next `read` overwrites: for the detectors, which look and let go. Undefined before the first tick. */
  read(place: number): FeatureSnapshot | undefined {
    return this.#fill(this.#scratch, place)
  }

  /** 特征快照 of the stock, frozen and the caller's to keep; undefined before the first tick. */
  snapshot(place: number): FeatureSnapshot | undefined {
    const kept = this.#fill(blankSnapshot(), place)
    if (kept !== undefined) Object.freeze(kept.values)
    return kept && Object.freeze(kept)
  }

  #fill(snapshot: WritableSnapshot, place: number): FeatureSnapshot | undefined {
    const stock = this.#stocks[place]
    if (stock === undefined || Number.isNaN(this.#last[place])) return undefined
    snapshot.code = stock.code
    snapshot.date = this.#date
    snapshot.at = this.#at[place]! as EpochMs
    snapshot.seenAt = this.#seenAt[place]! as EpochMs
    snapshot.seq = this.#seq[place]!
    snapshot.sessionSeconds = this.#seconds[place]!
    snapshot.baseline = stock.baseline.kind
    this.#readDay(snapshot.values, stock.baseline, place)
    this.#readWindows(snapshot.values, stock, place)
    return snapshot
  }

  #classified(tick: Tick, segment: number, stock: Stock, sides: SideState): RingFlow {
    classifySide(sides, tick, segment)
    const flow = this.#flow
    flow.amount = tick.amount
    flow.volume = tick.volume
    flow.buyAmount = buyAmountOf(tick.amount, sides.buyFraction)
    flow.side = sides.side
    flow.segment = segment
    flow.isBig = tick.amount >= stock.bigFrom
    return flow
  }

  #readDay(values: Record<Feature, number>, baseline: Baseline, place: number): void {
    const sums = this.#daySums
    const row = place * FLOW_WIDTH
    const last = this.#last[place]! / 1000
    const average = vwap.value(sums, row)
    values.last = last
    values.prev_close = baseline.prevClose
    values.pct = last / baseline.prevClose - 1
    values.vwap_day = average
    values.dev_vwap = last / average - 1
    values.high = this.#high[place]! / 1000
    values.low = this.#low[place]! / 1000
    values.cum_volume = totalVolume.value(sums, row)
    values.cum_amount = totalValue.value(sums, row)
    values.order_flow_imbalance_day = orderFlowImbalance.value(sums, row)
    values.big_net_day = bigNetValue.value(sums, row)
    values.adv20 = baseline.adv20
    values.atr_pct = baseline.atrPct
    values.limit_up = baseline.limitUp
    values.limit_down = baseline.limitDown
    values.big_trade_threshold = baseline.bigTradeThreshold
    values.is_st = baseline.isSt ? 1 : 0
  }

  #readWindows(values: Record<Feature, number>, { baseline, ring }: Stock, place: number): void {
    const { sums } = ring
    const seconds = this.#seconds[place]!
    const last = this.#last[place]!
    values.r_1m = Math.log(last / ring.priceBefore(0, seconds))
    values.r_3m = Math.log(last / ring.priceBefore(1, seconds))
    values.r_5m = Math.log(last / ring.priceBefore(2, seconds))
    const bucket = bucketOf(seconds)
    const netRatio = orderFlowImbalance.value(sums, 0)
    const density = bigDensity.value(sums, 0)
    values.amount_5m = totalValue.value(sums, 0)
    values.net_5m = activeNetValue.value(sums, 0)
    values.net_ratio_5m = netRatio
    values.net_z5m = (netRatio - baseline.netRatioMean[bucket]!) / Math.max(baseline.netRatioSigma[bucket]!, MIN_NET_RATIO_SIGMA)
    values.big_buy_5m = bigBuyValue.value(sums, 0)
    values.big_sell_5m = bigSellValue.value(sums, 0)
    values.big_net_5m = bigNetValue.value(sums, 0)
    values.big_density_5m = density
    const usual = baseline.bigDensityMean[bucket]!
    values.bd_ratio = usual > 0 ? density / usual : NaN
  }

  #admit(code: Code, place: number): Stock {
    const baseline = this.#baselineOf(code)
    const rules = sessionRulesOn(this.#date, exchangeOf(code), boardOf(code))
    const stock = { code, baseline, rules, bigFrom: bigFrom(baseline.bigTradeThreshold), ring: new FlowRing(), sides: undefined }
    this.#stocks[place] = stock
    const length = place + 1
    this.#daySums = withRoom(this.#daySums, length * FLOW_WIDTH, 0)
    this.#seconds = withRoom(this.#seconds, length, 0)
    this.#at = withRoom(this.#at, length, NaN)
    this.#seenAt = withRoom(this.#seenAt, length, NaN)
    this.#seq = withRoom(this.#seq, length, -1)
    this.#last = withRoom(this.#last, length, NaN)
    this.#high = withRoom(this.#high, length, NaN)
    this.#low = withRoom(this.#low, length, NaN)
    this.#segment = withRoom(this.#segment, length, SEGMENT.CLOSED)
    return stock
  }
}

/** Segments whose records are trades that make the day's price. */
function isPriced(segment: number): boolean {
  return segment === SEGMENT.AM || segment === SEGMENT.PM || segment === SEGMENT.OPEN_PRINT || segment === SEGMENT.CLOSE_PRINT
}

type WritableSnapshot = { -readonly [K in keyof FeatureSnapshot]: K extends 'values' ? Record<Feature, number> : FeatureSnapshot[K] }

function blankSnapshot(): WritableSnapshot {
  const values = Object.fromEntries(FEATURES.map((name) => [name, NaN])) as Record<Feature, number>
  return { code: '' as Code, date: 0 as TradeDate, at: NaN as EpochMs, seenAt: NaN as EpochMs, seq: -1, sessionSeconds: NaN, baseline: 'profile', values }
}
