import { expect, test } from 'vitest'
import { runDaily } from '#backtest/daily-run.ts'
import { marketByHand, type DayByHand, type StockByHand } from '#backtest/market-by-hand.ts'
import type { RunOptions } from '#backtest/run-options.ts'
import type { CandidateRow, LevelFlowRow } from '#core/candidate.ts'
import type { Code } from '#core/code.ts'
import { tradeDate } from '#core/trade-date.ts'
import { bollingerMicrostructure, type BollingerMicrostructureParams } from './bollinger-microstructure.ts'

const code = '600519.SH' as Code
const chosen: CandidateRow = {
  date: tradeDate(20240102),
  validFor: tradeDate(20240103),
  code,
  supportPrice: 10,
  supportLevelId: 'L10',
  resistancePrice: 11,
  stopPct: 0.015,
  rankScore: 0.8,
  qualityPct: 0.9,
  supportPct: 0.85,
  grade: 'TICK',
}

interface Case {
  /** The day of selection first, then the day it is valid for, and so on. */
  readonly bars: readonly DayByHand[]
  /** Price position at each close, 0–100; 20 where not given. */
  readonly position?: readonly number[]
  readonly candidate?: Partial<CandidateRow>
  readonly flows?: readonly LevelFlowRow[]
  readonly params?: Partial<BollingerMicrostructureParams>
  readonly options?: RunOptions
  readonly stock?: Partial<StockByHand>
}

function play({ bars, position = [], candidate = {}, flows = [], params = {}, options = {}, stock = {} }: Case) {
  const values = Float64Array.from(bars, (_, day) => position[day] ?? 20)
  const market = marketByHand(20240102, [{ code, bars, features: { price_position: { values } }, ...stock }], {
    candidates: [{ ...chosen, ...candidate }],
    levelFlows: flows,
  })
  return runDaily(market, bollingerMicrostructure, { ...bollingerMicrostructure.params, ...params }, { slippage: { model: 'none' }, costFactor: 0, ...options })
}
const exits = (result: ReturnType<typeof play>) =>
  result.trades.map(({ exitReason, exitDate, exitPrice, shares, t1Locked, closeFill }) => [exitReason, exitDate, exitPrice, shares, t1Locked, closeFill])

const nearOpen: DayByHand = [10.02, 10.2, 9.97, 10.1]
const quiet: DayByHand = [10.1, 10.2, 10.05, 10.1]

test('bollingerMicrostructure E1 buys in the opening auction when the open lies within the band of the support', () => {
  const { openPositions, orders } = play({ bars: [10.1, nearOpen, quiet] })
  // Risk 10,000 ÷ (10.02 − 9.85) = 58,823; cap 100,000 ÷ 10.02 = 9,980 → 9,900.
  expect(openPositions).toMatchObject([{ code, entryDate: 20240103, shares: 9900, bookAmount: 99_198 }])
  expect(orders).toMatchObject([{ rule: 'E1', state: 'filled', fillPrice: 10.02, createdOn: 20240103 }])
  const entered = (open: number) => play({ bars: [10.1, [open, 10.6, Math.min(open, 10.3), 10.5]] }).orders[0]!.state
  expect([9.95, 9.96, 10.04, 10.05].map(entered)).toEqual(['expired', 'filled', 'filled', 'expired'])
})

test('bollingerMicrostructure sizes by the stop where that is the smaller, in lots', () => {
  // 10,000 ÷ (10.02 − 8) = 4,950 → 4,900.
  expect(play({ bars: [10.1, nearOpen, quiet], candidate: { stopPct: 0.2 } }).openPositions[0]!.shares).toBe(4900)
})

test('bollingerMicrostructure E2 buys at the close after a low near the support held', () => {
  const { openPositions, orders, trades } = play({ bars: [10.3, [10.25, 10.3, 10.06, 10.2], quiet] })
  expect(openPositions).toMatchObject([{ shares: 9800, bookAmount: 99_960 }])
  expect(orders.map(({ rule, state, reason }) => [rule, state, reason])).toEqual([
    ['E1', 'expired', 'condition_not_met'],
    ['E2', 'filled', undefined],
  ])
  expect(trades).toEqual([])
  const entered = (low: number, close: number) => play({ bars: [10.3, [10.25, 10.4, low, close], quiet] }).openPositions.length
  expect([
    entered(9.9, 10.1),
    entered(9.89, 10.1),
    entered(10.1, 10.2),
    entered(10.11, 10.2),
    entered(9.95, 10),
    entered(10, 10.3),
    entered(10, 10.31),
  ]).toEqual([1, 0, 1, 0, 0, 1, 0])
})

test('bollingerMicrostructure E2 waits for the next open when closes cannot be used', () => {
  const { orders, openPositions } = play({ bars: [10.3, [10.25, 10.3, 10.06, 10.2], [10.15, 10.2, 10.1, 10.1]], params: { closeExecution: 'next_open' } })
  expect(orders[1]).toMatchObject({ rule: 'E2', fillPrice: 10.15, endedOn: 20240104 })
  expect(openPositions[0]).toMatchObject({ entryDate: 20240104 })
})

