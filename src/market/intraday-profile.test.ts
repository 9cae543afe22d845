import { expect, test } from 'vitest'
import { CONTINUOUS_MINUTES, SLOTS, slotEnd, VARIANCE_CLOCK, VARIANCE_SHAPE, VOLUME_SHAPE } from './intraday-profile.ts'

test('slotEnd() runs from 09:30:03 to 11:30:00 and from 13:00:03 to 14:57:00', () => {
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 19)
  expect([0, 2399, 2400, SLOTS - 1].map((slot) => clock(slotEnd(slot)))).toEqual(['09:30:03', '11:30:00', '13:00:03', '14:57:00'])
})

test('VOLUME_SHAPE and VARIANCE_SHAPE have the ratios of spec simulator §4.2 and §5.2', () => {
  for (const shape of [VOLUME_SHAPE, VARIANCE_SHAPE]) {
    expect(shape.length).toBe(CONTINUOUS_MINUTES)
    expect(shape.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  }
  // Minute 1: 1 + 1.2 + 0.9; minute 120: 1 + 0.9 e^(−119/50); minute 121: + 0.55, by hand.
  expect(VOLUME_SHAPE[0]! / VOLUME_SHAPE[119]!).toBeCloseTo(3.1 / 1.08352, 3)
  expect(VOLUME_SHAPE[120]! / VOLUME_SHAPE[119]!).toBeCloseTo(1.63195 / 1.08352, 3)
  expect(Math.sqrt(VARIANCE_SHAPE[0]! / VARIANCE_SHAPE[119]!)).toBeCloseTo(4.1 / 1.04604, 3)
})

test('VARIANCE_CLOCK runs from 0 to 1 without standing still', () => {
  expect([VARIANCE_CLOCK[0], VARIANCE_CLOCK[SLOTS]]).toEqual([0, 1])
  expect(VARIANCE_CLOCK.every((share, slot) => slot === 0 || share > VARIANCE_CLOCK[slot - 1]!)).toBe(true)
  expect(VARIANCE_CLOCK[20]).toBeCloseTo(VARIANCE_SHAPE[0]!, 12)
})
