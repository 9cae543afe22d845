/** How the minute slots of a session fall into bars of n minutes. Slots count from 1 across breaks; slot 0 is the opening auction. */
export interface MinuteBuckets {
  /** Bucket of every slot, 0 to M; buckets count from 0. */
  readonly ofSlot: Int32Array
  /** Per bucket its first minute slot, at least 1: where its start label is. */
  readonly firstSlot: Int32Array
  /** Per bucket its last minute slot: where its end label is, whether or not it traded. */
  readonly lastSlot: Int32Array
}

/**
 * 交易分钟计数 (spec simulator §17.3): bucket j of n minutes holds slots j n + 1 … (j + 1) n, counted through the breaks ('day') or anew in each segment
 * ('segment'); the last one of what is counted may be short. The auction slot 0 belongs to the first bucket. `segments` are minutes per segment:
 * [120, 120] in Shanghai, [150, 180] in Hong Kong, [390] in New York, [1440] round the clock. Throws RangeError unless all are positive whole numbers.
 */
export function minuteBuckets(segments: readonly number[], minutes: number, counting: 'day' | 'segment' = 'day'): MinuteBuckets {
  const wrong = [minutes, ...segments].find((value) => !Number.isInteger(value) || value < 1)
  if (wrong !== undefined || segments.length === 0)
    throw new RangeError(`Cannot cut a session into bars: minutes are positive whole numbers, found ${wrong ?? 'no segment'}`)
  const slots = segments.reduce((sum, length) => sum + length, 0)
  const ofSlot = new Int32Array(slots + 1)
  const firstSlot: number[] = []
  const lastSlot: number[] = []
  let slot = 0
  for (const length of counting === 'segment' ? segments : [slots]) {
    for (let within = 0; within < length; within++) {
      slot++
      if (within % minutes === 0) firstSlot.push(slot)
      ofSlot[slot] = firstSlot.length - 1
      lastSlot[firstSlot.length - 1] = slot
    }
  }
  return { ofSlot, firstSlot: Int32Array.from(firstSlot), lastSlot: Int32Array.from(lastSlot) }
}