test('bollingerMicrostructure lets a candidate expire after its day and names what came of it', () => {
  const result = play({ bars: [10.3, 10.5, nearOpen, quiet, quiet, quiet, quiet] })
  expect(result.orders.map(({ state }) => state)).toEqual(['expired'])
  expect(result.unfilled).toMatchObject([{ reason: 'no_entry', candidate: { code } }])
  expect(result.unfilled[0]!.hypotheticalReturn).toBeCloseTo(10.1 / 10.5 - 1, 12)
  expect(play({ bars: [10.3, 10.5, nearOpen, quiet], params: { validDays: 2 } }).openPositions).toHaveLength(1)
  expect(play({ bars: [10.3, undefined, nearOpen] }).unfilled[0]!.reason).toBe('no_entry')
})

test('bollingerMicrostructure does not buy at the upper limit, nor risk-warning stocks', () => {
  // The limit of 9.10 is 10.01: an open at it is refused although it lies in the band.
  expect(play({ bars: [9.1, [10.01, 10.01, 9.8, 9.9]] }).orders[0]!.state).toBe('expired')
  expect(play({ bars: [10.1, nearOpen], stock: { riskWarning: Uint8Array.of(1, 1) } }).orders).toEqual([])
})

test('bollingerMicrostructure TP1 sells half at the middle of the band, TP2 the rest at its upper part', () => {
  const result = play({ bars: [10.1, nearOpen, quiet, quiet, quiet], position: [20, 30, 50, 60, 80] })
  expect(exits(result)).toEqual([
    ['TP1', 20240104, 10.1, 4900, false, true],
    ['TP2', 20240108, 10.1, 5000, false, true],
  ])
})

test('bollingerMicrostructure TP1 waits for a gain of 3 % when the position was high at entry', () => {
  const result = play({ bars: [10.1, nearOpen, quiet, [10.2, 10.4, 10.2, 10.33]], position: [55, 60, 60, 60] })
  expect(exits(result)).toEqual([['TP1', 20240105, 10.33, 4900, false, true]])
})

test('bollingerMicrostructure TP2 sells all when the high comes near the resistance', () => {
  expect(exits(play({ bars: [10.1, nearOpen, [10.1, 10.94, 10.1, 10.5], quiet] }))).toEqual([])
  expect(exits(play({ bars: [10.1, nearOpen, [10.1, 10.945, 10.1, 10.5], quiet] }))).toEqual([['TP2', 20240104, 10.5, 9900, false, true]])
})

test('bollingerMicrostructure S1 sells a broken support only when the flow at it was sold', () => {
  const bars: DayByHand[] = [10.1, nearOpen, [10, 10, 9.8, 9.84], quiet]
  const flow = (bigNetRatio: number, orderFlowImbalance: number): LevelFlowRow => ({
    code,
    date: tradeDate(20240104),
    levelId: 'L10',
    bigNetRatio,
    orderFlowImbalance,
  })
  expect(exits(play({ bars, flows: [flow(-0.1, -0.2)] }))).toEqual([['S1', 20240104, 9.84, 9900, false, true]])
  expect([[flow(-0.1, -0.19)], [flow(0, -0.5)], [{ ...flow(-0.1, -0.2), levelId: 'other' }], []].map((flows) => exits(play({ bars, flows })).length)).toEqual([
    0, 0, 0, 0,
  ])
})

test('bollingerMicrostructure S1b sells below 97 % of the support whatever the flow, S2 at a loss of 5 %', () => {
  expect(exits(play({ bars: [10.1, nearOpen, [10, 10, 9.65, 9.69], quiet] }))[0]!.slice(0, 3)).toEqual(['S1b', 20240104, 9.69])
  expect(exits(play({ bars: [10.1, nearOpen, [10, 10, 9.65, 9.7], quiet] }))).toEqual([])
  // 10.02 × 0.95 = 9.519.
  expect(exits(play({ bars: [10.1, nearOpen, [10, 10, 9.51, 9.8], quiet] }))[0]!.slice(0, 3)).toEqual(['S2', 20240104, 9.8])
  expect(exits(play({ bars: [10.1, nearOpen, [10, 10, 9.52, 9.8], quiet] }))).toEqual([])
})

test('bollingerMicrostructure assumes the stop first when a bar holds both a stop and a target', () => {
  expect(exits(play({ bars: [10.1, nearOpen, [10, 11, 9.3, 10.5], quiet], position: [20, 20, 90] }))[0]![0]).toBe('S2')
})

test('bollingerMicrostructure remembers an exit of the entry day and sells at the next open: the gap is the price of T+1', () => {
  const result = play({ bars: [10.1, [10.02, 10.1, 9.6, 9.65], [9.4, 9.5, 9.3, 9.4], quiet] })
  expect(exits(result)).toEqual([['S1b', 20240104, 9.4, 9900, true, false]])
  expect(result.trades[0]!.lockedGap).toBeCloseTo((9.4 - 9.65) * 9900, 6)
})

