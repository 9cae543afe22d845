import { expect, test } from 'vitest'
import { keyedRng } from './keyed-rng.ts'
import { Stream } from './keyed-stream.ts'

test('keyedRng() draws what the keyed stream of its entity draws, and forks by name', () => {
  const rng = keyedRng(20260701, 'path', '600000.SH', 20240102)
  expect([rng.next(), rng.next()]).toEqual([0.4191860827850178, 0.6249701661290601])
  expect(rng.fork('crowd').next()).toBe(new Stream(20260701, 'path', '600000.SH/crowd', 20240102).next())
  expect(rng.fork('crowd').next()).toBe(keyedRng(20260701, 'path', '600000.SH', 20240102).fork('crowd').next())
  const normal = rng.fork('n').normal()
  expect(normal).toBe(new Stream(20260701, 'path', '600000.SH/n', 20240102).normal())
  const whole = Array.from({ length: 100 }, () => rng.integer(3, 5))
  expect(new Set(whole)).toEqual(new Set([3, 4, 5]))
})
