import { foldBars, type Bars } from './fold-bars.ts'
import type { MinuteBuckets } from './minute-buckets.ts'

/**
 * Minute bars of one stock over some days, in order of day and slot. `slot` is the minute's number within the session: 0 is the opening print
 * (label 09:30), 1 is 09:31, 240 is 15:00. Bars of n minutes carry the last slot of their bucket.
 */
export interface MinuteBars extends Bars {
  /** Any number that tells days apart and ascends: a trade date. */
  readonly day: ArrayLike<number>
  readonly slot: ArrayLike<number>
}

/** Bars of buckets: `slot` is the last minute slot of the bucket (its end label), whether or not that minute traded. */
export interface Resampled extends MinuteBars {
  readonly day: Int32Array
  readonly slot: Int32Array
  /** Bucket of the session, from 0. */
  readonly bucket: Int32Array
}

/**
 * K 线聚合 by trading-minute counting (spec simulator §17.3–17.4): the bars of a day that lie in one bucket become one bar, days never mix, a bucket
 * without any bar gives none. Aggregating finer buckets of the same day gives the same bars. `buckets` are those of every day, or tell those of a day where
 * sessions differ: half days. Throws RangeError when days and slots do not ascend or a slot lies outside the session.
 */
export function resampleBars(bars: MinuteBars, buckets: MinuteBuckets | ((day: number) => MinuteBuckets)): Resampled {
  const bucketsOn = typeof buckets === 'function' ? buckets : () => buckets
  const starts = runStarts(bars, bucketsOn)
  const count = starts.length - 1
  const [day, slot, bucket] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)]
  for (let k = 0; k < count; k++) {
    const at = starts[k]!
    day[k] = bars.day[at]!
    const { ofSlot, lastSlot } = bucketsOn(day[k]!)
    bucket[k] = ofSlot[bars.slot[at]!]!
    slot[k] = lastSlot[bucket[k]!]!
  }
  return { day, slot, bucket, ...foldBars(bars, starts) }
}

function runStarts({ day, slot }: MinuteBars, bucketsOn: (day: number) => MinuteBuckets): readonly number[] {
  const starts: number[] = []
  let [ownDay, ownBucket, before] = [NaN, -1, -1]
  let ofSlot: Int32Array = new Int32Array()
  for (let i = 0; i < slot.length; i++) {
    const [date, at] = [day[i]!, slot[i]!]
    const isNewDay = date !== ownDay
    if (isNewDay) ({ ofSlot } = bucketsOn(date))
    if (!(at >= 0 && at < ofSlot.length) || (isNewDay ? date < ownDay : at <= before))
      throw new RangeError(
        `Cannot resample bars: days ascend, and within a day slots within 0 to ${ofSlot.length - 1}, found slot ${at} of ${date} after ${before} of ${ownDay}`,
      )
    const bucket = ofSlot[at]!
    if (isNewDay || bucket !== ownBucket) starts.push(i)
    ownDay = date
    ownBucket = bucket
    before = at
  }
  return [...starts, slot.length]
}
