import { expect, test } from 'vitest'
import { seededRng } from './rng.ts'

test('seededRng() draws the same first numbers for ever', () => {
  const rng = seededRng(42)
  expect([rng.next(), rng.next(), rng.next()]).toEqual([0.3483619504575852, 0.5775986061208918, 0.8526664027244826])
  const normal = seededRng(42).fork('600519.SH')
  for (const expected of [-0.1434164770943849, 0.518355867157924, -0.6866928539404115]) expect(Math.abs(normal.normal() - expected)).toBeLessThan(1e-12)
  const whole = seededRng('demo')
  expect(Array.from({ length: 8 }, () => whole.integer(1, 6))).toEqual([6, 6, 3, 5, 1, 3, 3, 4])
})

test('next() is uniform in [0, 1): 100 cells, chi-square within its 99.9 % bounds', () => {
  const rng = seededRng('uniform')
  const cells = new Float64Array(100)
  const draws = 200_000
  for (let i = 0; i < draws; i++) {
    const u = rng.next()
    if (!(u >= 0 && u < 1)) expect.fail(`drew ${u}`)
    const cell = Math.floor(u * 100)
    cells[cell] = cells[cell]! + 1
  }
  const chiSquare = cells.reduce((sum, count) => sum + (count - draws / 100) ** 2 / (draws / 100), 0)
  expect(chiSquare).toBeGreaterThan(60)
  expect(chiSquare).toBeLessThan(149)
})

test('next() has no memory: neighbours are uncorrelated, low bits are even', () => {
  const rng = seededRng('serial')
  let [product, odd, previous] = [0, 0, 0.5]
  const draws = 200_000
  for (let i = 0; i < draws; i++) {
    const u = rng.next()
    product += (u - 0.5) * (previous - 0.5)
    odd += (u * 2 ** 53) % 2
    previous = u
  }
  expect(Math.abs((product / draws) * 12)).toBeLessThan(4 / Math.sqrt(draws))
  expect(Math.abs(odd / draws - 0.5)).toBeLessThan(2 / Math.sqrt(draws))
})

test('normal() has the moments of the standard normal, within four standard errors', () => {
  const rng = seededRng('normal')
  const draws = 200_000
  let [m1, m2, m3, m4] = [0, 0, 0, 0]
  for (let i = 0; i < draws; i++) {
    const x = rng.normal()
    m1 += x / draws
    m2 += x ** 2 / draws
    m3 += x ** 3 / draws
    m4 += x ** 4 / draws
  }
  const error = 4 / Math.sqrt(draws)
  expect(Math.abs(m1)).toBeLessThan(error)
  expect(Math.abs(m2 - 1)).toBeLessThan(error * Math.sqrt(2))
  expect(Math.abs(m3)).toBeLessThan(error * Math.sqrt(15))
  expect(Math.abs(m4 - 3)).toBeLessThan(error * Math.sqrt(96))
})

test('integer() reaches both ends and every whole number between', () => {
  const rng = seededRng(7)
  const seen = new Set(Array.from({ length: 500 }, () => rng.integer(-2, 3)))
  expect([...seen].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3])
  expect(rng.integer(5, 5)).toBe(5)
})

test('fork() depends on the seed and the label, never on the order or on what was drawn before', () => {
  const early = seededRng(1).fork('a')
  const root = seededRng(1)
  root.next()
  root.fork('b').next()
  const late = root.fork('a')
  expect([late.next(), late.next()]).toEqual([early.next(), early.next()])
  expect(seededRng(1).fork('a').next()).not.toBe(seededRng(2).fork('a').next())
})

test('fork() gives near labels unrelated paths', () => {
  const root = seededRng(1)
  const firsts = Array.from({ length: 5000 }, (_, i) => root.fork(String(600_000 + i)).next())
  expect(new Set(firsts).size).toBe(5000)
  let neighbours = 0
  for (let i = 1; i < firsts.length; i++) neighbours += (firsts[i]! - 0.5) * (firsts[i - 1]! - 0.5)
  expect(Math.abs((neighbours / firsts.length) * 12)).toBeLessThan(4 / Math.sqrt(firsts.length))
  expect(Math.abs(firsts.reduce((sum, u) => sum + u, 0) / firsts.length - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / firsts.length))
})
