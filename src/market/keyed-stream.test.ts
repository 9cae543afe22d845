import { normalQuantile } from '#numeric/normal-distribution.ts'
import { quickNormalQuantile } from '#numeric/quick-normal-quantile.ts'
import { expect, test } from 'vitest'
import { keyWords, Stream } from './keyed-stream.ts'

test('keyWords() of the path of 600000.SH are the words of spec simulator §2.2', () => {
  expect([...keyWords(20260701, 'path', '600000.SH')].map((word) => word.toString(16))).toEqual(['fdc873c3', '73521cd6', '34596c37', '2fabd780'])
})

test('Stream draws the known bits, uniforms and normals of spec simulator §2.2', () => {
  const stream = new Stream(20260701, 'path', '600000.SH', 20240102)
  expect(Array.from({ length: 6 }, () => stream.bits() >>> 0)).toEqual([1800390516, 2684226424, 1202352837, 1253413132, 3254901357, 2512086714])
  stream.at(20240102)
  expect([stream.next(), stream.next(), stream.next()]).toEqual([0.4191860827850178, 0.6249701661290601, 0.2799445850541815])
  stream.at(20240102)
  const normals = [stream.normal(), stream.normal(), stream.normal()]
  for (const [i, expected] of [-0.203976112962401, 0.318560688143353, -0.583006135201906].entries()) expect(normals[i]).toBeCloseTo(expected, 13)
})

test('quickNormalQuantile() is 1.9599639845400536 at 0.975 and agrees with the exact inverse everywhere', () => {
  expect(quickNormalQuantile(0.975)).toBeCloseTo(1.9599639845400536, 15)
  for (const p of [1e-300, 1e-40, 1e-12, 2.4e-10, 1e-5, 0.01, 0.0749, 0.075, 0.0751, 0.3, 0.5, 0.7, 0.925, 0.9999, 1 - 1e-9]) {
    const exact = normalQuantile(p)
    expect(Math.abs(quickNormalQuantile(p) - exact), `${p}`).toBeLessThan(1e-12 * Math.max(1, Math.abs(exact)))
  }
})

test('Stream of one epoch does not depend on what was drawn before, and neighbours differ', () => {
  const used = new Stream(1, 'vol', '000001.SZ', 20250102)
  for (let i = 0; i < 100; i++) used.normal()
  const fresh = new Stream(1, 'vol', '000001.SZ', 20250103)
  expect(used.at(20250103).bits()).toBe(fresh.bits())
  const firsts = [
    new Stream(1, 'vol', '000001.SZ', 20250102),
    new Stream(2, 'vol', '000001.SZ', 20250102),
    new Stream(1, 'path', '000001.SZ', 20250102),
    new Stream(1, 'vol', '000002.SZ', 20250102),
    fresh.at(20250103),
  ].map((stream) => stream.bits())
  expect(new Set(firsts).size).toBe(5)
})

test('Stream has uniforms, normals and heavy tails of the right moments, and integers of the whole range', () => {
  const stream = new Stream(7, 'world', 'moments')
  const n = 200_000
  const moments = (draw: () => number) => {
    const x = Float64Array.from({ length: n }, draw)
    const mean = x.reduce((sum, value) => sum + value, 0) / n
    return [mean, x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n] as const
  }
  for (const [draw, mean, variance] of [
    [() => stream.next(), 0.5, 1 / 12],
    [() => stream.normal(), 0, 1],
    [() => stream.exponential(), 1, 1],
    [() => stream.heavyTailed(), 0, 1],
  ] as const) {
    const [m, v] = moments(draw)
    expect(Math.abs(m - mean)).toBeLessThan(0.01)
    expect(Math.abs(v / variance - 1)).toBeLessThan(0.05)
  }
  expect([...new Set(Array.from({ length: 2000 }, () => stream.integer(3, 7)))].toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7])
})
