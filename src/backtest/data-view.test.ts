import { expect, test } from 'vitest'
import type { CandidateRow, LevelFlowRow } from '#core/candidate.ts'
import type { Code } from '#core/code.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { DataView, StrategyContext } from '#core/strategy.ts'
import { tradeDate } from '#core/trade-date.ts'
import { runDaily } from './daily-run.ts'
import { LookaheadError } from './lookahead-error.ts'
import { marketByHand, scripted } from './market-by-hand.ts'
import type { RunOptions } from './run-options.ts'

const code = '600519.SH' as Code
const candidate: CandidateRow = {
  date: tradeDate(20240102),
  validFor: tradeDate(20240103),
  code,
  supportPrice: 10,
  supportLevelId: 'a',
  stopPct: 0.015,
  rankScore: 0.5,
  grade: 'TICK',
}
const flow: LevelFlowRow = { code, date: tradeDate(20240103), levelId: 'a', bigNetRatio: -0.1, orderFlowImbalance: -0.3 }
const market = marketByHand(
  20240102,
  [
    {
      code,
      bars: [10, 10.5, [10.2, 10.4, 10.1, 10.3], 5, 5.2],
      adjFactor: Float64Array.of(1, 1, 1, 2.06, 2.06),
      features: { early: { values: Float64Array.of(1, 2, 3, 4, 5) }, late: { values: Float64Array.of(10, 20, 30, 40, 50), knownAt: 20 * 3_600_000 } },
    },
    { code: '600520.SH', bars: [7, 7, undefined, 7, 7], listDate: tradeDate(20240103) },
  ],
  {
    candidates: [candidate, { ...candidate, code: '600520.SH' as Code, rankScore: 0.9, knownAt: instantOf(tradeDate(20240103), 9.5 * 3_600_000) }],
    levelFlows: [flow],
  },
)

/** What a reader sees on the n-th day, before the auction and at the close. */
function readings(day: number, read: (data: DataView) => unknown, options: RunOptions = {}): { morning: unknown; close: unknown } {
  const seen: { morning: unknown; close: unknown } = { morning: undefined, close: undefined }
  const reader = (step: 'morning' | 'close') => (context: StrategyContext) => {
    try {
      seen[step] = read(context.data)
    } catch (error) {
      if (!(error instanceof LookaheadError)) throw error
      seen[step] = 'future'
    }
  }
  runDaily(market, scripted({ [day]: { morning: reader('morning'), close: reader('close') } }), {}, options)
  return seen
}

test('PointInTimeView shows the bar of a day at its close, limits and ex-rights before the opening auction, and never tomorrow', () => {
  const at = (field: Parameters<DataView['field']>[1], day: number) => readings(2, (data) => data.field(0, field).at(day))
  expect(at('close', 1)).toEqual({ morning: 10.5, close: 10.5 })
  expect(at('close', 2)).toEqual({ morning: 'future', close: 10.3 })
  expect(at('close', 3)).toEqual({ morning: 'future', close: 'future' })
  expect(at('upLimit', 2)).toEqual({ morning: 11.55, close: 11.55 })
  expect(at('upLimit', 3)).toEqual({ morning: 'future', close: 'future' })
  expect(at('open', -1)).toEqual({ morning: NaN, close: NaN })
})

test('PointInTimeView shows a feature from its known_at on, later when features are lagged', () => {
  expect(readings(2, (data) => data.feature(0, 'early').at(2))).toEqual({ morning: 'future', close: 3 })
  expect(readings(2, (data) => data.feature(0, 'late').at(2))).toEqual({ morning: 'future', close: 'future' })
  expect(readings(2, (data) => data.feature(0, 'late').at(1))).toEqual({ morning: 20, close: 20 })
  expect(readings(2, (data) => data.feature(0, 'early').at(2), { featureLag: 1 })).toEqual({ morning: 2, close: 2 })
  expect(readings(2, (data) => data.feature(1, 'early').at(2)).close).toBeNaN()
  expect(() => readings(2, (data) => data.feature(0, 'absent').at(2))).toThrow(/absent/)
})

test('PointInTimeView reads derived columns as far as their source is known', () => {
  const double = { name: 'close_double', from: 'close', compute: (values: Float64Array) => values.map((x) => 2 * x) } as const
  expect(readings(1, (data) => data.derived(0, double).at(1))).toEqual({ morning: 'future', close: 21 })
})

test('PointInTimeView adjusts history to the last known day, prices by the factor and volume against it', () => {
  const history = (day: number, field: 'close' | 'volume', adjust: 'none' | 'pit') => readings(day, (data) => [...data.history(0, field, 3, adjust)])
  expect(history(3, 'close', 'none')).toEqual({ morning: [10, 10.5, 10.3], close: [10.5, 10.3, 5] })
  expect(history(3, 'close', 'pit').morning).toEqual([10, 10.5, 10.3])
  expect(history(3, 'close', 'pit').close).toEqual([10.5 / 2.06, 10.3 / 2.06, 5])
  expect(history(3, 'volume', 'pit').close).toEqual([2.06e6, 2.06e6, 1e6])
  expect(history(0, 'close', 'none')).toEqual({ morning: [], close: [10] })
})

test('PointInTimeView shows candidates of the day that are known, best rank first', () => {
  const codes = (day: number, options?: RunOptions) => readings(day, (data) => data.candidates().map((row) => row.code), options)
  expect(codes(0)).toEqual({ morning: [], close: [] })
  expect(codes(1)).toEqual({ morning: [code], close: ['600520.SH', code] })
  expect(codes(1, { candidates: (rows) => rows.map((row) => ({ ...row, validFor: tradeDate(20240104) })) }).close).toEqual([])
})

test('PointInTimeView shows the flow at a level once known, nothing where there is none, and throws on a later day', () => {
  const flowOf = (day: number, asked: number, level = 'a', options?: RunOptions) =>
    readings(day, (data) => data.levelFlow(0, level, asked)?.bigNetRatio, options)
  expect(flowOf(1, 1)).toEqual({ morning: undefined, close: -0.1 })
  expect(flowOf(2, 1)).toEqual({ morning: -0.1, close: -0.1 })
  expect(flowOf(2, 1, 'b')).toEqual({ morning: undefined, close: undefined })
  expect(flowOf(0, 1)).toEqual({ morning: 'future', close: 'future' })
  expect(flowOf(2, 2, 'a', { featureLag: 1 })).toEqual({ morning: -0.1, close: -0.1 })
})

test('PointInTimeView knows who is listed and suspended today', () => {
  expect([0, 1, 2].map((day) => readings(day, (data) => [data.isListed(1), data.isSuspended(1)]).morning)).toEqual([
    [true, false],
    [true, false],
    [true, true],
  ])
})
