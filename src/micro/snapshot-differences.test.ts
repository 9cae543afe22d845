import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCode } from '#core/code.ts'
import { clockTime, formatClock, instantOf, timeOfDay } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { differenceSnapshots, type SnapshotSeries } from './snapshot-differences.ts'

const date = tradeDate(20260105)

/** Rows: clock time, last price, cumulative volume, cumulative amount; bid and ask one cent around the last price. */
function series(rows: readonly (readonly [time: string, last: number, cumVolume: number, cumAmount: number])[]): SnapshotSeries {
  return {
    code: readCode('600000.SH'),
    date,
    length: rows.length,
    at: Float64Array.from(rows, ([time]) => instantOf(date, clockTime(time))),
    last: Int32Array.from(rows, ([, last]) => last),
    bid1: Float64Array.from(rows, ([, last]) => last - 10),
    ask1: Float64Array.from(rows, ([, last]) => last + 10),
    cumVolume: Float64Array.from(rows, ([, , volume]) => volume),
    cumAmount: Float64Array.from(rows, ([, , , amount]) => amount),
  }
}
const ticks = (rows: Parameters<typeof series>[0]) => {
  const { day, ...rest } = differenceSnapshots(series(rows))
  const row = (i: number) => [formatClock(timeOfDay(day.at[i] as EpochMs)), day.price[i], day.volume[i], day.amount[i], day.bid1[i]] as const
  return { ticks: Array.from({ length: day.length }, (_, i) => row(i)), ...rest }
}

test('differenceSnapshots() gives the opening print and what traded since, with the earlier book in force', () => {
  const found = ticks([
    ['09:20:00', 9990, 0, 0],
    ['09:25:03', 10_000, 1000, 10_000_000],
    ['09:30:00', 10_000, 1000, 10_000_000],
    ['09:30:03', 10_020, 1500, 15_010_000],
    ['09:30:06', 10_020, 1500, 15_010_000],
    ['09:30:20', 10_010, 1600, 16_011_000],
  ])
  expect(found.ticks).toEqual([
    ['09:25:03', 10_000, 1000, 10_000_000, NaN],
    ['09:30:03', 10_020, 500, 5_010_000, 9990],
    ['09:30:20', 10_010, 100, 1_001_000, NaN],
  ])
  expect([found.discarded, found.unseen]).toEqual([[], { volume: 0, amount: 0 }])
})

test('differenceSnapshots() stamps an opening print polled late with the minute of the match', () => {
  expect(ticks([['09:28:10', 10_000, 1000, 10_000_000]]).ticks[0]![0]).toBe('09:25:00')
})

test('differenceSnapshots() discards a step backwards and goes on from the snapshot before', () => {
  const found = ticks([
    ['09:30:00', 10_000, 1000, 10_000_000],
    ['09:30:03', 10_000, 900, 9_000_000],
    ['09:30:06', 10_000, 1200, 12_000_000],
  ])
  expect(found.discarded).toEqual([1])
  expect(found.ticks).toEqual([['09:30:06', 10_000, 200, 2_000_000, 9990]])
})

test('differenceSnapshots() reports what had traded before a late start and invents no tick for it', () => {
  const found = ticks([
    ['10:00:00', 10_000, 5000, 50_000_000],
    ['10:00:03', 10_000, 5100, 51_000_000],
  ])
  expect(found.unseen).toEqual({ volume: 5000, amount: 50_000_000 })
  expect(found.ticks.map(([, , volume]) => volume)).toEqual([100])
})

test('differenceSnapshots() waits for the amount when the volume comes first', () => {
  const found = ticks([
    ['09:30:00', 10_000, 1000, 10_000_000],
    ['09:30:03', 10_010, 1100, 10_000_000],
    ['09:30:06', 10_020, 1200, 12_000_000],
  ])
  expect(found.ticks).toEqual([['09:30:06', 10_020, 200, 2_000_000, 10_000]])
})

test('differenceSnapshots() never loses or invents a share', () => {
  const steps = fc.array(fc.record({ volume: fc.integer({ min: 0, max: 5 }), amount: fc.integer({ min: 0, max: 5 }) }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(steps, (list) => {
      let [volume, amount] = [0, 0]
      const rows = list.map((step, i) => [formatClock(clockTime('09:25') + i * 3000), 10_000, (volume += step.volume), (amount += step.amount)] as const)
      const last = series([...rows, ['10:00:00', 10_000, volume + 1, amount + 1]])
      const { day } = differenceSnapshots(last)
      expect(day.volume.reduce((sum, x) => sum + x, 0)).toBe(volume + 1)
      expect(day.amount.reduce((sum, x) => sum + x, 0)).toBe(amount + 1)
    }),
  )
})
