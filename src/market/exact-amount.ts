import { exp } from '#numeric/fmath.ts'

/**
 * The records of a day as columns to be made exact: `volume` in lots, `amount` in ticks × lots, traded between `bid` and `bid + spread` ticks.
 * A spread of 0 is a record at one price.
 */
export interface RecordColumns {
  readonly bid: Int32Array
  readonly spread: Int32Array
  readonly volume: Float64Array
  readonly amount: Float64Array
}

/**
 * Spread `total` lots over records in proportion to `weight`, at least one lot each, exactly. Rounds the running sum, so nothing is lost.
 * Throws RangeError when there are fewer lots than records.
 */
export function apportionLots(total: number, weight: Float64Array, volume: Float64Array): void {
  const spare = total - weight.length
  if (spare < 0) throw new RangeError(`Cannot apportion the day's volume: every record needs a lot, found ${total} lots for ${weight.length} records`)
  let sum = 0
  for (let i = 0; i < weight.length; i++) sum += weight[i]!
  let run = 0
  let given = 0
  for (let i = 0; i < weight.length; i++) {
    run += weight[i]!
    const upTo = i === weight.length - 1 ? spare : Math.round((spare * run) / sum)
    volume[i] = 1 + upTo - given
    given = upTo
  }
}

/**
 * Tilt weights by exp(θ u) so that the weighted mean of `value` becomes `target`: the smallest change of the weights in relative entropy.
 * `value` is measured in units of `scale` around `target`; θ is found by Newton's method up to `near` units and
 * bounded, so an extreme target is only approached.
 */
export function tiltToMean(weight: Float64Array, value: Float64Array, target: number, scale: number, near = 1e-7): void {
  const n = weight.length
  const untilted = weight.slice()
  let theta = 0
  for (let step = 0; step < 20; step++) {
    let [sum, first, second] = [0, 0, 0]
    for (let i = 0; i < n; i++) {
      const u = (value[i]! - target) / scale
      const w = theta === 0 ? untilted[i]! : untilted[i]! * exp(theta * u)
      weight[i] = w
      sum += w
      first += w * u
      second += w * u * u
    }
    const mean = first / sum
    const variance = second / sum - mean * mean
    if (Math.abs(mean) < near || variance < 1e-12) return
    theta = Math.max(-30, Math.min(30, theta - Math.max(-3, Math.min(3, mean / variance))))
  }
}

/**
 * Change the records' amounts until they sum to `target` ticks × lots, each staying between its bid and its ask. When the room inside the spreads
 * is not enough, lots move between the lowest and the highest records first. Throws RangeError when the target cannot be reached at all.
 */
export function settleAmount(records: RecordColumns, target: number): void {
  const { bid, spread, volume, amount } = records
  let missing = target
  for (const value of amount) missing -= value
  if (missing === 0) return
  const up = missing > 0
  const room = (i: number) => (up ? (bid[i]! + spread[i]!) * volume[i]! - amount[i]! : amount[i]! - bid[i]! * volume[i]!)
  let rooms = 0
  for (let i = 0; i < volume.length; i++) rooms += room(i)
  if (Math.abs(missing) > rooms) {
    moveLots(records, target, up)
    settleAmount(records, target)
    return
  }
  const part = Math.abs(missing) / rooms
  const sign = Math.sign(missing)
  let run = 0
  let given = 0
  for (let i = 0; i < volume.length; i++) {
    run += room(i)
    const upTo = Math.round(part * run)
    amount[i]! += sign * (upTo - given)
    given = upTo
  }
}

/**
 * Put every amount at its most favourable price, then carry lots from the least favourable records to the most favourable one until the target
 * lies between that and the room inside the spreads.
 */
function moveLots({ bid, spread, volume, amount }: RecordColumns, target: number, up: boolean): void {
  const sign = up ? 1 : -1
  const best = (i: number) => sign * (bid[i]! + (up ? spread[i]! : 0))
  const order = Array.from(volume.keys()).toSorted((a, b) => best(a) - best(b))
  const to = order.at(-1)!
  let short = sign * target
  let rooms = 0
  for (let i = 0; i < volume.length; i++) {
    short -= best(i) * volume[i]!
    rooms += spread[i]! * volume[i]!
  }
  for (const from of order) {
    const gain = best(to) - best(from)
    if (short <= 0 || gain === 0) break
    const whole = Math.ceil(short / gain)
    const wider = spread[to]! - spread[from]!
    // A last lot that would carry too far is left to a pair of records closer to each other.
    const lots = Math.min(volume[from]! - 1, whole * gain - short <= rooms + whole * wider ? whole : whole - 1)
    volume[from]! -= lots
    volume[to]! += lots
    rooms += lots * wider
    short -= lots * gain
  }
  if (short > 0) throw new RangeError(`Cannot reach the day's amount: the prices of the records leave ${short} ticks × lots open. Use a larger volume`)
  for (let i = 0; i < volume.length; i++) amount[i] = sign * best(i) * volume[i]!
}
