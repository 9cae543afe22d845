import { expect, test } from 'vitest'
import { Stream } from './keyed-stream.ts'
import { beginLife, liveDay, STATUS, type LifeState } from './listing-status.ts'

/** A life of `days` days that closes above or below one yuan every day, and what each day brought. */
function lived(life: LifeState, days: number, stream: Stream, belowOne = false) {
  return Array.from({ length: days }, () => {
    const day = { ...liveDay(life, undefined, true, stream, { suspended: false, resumption: 0 }), status: life.status }
    if (!day.suspended) life.belowOne = belowOne ? life.belowOne + 1 : 0
    return day
  })
}

const fresh = (status: number): LifeState => ({ status, belowOne: 0, delistingDay: 0, suspensionLeft: 0, suspensionLength: 0, lossYears: 0 })

test('liveDay() suspends about 1.2 times a year, for some days, with a jump on the first day of trading after it', () => {
  const days = lived(fresh(STATUS.normal), 243 * 400, new Stream(1, 'event', 'suspensions'))
  const starts = days.filter(({ suspended }, i) => suspended && days[i - 1]?.suspended === false).length
  const halted = days.filter(({ suspended }) => suspended).length
  expect(starts / 400).toBeGreaterThan(1)
  expect(starts / 400).toBeLessThan(1.4)
  expect(halted / starts).toBeGreaterThan(4.5)
  expect(halted / starts).toBeLessThan(8.5)
  for (const [i, { suspended, resumption }] of days.entries())
    if (i > 0 && !suspended && days[i - 1]!.suspended !== (resumption !== 0)) throw new Error(`day ${i}: jump ${resumption}`)
})

test('liveDay() warns 0.6 % of stocks a year after one day of suspension, eight times as many after two loss years, and removes a quarter', () => {
  const stream = new Stream(1, 'event', 'warnings')
  const warnedIn = (lossYears: number) =>
    Array.from({ length: 2500 }, () => {
      const days = lived({ ...fresh(STATUS.normal), lossYears }, 243, stream)
      const first = days.findIndex(({ status }) => status !== STATUS.normal)
      if (first >= 0) expect(days[first]!.suspended).toBe(true)
      return first >= 0
    }).filter(Boolean).length / 2500
  expect(warnedIn(0)).toBeCloseTo(0.006, 2)
  expect(warnedIn(2)).toBeCloseTo(0.047, 1)
  const freed = Array.from({ length: 500 }, () => lived(fresh(STATUS.st), 243, stream).some(({ status }) => status === STATUS.normal)).filter(Boolean).length
  expect(freed / 500).toBeCloseTo(0.22, 1)
})

test('liveDay() begins fifteen days of delisting after twenty closes of a warned stock below one yuan, or its third loss year, and then it is gone', () => {
  const stream = new Stream(9, 'event', 'delisting')
  const days = lived({ ...fresh(STATUS.st), belowOne: 20 }, 30, stream)
  expect(days.filter(({ status }) => status === STATUS.delisting).length).toBe(15)
  expect(days[0]!.status).toBe(STATUS.delisting)
  expect(days.slice(15).every(({ status, suspended }) => status === STATUS.delisted && !suspended)).toBe(true)
  const losing = { ...fresh(STATUS.starSt), lossYears: 2 }
  liveDay(losing, true, true, stream, { suspended: false, resumption: 0 })
  expect([losing.status, losing.delistingDay]).toEqual([STATUS.delisting, 1])
  const sound = { ...fresh(STATUS.normal), belowOne: 50 }
  liveDay(sound, undefined, false, stream, { suspended: false, resumption: 0 })
  expect(sound.status).toBe(STATUS.normal)
})

test('beginLife() warns 2 % of the stocks that are listed when the world begins and none that list later', () => {
  const stream = new Stream(1, 'event', 'begin')
  const warned = Array.from({ length: 20_000 }, () => beginLife(true, stream)).filter(({ status }) => status === STATUS.st).length
  expect(warned / 20_000).toBeCloseTo(0.02, 2)
  expect(Array.from({ length: 1000 }, () => beginLife(false, stream)).every(({ status }) => status === STATUS.normal)).toBe(true)
})
