import type { Stream } from './keyed-stream.ts'
import { SLOTS } from './intraday-profile.ts'

/** What the buyers and sellers of a day do in each three-second slot. */
export interface FlowDay {
  /** Multiplies the volume of the slot. */
  readonly volume: Float32Array
  /** Added to the buyers' share, -0.5…0.5. */
  readonly lean: Float32Array
}

/**
 * 资金节奏: three ordinary bursts of either side and, on a planted day, six bursts of three to six minutes in which large orders of the planted side
 * dominate, with a slight lean in between. `planted` is signed: positive buys.
 */
export function flowOfDay(planted: number, stream: Stream): FlowDay {
  const flow = { volume: new Float32Array(SLOTS).fill(1), lean: new Float32Array(SLOTS).fill(0.05 * planted) }
  for (let burst = 0; burst < 3; burst++) stamp(flow, stream.integer(0, SLOTS - 1), stream.integer(40, 100), 1.8, 0.24 * stream.next() - 0.12)
  if (planted === 0) return flow
  for (let burst = 0; burst < 6; burst++) stamp(flow, stream.integer(0, SLOTS - 1), stream.integer(60, 120), 1 + 3 * Math.abs(planted), 0.45 * planted)
  return flow
}

function stamp({ volume, lean }: FlowDay, from: number, length: number, times: number, side: number): void {
  volume.fill(times, from, from + length)
  lean.fill(side, from, from + length)
}
