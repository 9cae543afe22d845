import { SEGMENT } from '#core/session.ts'
import { addFlow, flowSums, removeFlow } from '#micro/flow-sums.ts'

/** The moving windows of the price, in seconds of the session clock; the longest is also the window of the flows. */
export const RETURN_WINDOWS = [60, 180, 300] as const

const LONGEST = 300

/**
 * The recent classified ticks of one stock and the sums over the last five minutes of the session clock, (σ − 300, σ]. A tick is added when it comes
 * and removed when it leaves; the sums are whole numbers, so they equal a fresh fold of the window bit for bit. Windows hold continuous trading only;
 * the opening print is kept as a price to compare with.
 */
export class FlowRing {
  /** The sums of `micro/flow-sums.ts` over the window. */
  readonly sums: Float64Array = flowSums()
  /** Absolute numbers of ticks: the next one to write, and for each window the first one inside it. */
  #next = 0
  readonly #starts = new Int32Array(RETURN_WINDOWS.length)
  #mask = 63
  #seconds = new Float64Array(64)
  #price = new Float64Array(64)
  #amount = new Float64Array(64)
  #volume = new Float64Array(64)
  #buyAmount = new Float64Array(64)
  #side = new Int8Array(64)
  #segment = new Uint8Array(64)
  #isBig = new Uint8Array(64)

  /** Take in the next tick; `seconds` must not decrease. Price in 厘. */
  push(seconds: number, price: number, flow: RingFlow): void {
    // One tick before the longest window is kept: its price is the past the window compares with.
    if (this.#next - this.#starts[2]! + 1 > this.#mask) this.#grow()
    const at = this.#next & this.#mask
    this.#seconds[at] = seconds
    this.#price[at] = price
    this.#amount[at] = flow.amount
    this.#volume[at] = flow.volume
    this.#buyAmount[at] = flow.buyAmount
    this.#side[at] = flow.side
    this.#segment[at] = flow.segment
    this.#isBig[at] = flow.isBig ? 1 : 0
    this.#next++
    if (isContinuous(flow.segment)) addFlow(this.sums, 0, flow)
    for (let w = 0; w < RETURN_WINDOWS.length; w++) this.#slide(w, seconds - RETURN_WINDOWS[w]!, flow)
  }

  /** The last price (厘) at or before the window's beginning; NaN while the session is younger than the window or no price is that old. */
  priceBefore(window: number, seconds: number): number {
    const start = this.#starts[window]!
    return start === 0 || seconds < RETURN_WINDOWS[window]! ? NaN : this.#price[(start - 1) & this.#mask]!
  }

  #slide(window: number, horizon: number, scratch: RingFlow): void {
    let start = this.#starts[window]!
    for (; start < this.#next; start++) {
      const at = start & this.#mask
      if (this.#seconds[at]! > horizon) break
      if (RETURN_WINDOWS[window] !== LONGEST || !isContinuous(this.#segment[at]!)) continue
      scratch.amount = this.#amount[at]!
      scratch.volume = this.#volume[at]!
      scratch.buyAmount = this.#buyAmount[at]!
      scratch.side = this.#side[at]!
      scratch.segment = this.#segment[at]!
      scratch.isBig = this.#isBig[at] === 1
      removeFlow(this.sums, 0, scratch)
    }
    this.#starts[window] = start
  }

  #grow(): void {
    const length = 2 * (this.#mask + 1)
    const first = Math.max(0, this.#starts[2]! - 1)
    const moved = <Numbers extends Float64Array<ArrayBuffer> | Int8Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(from: Numbers): Numbers => {
      const to = new (from.constructor as new (length: number) => Numbers)(length)
      for (let i = first; i < this.#next; i++) to[i & (length - 1)] = from[i & this.#mask]!
      return to
    }
    this.#seconds = moved(this.#seconds)
    this.#price = moved(this.#price)
    this.#amount = moved(this.#amount)
    this.#volume = moved(this.#volume)
    this.#buyAmount = moved(this.#buyAmount)
    this.#side = moved(this.#side)
    this.#segment = moved(this.#segment)
    this.#isBig = moved(this.#isBig)
    this.#mask = length - 1
  }
}

/** A flow that is written again and again. `push` leaves it holding whatever it removed last. */
export interface RingFlow {
  amount: number
  volume: number
  buyAmount: number
  side: number
  segment: number
  isBig: boolean
}

function isContinuous(segment: number): boolean {
  return segment === SEGMENT.AM || segment === SEGMENT.PM
}
