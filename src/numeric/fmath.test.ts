import { expect, test } from 'vitest'
import { exp, ln } from './fmath.ts'

const bits = new BigInt64Array(1)
const value = new Float64Array(bits.buffer)

/** How many doubles apart two positive numbers of the same size are. */
function ulps(a: number, b: number): number {
  value[0] = a
  const first = bits[0]!
  value[0] = b
  return Math.abs(Number(first - bits[0]!))
}

// The engine's own functions serve as the reference: they are within one unit themselves, so two are allowed here.
test('exp() is within two units in the last place of the reference on a million points', () => {
  let worst = 0
  for (let i = 0; i < 1_000_000; i++) {
    const x = -40 + (80 * (i + 0.37)) / 1e6
    worst = Math.max(worst, ulps(exp(x), Math.exp(x)))
  }
  expect(worst).toBeLessThanOrEqual(2)
})

test('ln() is within two units in the last place of the reference on a million points', () => {
  let worst = 0
  for (let i = 1; i <= 1_000_000; i++) {
    const x = i % 2 === 0 ? i / 3e5 : 10 ** (-300 + (600 * i) / 1e6)
    const reference = Math.log(x)
    if (reference !== 0) worst = Math.max(worst, ulps(Math.abs(ln(x)), Math.abs(reference)))
  }
  expect(worst).toBeLessThanOrEqual(2)
})

test('exp() and ln() keep the edges: zero, one, infinities, subnormal numbers and NaN', () => {
  expect([exp(0), exp(-Infinity), exp(Infinity), exp(NaN), exp(710), exp(-746)]).toEqual([1, 0, Infinity, NaN, Infinity, 0])
  expect(exp(-744.5) / Math.exp(-744.5)).toBe(1)
  expect(Math.abs(exp(709.7) / Math.exp(709.7) - 1)).toBeLessThan(1e-15)
  expect([ln(1), ln(0), ln(-1), ln(Infinity), ln(NaN)]).toEqual([0, -Infinity, NaN, Infinity, NaN])
  expect(ln(5e-324)).toBe(Math.log(5e-324))
})

test('exp() and ln() have the bits they had when they were written', () => {
  const hex = (x: number) => {
    value[0] = x
    return BigInt.asUintN(64, bits[0]!).toString(16)
  }
  expect([exp(1), exp(-0.5), exp(0.001), ln(2), ln(10), ln(0.9)].map(hex)).toEqual([
    '4005bf0a8b14576a',
    '3fe368b2fc6f960a',
    '3ff0041919b7ee34',
    '3fe62e42fefa39ef',
    '40026bb1bbb55516',
    'bfbaf8e8210a415c',
  ])
})
