import type { Stream } from './keyed-stream.ts'
import { CLASS_FROM } from './money-flow.ts'

/** What one side of a day's trades is divided into orders by; trades in time order. */
export interface SideTrades {
  /** Value of each trade in 厘. */
  readonly value: Float64Array
  /** 1 where this side is the aggressor. */
  readonly active: Uint8Array
}

/** 委托: the orders of one side, numbered from 0, and which of them each trade belongs to. */
export interface SideOrders {
  readonly orderOf: Int32Array
  /** Per order: position in `ORDER_CLASSES`, executed value, and whether it takes (1) or rests (0). */
  readonly sizes: readonly number[]
  readonly values: readonly number[]
  readonly takes: readonly number[]
}

const CLASSES = CLASS_FROM.length

/** From what value on an order is too large for its class. */
const BEYOND = [...CLASS_FROM.slice(1), Infinity] as const

/** The largest orders are usually done by this multiple of where their class begins. */
const LARGEST = 6

/** An order goes on with the next trade of its kind while its class is ahead of its budget by less than this part of the day's value. */
const SLACK = 0.001

/** Open orders are finished first once what is still to come of their kind is less than this many times what they need. */
const HURRY = 1.2

/**
 * 误差扩散: divide one side's trades into orders so that what the orders of each class trade follows the day's budget and ends with it (spec simulator §9.6): a trade goes to the class
 * that lags most among those it can belong to. Orders are parent orders, as the classes of money flow mean them: one takes or rests, possibly many times over
 * the day, one open order of each class and kind at a time; limit prices and child orders are not modelled.
 */
export function divideSide({ value, active }: SideTrades, budget: Float64Array, stream: Stream): SideOrders {
  const orderOf = new Int32Array(value.length)
  const [sizes, values, takes]: [number[], number[], number[]] = [[], [], []]
  const given = new Float64Array(CLASSES)
  /** By kind (0 rests, 1 takes) and class: the open order, −1 without one; from what value on another may follow it; and value still to come of the kind. */
  const open = [new Int32Array(CLASSES).fill(-1), new Int32Array(CLASSES).fill(-1)] as const
  const enough = [new Float64Array(CLASSES), new Float64Array(CLASSES)] as const
  const toCome = [0, 0]
  for (let i = 0; i < value.length; i++) toCome[active[i]!]! += value[i]!
  const total = toCome[0]! + toCome[1]!
  let passed = 0

  /** What open orders of a class still need to be of their class. */
  const reserved = (size: number) => needOf(open[0][size]!, size) + needOf(open[1][size]!, size)
  const needOf = (order: number, size: number) => (order < 0 ? 0 : Math.max(0, CLASS_FROM[size]! - values[order]!))
  /** Whether an order that begins now can come to its size: by what the budget has left and what is still to come. */
  const mayBegin = (kind: number, size: number) => size === 0 || (spare(size) >= CLASS_FROM[size]! && toCome[kind]! >= 2 * CLASS_FROM[size]!)
  const spare = (size: number) => budget[size]! - given[size]! - reserved(size)
  /** Whether the open order can take the trade: an unfinished one always, a finished one what no unfinished one needs. */
  const fits = (kind: number, size: number, own: number) => {
    const order = open[kind]![size]!
    return order >= 0 && values[order]! + own < BEYOND[size]! && (values[order]! < CLASS_FROM[size]! || size === 0 || spare(size) >= own / 2)
  }
  const goesOn = (kind: number, size: number, own: number) =>
    fits(kind, size, own) && !(values[open[kind]![size]!]! >= enough[kind]![size]! && mayBegin(kind, size))
  const lagOf = (size: number, own: number) => (budget[size]! * (passed + own)) / total - given[size]!

  /** The largest class whose open order needs what is left of its kind to come to its size; −1 while there is time. */
  const unfinished = (kind: number, own: number) => {
    let [need, largest] = [0, -1]
    for (let size = 1; size < CLASSES; size++) {
      const left = needOf(open[kind]![size]!, size)
      need += left
      if (left > 0 && fits(kind, size, own)) largest = size
    }
    return need > 0 && toCome[kind]! < HURRY * need ? largest : -1
  }

  /** The class of a trade: that of the order before where it is still welcome, else the one that lags most, else the smallest the value fits into. */
  const classOf = (kind: number, own: number, before: number) => {
    const hurried = unfinished(kind, own)
    if (hurried >= 0) return hurried
    if (before >= 0 && goesOn(kind, before, own) && lagOf(before, own) > -SLACK * total) return before
    let [best, most] = [-1, -Infinity]
    for (let size = 0; size < CLASSES; size++) {
      const lag = lagOf(size, own)
      if (lag <= most || budget[size] === 0 || own >= BEYOND[size]! || !(fits(kind, size, own) || mayBegin(kind, size))) continue
      best = size
      most = lag
    }
    if (best < 0) best = BEYOND.findIndex((beyond) => own < beyond)
    return best
  }

  const before = [-1, -1]
  for (let i = 0; i < value.length; i++) {
    const [own, kind] = [value[i]!, active[i]!]
    const size = classOf(kind, own, before[kind]!)
    if (!goesOn(kind, size, own)) {
      const beyond = size === CLASSES - 1 ? LARGEST * CLASS_FROM[size]! : BEYOND[size]!
      open[kind]![size] = sizes.push(size) - 1
      enough[kind]![size] = CLASS_FROM[size]! + 0.5 * stream.next() * (beyond - CLASS_FROM[size]!)
      values.push(0)
      takes.push(kind)
    }
    const order = open[kind]![size]!
    orderOf[i] = order
    values[order]! += own
    given[size]! += own
    passed += own
    toCome[kind]! -= own
    before[kind] = size
  }
  joinUnfinished(orderOf, sizes, values, takes)
  return { orderOf, sizes, values, takes }
}

/** Orders that did not come to their size join another of their class, of their kind where there is one, or are of the class they came to. */
function joinUnfinished(orderOf: Int32Array, sizes: number[], values: number[], takes: readonly number[]): void {
  const into = new Map<number, number>()
  for (const [order, size] of sizes.entries()) {
    const own = values[order]!
    if (own >= CLASS_FROM[size]!) continue
    const takesIt = (k: number) => sizes[k] === size && values[k]! >= CLASS_FROM[size]! && values[k]! + own < BEYOND[size]!
    const alike = sizes.findIndex((_, k) => takes[k] === takes[order] && takesIt(k))
    const other = alike >= 0 ? alike : sizes.findIndex((_, k) => takesIt(k))
    if (other < 0) sizes[order] = CLASS_FROM.findLastIndex((from) => own >= from)
    else {
      into.set(order, other)
      values[other]! += own
      values[order] = 0
    }
  }
  if (into.size > 0) for (let i = 0; i < orderOf.length; i++) orderOf[i] = into.get(orderOf[i]!) ?? orderOf[i]!
}
