import type { Code } from '#core/code.ts'
import type { Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeTick, encodeTicks, TICK_BYTES } from './tick-codec.ts'

const orUnknown = (arbitrary: fc.Arbitrary<number>) => fc.oneof(arbitrary, fc.constant(NaN))
const milli = fc.integer({ min: 0, max: 2_000_000_000 })

const anyTick: fc.Arbitrary<Tick> = fc.record({
  code: fc.constantFrom('600519.SH', '000001.SZ', '300750.SZ', '920047.BJ', '688981.SH').map((text) => text as Code),
  date: fc.integer({ min: 19900101, max: 20991231 }).map((value) => value as TradeDate),
  at: fc.integer({ min: 0, max: 4e12 }).map((value) => value as EpochMs),
  seenAt: fc.integer({ min: 0, max: 4e12 }).map((value) => value as EpochMs),
  seq: fc.integer({ min: 0, max: 2_147_483_647 }),
  grain: fc.constantFrom('TBT', 'AGG3S', 'SNAPDIFF', 'BAR1M'),
  price: milli,
  volume: fc.integer({ min: 0, max: 9e12 }),
  amount: fc.integer({ min: 0, max: 9e15 }),
  amountEstimated: fc.boolean(),
  vendorSide: orUnknown(fc.constantFrom(1, -1, 0)),
  tradeCount: orUnknown(fc.integer({ min: 0, max: 100_000 })),
  bid1: orUnknown(milli),
  ask1: orUnknown(milli),
})

test('decodeTick() gives back what encodeTicks() took, for any tick', () => {
  fc.assert(
    fc.property(fc.array(anyTick, { maxLength: 20 }), (ticks) => {
      expect(encodeTicks(ticks).map(decodeTick)).toEqual(ticks)
    }),
  )
})

test('encodeTicks() lays a tick out as documented', () => {
  const [bytes] = encodeTicks([fc.sample(anyTick, { numRuns: 1, seed: 7 })[0]!])
  expect(bytes!.length).toBe(TICK_BYTES)
  expect(bytes![63]).toBe(1)
})

test('decodeTick() refuses another length or version', () => {
  expect(() => decodeTick(new Uint8Array(63))).toThrow(RangeError)
  expect(() => decodeTick(new Uint8Array(64))).toThrow('version 0')
})
