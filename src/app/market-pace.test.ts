import { expect, test } from 'vitest'
import type { EpochMs } from '#core/trade-date.ts'
import { livedPace, playedPace } from './market-pace.ts'

/** A clock whose sleeps pass at once and are counted; `drift` is added to each. */
function clockOf(start: number, drift = 0) {
  let now = start
  const naps: number[] = []
  return {
    naps,
    put(at: number) {
      now = at
    },
    now: () => now as EpochMs,
    async sleep(ms: number) {
      naps.push(ms)
      now += ms + drift
    },
  }
}

const never = new AbortController().signal

test('livedPace() sleeps to the instant in naps of a minute, and not at all for one that is past', async () => {
  const clock = clockOf(1_000_000)
  const pace = livedPace(clock, never)
  await pace.until(1_000_000 + 150_000)
  expect(clock.naps).toEqual([60_000, 60_000, 30_000])
  await pace.until(5)
  expect(clock.naps.length).toBe(3)
})

test('livedPace() waits again when the clock was put back', async () => {
  const clock = clockOf(1_000_000)
  const pace = livedPace(clock, never)
  clock.put(900_000)
  await pace.until(1_000_000)
  expect(clock.now()).toBe(1_000_000)
})

test('playedPace() plays sixty seconds in one, jumps over what is quiet, and does not catch up on a long sleep', async () => {
  const clock = clockOf(0)
  const pace = playedPace(clock, never, 1_000_000, 60)
  await pace.until(1_000_000 + 60_000)
  expect([pace.now(), clock.now()]).toEqual([1_060_000, 1000])
  await pace.until(9_000_000, true)
  expect([pace.now(), clock.now()]).toEqual([9_000_000, 1000])
  clock.put(500_000)
  await pace.until(9_060_000)
  expect(pace.now()).toBe(9_060_000)
  await pace.until(9_120_000)
  await pace.until(9_180_000)
  // Up to a nap of lateness is made good, the rest of the half hour is not.
  expect(clock.now()).toBeGreaterThan(500_000)
})

test('playedPace() at full speed takes no time, and stands still once it was stopped', async () => {
  const clock = clockOf(0)
  const stop = new AbortController()
  const pace = playedPace(clock, stop.signal, 0, 'max')
  for (let at = 60_000; at <= 6_000_000; at += 60_000) await pace.until(at)
  expect([pace.now(), clock.now()]).toEqual([6_000_000, 0])
  stop.abort()
  await pace.until(7_000_000)
  expect(pace.now()).toBe(6_000_000)
})
