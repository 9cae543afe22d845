import { expect, test } from 'vitest'
import { hotDay, type HotDay } from './hot-days.ts'
import { Stream } from './keyed-stream.ts'

const empty = (): HotDay => ({ gap: 0, rest: 0, from: 0, length: 0, volume: 1, volatility: 1 })

test('hotDay() starts on 0.625 % of ordinary days, goes on with 0.44 and 0.34, and is followed by three days of giving back', () => {
  const stream = new Stream(1, 'path', 'hot')
  const state = { hot: 0, reversal: 0 }
  const day = empty()
  const seen = { idle: 0, starts: 0, second: 0, third: 0 }
  for (let i = 0; i < 400_000; i++) {
    const before = { ...state }
    hotDay(state, false, stream, day)
    if (before.hot === 0 && before.reversal === 0) {
      seen.idle++
      if (state.hot === 1) seen.starts++
    }
    if (before.hot === 1 && state.hot === 2) seen.second++
    if (before.hot === 2 && state.hot === 3) seen.third++
    if (state.hot > 0) expect(day.gap + day.rest).toBeGreaterThan(0.4)
    else if (before.hot > 0) expect(state.reversal).toBe(2)
    if (state.hot === 0 && (before.hot > 0 || before.reversal > 0)) expect(day.gap).toBeLessThanOrEqual(0)
  }
  expect(seen.starts / seen.idle).toBeCloseTo(0.00625, 3)
  expect(seen.second / seen.starts).toBeCloseTo(0.44, 1)
  expect(seen.third / seen.second).toBeCloseTo(0.34, 1)
})

test('hotDay() starts fifteen times as often while a theme runs', () => {
  const stream = new Stream(1, 'path', 'theme')
  let starts = 0
  for (let i = 0; i < 20_000; i++) {
    const state = { hot: 0, reversal: 0 }
    hotDay(state, true, stream, empty())
    starts += state.hot
  }
  expect(starts / 20_000).toBeCloseTo(15 * 0.00625, 2)
})
