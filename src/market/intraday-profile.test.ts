import { expect, test } from 'vitest'
import { CONTINUOUS_MINUTES, SLOTS, slotEnd, VARIANCE_SHAPE, VOLUME_AFTER, VOLUME_SHAPE } from './intraday-profile.ts'

test('slotEnd() runs from 09:30:03 to 11:30:00 and from 13:00:03 to 14:57:00', () => {
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 19)
  expect([0, 2399, 2400, SLOTS - 1].map((slot) => clock(slotEnd(slot)))).toEqual(['09:30:03', '11:30:00', '13:00:03', '14:57:00'])
})

test('VOLUME_SHAPE and VARIANCE_SHAPE are shares of the session, highest after the open, with a hump after lunch', () => {
  for (const shape of [VOLUME_SHAPE, VARIANCE_SHAPE]) {
    expect(shape.length).toBe(CONTINUOUS_MINUTES)
    expect(shape.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(shape.every((share) => share > 0)).toBe(true)
    expect(shape[120]).toBeGreaterThan(1.3 * shape[119]!)
  }
  // Minute 10: 1 + 1.1 e^(−9/5) + 2.75 e^(−9/40); minute 120: 1 + 2.75 e^(−119/40) + 1.5 e^(−12), by hand.
  expect(VOLUME_SHAPE[9]! / VOLUME_SHAPE[119]!).toBeCloseTo(3.37775 / 1.14039, 3)
  // Minute 1: 1 + 3.47 + 1.54; minute 120: 1 + 1.54 e^(−119/40).
  expect(Math.sqrt(VARIANCE_SHAPE[0]! / VARIANCE_SHAPE[119]!)).toBeCloseTo(6.01 / 1.07862, 3)
})

test('VOLUME_AFTER falls from nearly all to nothing', () => {
  expect(VOLUME_AFTER[0]).toBeCloseTo(1 - VOLUME_SHAPE[0]!, 12)
  expect(VOLUME_AFTER.at(-1)).toBe(0)
  expect(VOLUME_AFTER.every((share, minute) => minute === 0 || share < VOLUME_AFTER[minute - 1]!)).toBe(true)
})
