import { expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { emptyBars } from '#numeric/fold-bars.ts'
import { LiveMinutes } from './live-minutes.ts'

const date = tradeDate(20260105)
const codes = ['600000.SH', '000001.SZ'] as Code[]

/** Traded in the auction (slot 0) and in slots 2 and 4. */
function day() {
  const bars = emptyBars(3)
  bars.open.set([10, 10.1, 10.3])
  bars.high.set([10, 10.4, 10.35])
  bars.low.set([10, 9.9, 10.3])
  bars.close.set([10, 10.2, 10.31])
  bars.volume.set([100, 300, 200])
  bars.amount.set([1000, 3060, 2064])
  bars.trades.set([1, 3, 2])
  return { slot: Int32Array.of(0, 2, 4), ...bars }
}

test('LiveMinutes shows a day up to the minute that is over, and nothing of the minutes to come', () => {
  const minutes = new LiveMinutes(date, codes)
  minutes.set(0, day(), 9.99)
  expect(minutes.of('600000.SH')).toBeUndefined()
  minutes.passed = 0
  expect(minutes.of('600000.SH')!.bars).toMatchObject({ slot: Int32Array.of(0), close: Float64Array.of(10) })
  minutes.passed = 3
  const shown = minutes.of('600000.SH')!
  expect([...shown.bars.slot]).toEqual([0, 1, 2, 3])
  expect([...shown.bars.close]).toEqual([10, 10, 10.2, 10.2])
  expect([...shown.bars.volume]).toEqual([100, 0, 300, 0])
  expect(shown).toMatchObject({ date, passed: 3, previousClose: 9.99, at: instantOf(date, clockTime('09:32')) })
  expect(minutes.of('000001.SZ')).toBeUndefined()
  expect(minutes.of('300001.SZ')).toBeUndefined()
})

test('soFar() sums what traded, and knows nothing before the first trade', () => {
  const minutes = new LiveMinutes(date, codes)
  minutes.set(0, day(), 9.99)
  expect(minutes.soFar(0, 3)).toEqual({ open: 10, high: 10.4, low: 9.9, close: 10.2, volume: 400, amount: 4060 })
  expect(minutes.soFar(0, 240)).toEqual({ open: 10, high: 10.4, low: 9.9, close: 10.31, volume: 600, amount: 6124 })
  expect(minutes.soFar(1, 240)).toBeUndefined()
  expect(minutes.minute(0, 3)).toEqual({ open: 10.2, high: 10.2, low: 10.2, close: 10.2, volume: 0, amount: 0 })
  expect(minutes.minute(1, 3)).toBeUndefined()
})

test('together() puts the stocks that have traded one after another, each as of() shows it', () => {
  const minutes = new LiveMinutes(date, [...codes, '300001.SZ' as Code])
  minutes.set(0, day(), 9.99)
  minutes.set(2, { ...day(), slot: Int32Array.of(3, 5, 7) }, 9.5)
  minutes.passed = 4
  const { bars, stocks } = minutes.together(['300001.SZ', '000001.SZ', '600000.SH'], 4)
  expect(stocks).toEqual([
    { code: '300001.SZ', start: 0, end: 4, firstTrade: 3 },
    { code: '600000.SH', start: 4, end: 9, firstTrade: 0 },
  ])
  for (const { code, start, end } of stocks)
    for (const [name, column] of Object.entries(minutes.of(code)!.bars)) expect([...bars[name as 'slot'].subarray(start, end)], name).toEqual([...column])
  expect(minutes.together(['300001.SZ'], 2).stocks).toEqual([])
})
