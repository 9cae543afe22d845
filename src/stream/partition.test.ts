import { expect, test } from 'vitest'
import { murmur3, partitionOf } from './partition.ts'

test('murmur3() matches the published test values', () => {
  expect(murmur3('')).toBe(0)
  expect(murmur3('', 1)).toBe(0x514e28b7)
  expect(murmur3('test')).toBe(0xba6bd213)
  expect(murmur3('Hello, world!')).toBe(0xc0363e43)
  expect(murmur3('The quick brown fox jumps over the lazy dog', 0x9747b28c)).toBe(0x2fa826cd)
  expect(murmur3('aaa', 0x9747b28c)).toBe(0x283e0130)
})

test('partitionOf() spreads codes evenly and keeps a code in its place', () => {
  const counts = new Float64Array(8)
  for (let i = 0; i < 4000; i++) counts[partitionOf(`${600_000 + i}.SH`, 8)]!++
  expect(Math.min(...counts)).toBeGreaterThan(400)
  expect(partitionOf('600519.SH', 1)).toBe(0)
})