test('bollingerMicrostructure carries an exit over a limit-down and a suspension', () => {
  const sealed = play({ bars: [10.1, nearOpen, [9.6, 9.6, 9.09, 9.09], 8.18, [8, 8.1, 7.9, 8], quiet] })
  expect(exits(sealed).map((exit) => exit.slice(0, 4))).toEqual([['S1b', 20240108, 8, 9900]])
  const suspended = play({ bars: [10.1, nearOpen, [9.6, 9.6, 9.09, 9.09], undefined, undefined, [9, 9.1, 8.9, 9], quiet] })
  expect(exits(suspended).map((exit) => exit.slice(0, 4))).toEqual([['S1b', 20240109, 9, 9900]])
})

test('bollingerMicrostructure S3 sells after more than ten trading days without TP1, suspended days not counted', () => {
  const days = (count: number, suspended = 0): DayByHand[] => [
    10.1,
    nearOpen,
    ...Array.from({ length: suspended }, () => undefined),
    ...Array.from({ length: count }, () => quiet),
  ]
  expect(exits(play({ bars: days(10) }))).toEqual([])
  expect(exits(play({ bars: days(11) }))[0]!.slice(0, 2)).toEqual(['S3', 20240118])
  expect(exits(play({ bars: days(10, 3) }))).toEqual([])
  expect(exits(play({ bars: days(11, 3) }))[0]![0]).toBe('S3')
  expect(exits(play({ bars: days(12), position: [20, 20, 55] })).map(([rule]) => rule)).toEqual(['TP1'])
})

test('bollingerMicrostructure leaves a stock in its delisting period', () => {
  const result = play({ bars: [10.1, nearOpen, quiet, quiet], stock: { delisting: Uint8Array.of(0, 0, 1, 1) } })
  expect(exits(result).map((exit) => exit.slice(0, 3))).toEqual([['delisting', 20240104, 10.1]])
})

test('bollingerMicrostructure moves its levels into the basis of an ex-day', () => {
  const factor = Float64Array.of(1, 1, 2, 2)
  const half: DayByHand = [5, 5.1, 4.9, 4.95]
  const result = play({ bars: [10.1, nearOpen, half, [4.86, 4.9, 4.8, 4.84, 2e6]], stock: { adjFactor: factor } })
  // 4.95 is no loss of 5 % on 10.02 ÷ 2 and lies above 97 % of 5; 4.84 lies below.
  expect(exits(result).map((exit) => exit.slice(0, 4))).toEqual([['S1b', 20240105, 4.84, 19_800]])
})

test('bollingerMicrostructure moves the resistance, too, into the basis of an ex-day', () => {
  const factor = Float64Array.of(1, 1, 2)
  const sold = (high: number) => exits(play({ bars: [10.1, nearOpen, [5.05, high, 5, 5.1, 3e6]], stock: { adjFactor: factor } })).map(([rule]) => rule)
  // 11 × 0.995 ÷ 2 = 5.4725.
  expect([sold(5.48), sold(5.47)]).toEqual([['TP2'], []])
})

test('bollingerMicrostructure does not judge a purchase at the close by the bar before it', () => {
  // A day late, the purchase of E2 meets the close of a bar whose low would have been a stop.
  const bars: DayByHand[] = [10.3, [10.25, 10.3, 10.06, 10.2], [10, 10.2, 9.3, 10.1], [10.1, 10.2, 10, 10.1], quiet, quiet]
  const result = play({ bars, options: { delay: 1 } })
  expect(result.openPositions).toMatchObject([{ entryDate: 20240104 }])
  expect(result.trades).toEqual([])
})

test('bollingerMicrostructure gives money by rank and opens no more positions than allowed', () => {
  const codes = ['600001.SH', '600002.SH', '600003.SH'] as Code[]
  const features = { price_position: { values: Float64Array.of(20, 20, 20) } }
  const market = marketByHand(
    20240102,
    codes.map((each) => ({ code: each, bars: [10.1, nearOpen, quiet], features })),
    {
      candidates: codes.map((each, i) => ({ ...chosen, code: each, rankScore: [0.2, 0.9, 0.5][i]! })),
    },
  )
  const result = runDaily(market, bollingerMicrostructure, { ...bollingerMicrostructure.params, maxPositions: 2 })
  expect(result.openPositions.map((position) => position.code)).toEqual(['600002.SH', '600003.SH'])
  expect(result.unfilled).toMatchObject([{ candidate: { code: '600001.SH' }, reason: 'max_positions' }])
})

test('bollingerMicrostructure tags its trades with grade, level and scores, and executes a day late when told', () => {
  // E1 is judged by the open of 01-03 (10.02) and bought at that of 01-04, which lies outside the band.
  const bars: DayByHand[] = [10.1, nearOpen, [10.2, 10.3, 9.95, 10.05], [10, 10, 9.6, 9.65], quiet, quiet]
  const result = play({ bars, options: { delay: 1 } })
  expect(result.trades).toMatchObject([{ entryDate: 20240104, entryPrice: 10.2, exitReason: 'S1b', exitDate: 20240108, exitPrice: 10.1 }])
  expect(result.trades[0]!.tag).toEqual({ grade: 'TICK', rankScore: 0.8, levelId: 'L10', supportPrice: 10, qualityPct: 0.9, supportPct: 0.85 })
})
