import type { Clock } from '#core/clock.ts'
import type { Tick } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { replay, ReplayGate } from './replay.ts'

/** A clock that jumps when asked to sleep. */
function manualClock(): Clock & { time: number } {
  const clock = {
    time: 50_000,
    now: () => clock.time as EpochMs,
    sleep: (ms: number) => {
      clock.time += ms
      return Promise.resolve()
    },
  }
  return clock
}

const tick = (at: number) => ({ at: at as EpochMs }) as Tick

async function* recorded(...batches: readonly (readonly number[])[]): AsyncGenerator<readonly Tick[]> {
  for (const batch of batches) yield batch.map(tick)
}

function target(clock: Clock) {
  const pushed: (readonly [number, number])[] = []
  return { pushed, push: (batch: readonly Tick[]) => pushed.push(...batch.map(({ at }) => [at, clock.now() - 50_000] as const)) }
}

test('replay() plays at N times the recorded speed', async () => {
  const clock = manualClock()
  const into = target(clock)
  const outcome = await replay(recorded([1000, 4000], [7000, 7000, 10_000]), into, { clock, speed: 3 })
  expect(into.pushed).toEqual([
    [1000, 0],
    [4000, 1000],
    [7000, 2000],
    [7000, 2000],
    [10_000, 3000],
  ])
  expect(outcome).toEqual({ type: 'done', ticks: 5, lastAt: 10_000 })
})

test('replay() at full speed pushes everything in order without waiting', async () => {
  const clock = manualClock()
  const into = target(clock)
  const days = Array.from({ length: 5000 }, (_, i) => i * 3000)
  await replay(recorded(days), into, { clock, speed: 'max' })
  expect(into.pushed.map(([at]) => at)).toEqual(days)
  expect(clock.time).toBe(50_000)
})

test('replay() skips a long silence such as lunch', async () => {
  const clock = manualClock()
  const into = target(clock)
  await replay(recorded([0, 5_400_000, 5_403_000]), into, { clock, speed: 1 })
  expect(into.pushed.map(([, played]) => played)).toEqual([0, 60_000, 63_000])
})

test('replay() stops when the signal fires, and says how far it came', async () => {
  const clock = manualClock()
  const stop = new AbortController()
  const into = target(clock)
  const stopping = { push: (batch: readonly Tick[]) => (into.push(batch), into.pushed.length === 2 && stop.abort()) }
  expect(await replay(recorded([1000, 4000, 7000]), stopping, { clock, speed: 10, signal: stop.signal })).toEqual({ type: 'stopped', ticks: 2, lastAt: 4000 })
})

test('replay() holds still while paused and loses nothing', async () => {
  const clock = manualClock()
  const gate = new ReplayGate()
  const into = target(clock)
  const pausing = { push: (batch: readonly Tick[]) => (into.push(batch), into.pushed.length === 1 && gate.pause()) }
  const playing = replay(recorded([1000, 4000]), pausing, { clock, speed: 1, gate })
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(gate.isPaused).toBe(true)
  expect(into.pushed).toHaveLength(1)
  // An hour of pause is not an hour to catch up.
  clock.time += 3_600_000
  gate.resume()
  await playing
  expect(into.pushed.map(([at]) => at)).toEqual([1000, 4000])
  expect(into.pushed[1]![1]).toBe(3_603_000)
})

test('replay() ends a pause when the signal fires', async () => {
  const gate = new ReplayGate()
  gate.pause()
  const stop = new AbortController()
  const clock = manualClock()
  const playing = replay(recorded([1000]), target(clock), { clock, speed: 'max', gate, signal: stop.signal })
  stop.abort()
  expect(await playing).toMatchObject({ type: 'stopped', ticks: 0 })
  await expect(replay(recorded([1]), target(clock), { clock, speed: 0 })).rejects.toThrow(RangeError)
})
