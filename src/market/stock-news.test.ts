import { expect, test } from 'vitest'
import { Stream } from './keyed-stream.ts'
import { lingeringDrift, overnightNews, type NewsState } from './stock-news.ts'

const quiet = (): NewsState => ({ earningsDrift: 0, earningsLeft: 0, supplyDrift: 0, supplyLeft: 0 })

test('overnightNews() moves a stock six times a year by 2.5 %', () => {
  const stream = new Stream(1, 'event', 'news')
  const jumps = Array.from({ length: 243 * 300 }, () => overnightNews(quiet(), NaN, stream)).filter((jump) => jump !== 0)
  expect(jumps.length / 300).toBeGreaterThan(5.5)
  expect(jumps.length / 300).toBeLessThan(6.5)
  expect(Math.sqrt(jumps.reduce((sum, jump) => sum + jump * jump, 0) / jumps.length)).toBeCloseTo(0.025, 2)
})

test('overnightNews() of a statement follows its surprise, and 0.3 of the jump follows over twenty days', () => {
  const stream = new Stream(1, 'event', 'earnings')
  let [good, bad, followed] = [0, 0, 0]
  for (let i = 0; i < 4000; i++) {
    const state = quiet()
    const jump = overnightNews(state, 1, stream)
    good += jump / 4000
    bad += overnightNews(quiet(), -1, stream) / 4000
    if (state.supplyLeft > 0) continue
    let sum = 0
    for (let day = 0; day < 20; day++) sum += lingeringDrift(state)
    expect(lingeringDrift(state)).toBe(0)
    // Company news of the same night does not linger.
    if (Math.abs(sum - 0.3 * jump) < 1e-12) followed++
  }
  expect(good).toBeCloseTo(0.012, 2)
  expect(bad).toBeCloseTo(-0.012, 2)
  expect(followed / 4000).toBeGreaterThan(0.95)
})

test('lingeringDrift() of an unlock or a buy-back is one to three percent in all, over ten days, as often down as up', () => {
  const stream = new Stream(1, 'event', 'supply')
  const sums: number[] = []
  for (let i = 0; i < 60_000; i++) {
    const state = quiet()
    overnightNews(state, NaN, stream)
    if (state.supplyLeft === 0) continue
    let sum = 0
    for (let day = 0; day < 10; day++) sum += lingeringDrift(state)
    expect(state.supplyLeft).toBe(0)
    sums.push(sum)
  }
  expect(sums.length / 60_000).toBeCloseTo(0.3 / 243, 3)
  expect(sums.every((sum) => Math.abs(sum) > 0.0099 && Math.abs(sum) < 0.0301)).toBe(true)
  expect(sums.filter((sum) => sum > 0).length / sums.length).toBeGreaterThan(0.3)
  expect(sums.filter((sum) => sum > 0).length / sums.length).toBeLessThan(0.7)
})
