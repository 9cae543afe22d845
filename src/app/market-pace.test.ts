import { expect, test } from 'vitest'
import type { EpochMs } from '#core/trade-date.ts'
import { livedPace, paceWithErrands, playedPace, type Errand } from './market-pace.ts'

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

/** An errand due every so often, and when it was run. */
function every(ms: number, name: string, told: string[]): Errand {
  let nextAt = ms
  return {
    get nextAt() {
      return nextAt
    },
    advance(to) {
      for (; nextAt <= to; nextAt += ms) told.push(`${name} ${nextAt}`)
    },
  }
}

test('paceWithErrands() breaks a wait at what is due, the earliest first, and makes up for what was due before it began', async () => {
  const told: string[] = []
  const pace = paceWithErrands(playedPace(clockOf(0), never, 0, 'max'), [every(400, 'a', told), every(1000, 'b', told), every(Infinity, 'c', told)], never)
  await pace.until(1200)
  expect([told, pace.now()]).toEqual([['a 400', 'a 800', 'b 1000', 'a 1200'], 1200])
  await pace.until(1300)
  expect(told.length).toBe(4)
  const later: string[] = []
  const late = paceWithErrands(playedPace(clockOf(0), never, 2500, 'max'), [every(1000, 'd', later)], never)
  await late.until(2400)
  expect([later, late.now()]).toEqual([['d 1000', 'd 2000'], 2500])
})

test('paceWithErrands() ends with the signal, and fails as an errand does', async () => {
  const stop = new AbortController()
  const told: string[] = []
  const stopping: Errand = { nextAt: 1500, advance: () => stop.abort() }
  const pace = paceWithErrands(playedPace(clockOf(0), stop.signal, 0, 'max'), [every(1000, 'a', told), stopping], stop.signal)
  await pace.until(9000)
  expect([told, pace.now()]).toEqual([['a 1000'], 1500])
  const failing: Errand = { nextAt: 10, advance: () => Promise.reject(new Error('no minute')) }
  await expect(paceWithErrands(playedPace(clockOf(0), never, 0, 'max'), [failing], never).until(20)).rejects.toThrow('no minute')
})
