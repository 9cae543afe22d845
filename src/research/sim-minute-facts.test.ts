import { seededRng } from '#core/rng.ts'
import { expect, test } from 'vitest'
import { minuteFacts, type MinuteDay } from './sim-minute-facts.ts'

/** A day whose minute returns and volumes are given by slot, 1…240; slot 0 holds the auction at price 10. */
function day(returnOf: (slot: number) => number, volumeOf: (slot: number) => number = () => 1): MinuteDay {
  const close = new Float64Array(241).fill(10)
  for (let slot = 1; slot <= 240; slot++) close[slot] = close[slot - 1]! * Math.exp(returnOf(slot))
  return { close, volume: Float64Array.from({ length: 241 }, (_, slot) => volumeOf(slot)) }
}

test('minuteFacts() agree with values computed by hand: alternating returns, a busy open, a hump after lunch', () => {
  const alternating = day(
    (slot) => (slot % 2 === 0 ? 0.001 : -0.001) * (slot <= 5 ? 3 : 1),
    (slot) => (slot <= 30 ? 4 : slot >= 121 && slot <= 135 ? 1.5 : 1),
  )
  const facts = minuteFacts([[alternating, alternating]])
  // 31 slots of 4, 15 of 1.5, 195 of 1.
  const total = 31 * 4 + 15 * 1.5 + 195
  expect(facts.firstHalfHourShare).toBeCloseTo((31 * 4) / total, 12)
  expect(facts.lastHalfHourShare).toBeCloseTo(30 / total, 12)
  expect(facts.afterLunchVolume).toBeCloseTo(1.5, 12)
  expect(facts.openingMove).toBeCloseTo(3, 9)
  const plain = minuteFacts([[day((slot) => (slot % 2 === 0 ? 0.001 : -0.001))]])
  expect(plain.acfReturn1).toBeCloseTo(-1, 9)
  expect(plain.excessKurtosis).toBeCloseTo(-2, 6)
})

test('minuteFacts() do not look across the night, take medians over stocks, and are NaN without stocks', () => {
  // Returns that are equal all day and change sign every night: inside a day the next one is the same, across nights it never is.
  const days = [1, -1, 1, -1].map((sign) => day(() => sign * 0.001))
  expect(minuteFacts([days]).acfReturn1).toBeCloseTo(1, 6)
  const rng = seededRng('minutes')
  const noise = () => [day(() => 0.001 * rng.normal()), day(() => 0.001 * rng.normal())]
  const facts = minuteFacts([noise(), noise(), days])
  expect(Math.abs(facts.acfReturn1)).toBeLessThan(0.2)
  expect(Math.abs(facts.excessKurtosis)).toBeLessThan(1)
  expect(Object.values(minuteFacts([])).every(Number.isNaN)).toBe(true)
})
