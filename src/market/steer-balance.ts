import { exp } from '#numeric/fmath.ts'
import type { RecordColumns } from './exact-amount.ts'

/** Odds are not shifted by more than this, either way. */
const MOST_ODDS = 64

/** Where the target lies beyond those odds, the steps end near them. */
const MOST_STEPS = 12

/** As near as it gets, as a part of all that is traded: whole lots are coarser (wholeAskLots). */
const NEAR = 1e-6

/** The records whose sides are steered: quotes, and the lots of each as they stand. In ticks and lots. */
interface Quoted {
  readonly bid: Int32Array
  readonly spread: Int32Array
}

/**
 * Shift the buyers' share of every record by the same odds, so that with these lots aggressor buys less aggressor sells come to `target` ticks × lots, as nearly as shares
 * between 0 and 1 can. The smallest change of the shares in relative entropy.
 */
export function shiftBuyers(buyers: Float64Array, { bid, spread }: Quoted, lots: Float64Array, target: number): void {
  const n = buyers.length
  const before = buyers.slice()
  // The net rises with the odds, and its slope on their logarithm's scale is known: Newton's method between bounds that close in, halved where a step would leave them.
  let [low, high, odds] = [1 / MOST_ODDS, MOST_ODDS, 1]
  for (let step = 0; step < MOST_STEPS; step++) {
    let [net, slope, size] = [0, 0, 0]
    for (let i = 0; i < n; i++) {
      const own = before[i]! * odds
      const share = own / (1 - before[i]! + own)
      const value = lots[i]! * (2 * bid[i]! + spread[i]!)
      buyers[i] = share
      net += share * value - lots[i]! * bid[i]!
      slope += share * (1 - share) * value
      size += value
    }
    if (Math.abs(net - target) <= NEAR * size) return
    if (net < target) low = odds
    else high = odds
    const next = odds * exp(Math.max(-2, Math.min(2, (target - net) / slope)))
    odds = next > low && next < high ? next : Math.sqrt(low * high)
  }
}

/**
 * Whole lots at the ask from shares: the running sum is rounded, then single lots change sides, spread over the day, until aggressor buys less aggressor sells are within one of
 * `target` ticks × lots.
 */
export function wholeAskLots({ bid, spread, volume }: RecordColumns, buyers: Float64Array, target: number): Float64Array {
  const asks = new Float64Array(volume.length)
  let [run, given, missing] = [0, 0, target]
  for (let i = 0; i < volume.length; i++) {
    run += volume[i]! * buyers[i]!
    asks[i] = Math.max(0, Math.min(volume[i]!, Math.round(run) - given))
    given += asks[i]!
    missing -= asks[i]! * (bid[i]! + spread[i]!) - (volume[i]! - asks[i]!) * bid[i]!
  }
  // 37 is coprime to most lengths: neighbours in time are not changed together.
  for (let tried = 0, i = 0; tried < volume.length; tried++, i = (i + 37) % volume.length) {
    const change = 2 * bid[i]! + spread[i]!
    const up = Math.sign(missing)
    if (Math.abs(missing) < change / 2) break
    if (spread[i] === 0 || (up > 0 ? asks[i] === volume[i] : asks[i] === 0)) continue
    asks[i]! += up
    missing -= up * change
  }
  return asks
}

/** Moves that are tried; fewer are needed where weights were tilted to the mean. */
const MOST_MOVES = 1000

/** Times the carrying goes beyond what is missing and comes back. */
const MOST_PASSES = 6

/**
 * Carry lots at the bid between records until the amounts (bid × lots + spread × lots at the ask) sum to `target` as nearly as a lot allows, so that no side has to change for it.
 * Every record keeps a lot.
 */
export function carryLots(records: RecordColumns, asks: Float64Array, target: number): void {
  const { bid, volume } = records
  let missing = target - amountOf(records, asks)
  // The first moves go as far as they may; what is left then is smaller than the gap to any record from there, and the next ones begin elsewhere.
  let [start, isFar, passes] = [0, true, 0]
  for (let move = 0; move < MOST_MOVES && missing !== 0; move++) {
    const up = missing > 0 ? 1 : -1
    const from = isFar ? farthest(records, asks, up) : withSpare(records, asks, start)
    if (from < 0) {
      // Nothing fits into what is missing: go a little too far, and come back.
      if (++passes > MOST_PASSES || !goBeyond(records, asks, missing)) return
      missing = target - amountOf(records, asks)
      start = 0
      continue
    }
    let to = from
    for (let i = 0; i < volume.length; i++) if (up * (bid[i]! - bid[to]!) > 0 && up * (bid[i]! - bid[from]!) <= up * missing) to = i
    const gap = bid[to]! - bid[from]!
    if (gap === 0) {
      isFar = false
      start = from + 1
      continue
    }
    const lots = Math.min(volume[from]! - Math.max(1, asks[from]!), Math.floor(missing / gap))
    volume[from]! -= lots
    volume[to]! += lots
    missing -= lots * gap
  }
}

function amountOf({ bid, spread, volume }: RecordColumns, asks: Float64Array): number {
  let sum = 0
  for (let i = 0; i < volume.length; i++) sum += bid[i]! * volume[i]! + spread[i]! * asks[i]!
  return sum
}

/** Move one lot between the records whose gap is the smallest beyond `missing`; false when there are none. */
function goBeyond(records: RecordColumns, asks: Float64Array, missing: number): boolean {
  const { bid, volume } = records
  const up = Math.sign(missing)
  let [best, giver, taker] = [Infinity, -1, -1]
  for (let from = withSpare(records, asks, 0), tried = 0; from >= 0 && tried < 30; from = withSpare(records, asks, from + 1), tried++)
    for (let i = 0; i < volume.length; i++) {
      const gap = up * (bid[i]! - bid[from]!)
      if (gap <= up * missing || gap >= best) continue
      ;[best, giver, taker] = [gap, from, i]
    }
  if (giver < 0) return false
  volume[giver]!--
  volume[taker]!++
  return true
}

/** The record with a lot to spare whose bid is the lowest (`up` 1) or the highest (−1); −1 when there is none. */
function farthest({ bid, volume }: RecordColumns, asks: Float64Array, up: number): number {
  let from = -1
  for (let i = 0; i < volume.length; i++) if (volume[i]! > Math.max(1, asks[i]!) && (from < 0 || up * bid[i]! < up * bid[from]!)) from = i
  return from
}

/** The next record with a lot at the bid to spare, from `start` on; −1 when there is none. */
function withSpare({ volume }: RecordColumns, asks: Float64Array, start: number): number {
  for (let i = start; i < volume.length; i++) if (volume[i]! > Math.max(1, asks[i]!)) return i
  return -1
}
