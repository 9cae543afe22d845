import { expect, test } from 'vitest'
import type { CandidateRow } from '#core/candidate.ts'
import type { Code } from '#core/code.ts'
import { tradeDate } from '#core/trade-date.ts'
import { bollingerMicrostructure } from '#strategies/bollinger-microstructure.ts'
import { runDaily } from './daily-run.ts'
import { marketByHand } from './market-by-hand.ts'
import { runSettings, type RunOptions } from './run-options.ts'

const row: CandidateRow = {
  date: tradeDate(20240102),
  validFor: tradeDate(20240103),
  code: '600519.SH' as Code,
  supportPrice: 10,
  supportLevelId: 'a',
  stopPct: 0.015,
  rankScore: 1,
  grade: 'BAR',
}
const bars = [10.1, [10.02, 10.2, 9.97, 10.1], [10.1, 10.2, 10, 10.1], [10.1, 10.2, 10, 10.1], 10.1] as const
// The position reaches the upper band on the third day.
const features = { price_position: { values: Float64Array.of(20, 20, 85, 20, 20) } }
const market = marketByHand(20240102, [{ code: '600519.SH', bars, features }], { candidates: [row] })
const play = (options = {}) => runDaily(market, bollingerMicrostructure, bollingerMicrostructure.params, options)

test('costFactor multiplies every trading cost and nothing else', () => {
  const [none, once, twice] = [0, 1, 2].map((factor) => play({ costFactor: factor }))
  const commission = (result: typeof once) => result!.costs.commission
  expect([commission(none), commission(twice)]).toEqual([0, 2 * commission(once)])
  expect(none!.trades[0]!.grossPnl).toBe(twice!.trades[0]!.grossPnl)
  expect(none!.costFactor).toBe(0)
})

test('delay executes the same decisions later', () => {
  const trades = (options = {}) => play(options).trades.map(({ entryDate, exitDate, t1Locked }) => [entryDate, exitDate, t1Locked])
  expect(trades()).toEqual([[20240103, 20240104, false]])
  // Bought a day late, the high position of 01-04 falls on the entry day: locked, ordered for the open of 01-05 and sold a day after it.
  expect(trades({ delay: 1 })).toEqual([[20240104, 20240108, true]])
})

test('featureLag lets a strategy see features late', () => {
  expect(play({ featureLag: 1 }).trades.map(({ exitDate, exitReason }) => [exitDate, exitReason])).toEqual([[20240105, 'TP2']])
})

test('candidates replaces the candidates of the market', () => {
  const lower: RunOptions = { candidates: (rows) => rows.map((each) => ({ ...each, supportPrice: each.supportPrice - 1 })) }
  const twice: RunOptions = { candidates: (rows, all) => lower.candidates!(rows, all).map((each) => ({ ...each, supportPrice: each.supportPrice * 2 })) }
  expect(runSettings(market, twice).candidates[0]!.supportPrice).toBe(18)
  expect(play(lower).trades).toEqual([])
  expect(play(lower).unfilled[0]!.candidate.supportPrice).toBe(9)
  expect(play({ candidates: () => [] }).orders).toEqual([])
})

test('runSettings() takes the market days within a span and refuses what cannot be run', () => {
  expect(runSettings(market, { from: tradeDate(20240101), to: tradeDate(20240107) })).toMatchObject({
    fromDay: 0,
    toDay: 3,
    cash: 1e9,
    costFactor: 1,
    delay: 0,
  })
  for (const options of [
    { from: tradeDate(20250101) },
    { cash: 0 },
    { cash: NaN },
    { costFactor: -1 },
    { costFactor: NaN },
    { delay: 0.5 },
    { featureLag: -1 },
  ])
    expect(() => runSettings(market, options)).toThrow(RangeError)
})
