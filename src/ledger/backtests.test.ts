import { expect, test } from 'vitest'
import { sampleRun } from '#backtest/test-run.ts'
import type { BacktestIdentity, TrialRecord } from './backtests.ts'
import { TestLedger } from './test-ledger.ts'

const identity = (changes: Partial<BacktestIdentity> = {}): BacktestIdentity => ({
  runId: 'cross-1',
  strategy: 'cross',
  version: '1',
  params: { fast: 5 },
  paramHash: 'p1',
  from: 20240102,
  to: 20241231,
  universe: 'all',
  grade: 'TICK',
  seed: 1,
  codeHash: 'c',
  dataHash: 'd1',
  ...changes,
})

const trial = (paramHash: string, returns: readonly number[]): TrialRecord => ({
  params: { fast: 5 },
  paramHash,
  turnover: NaN,
  trades: 3,
  dates: Uint32Array.from(returns, (_, i) => 20240102 + i),
  returns: Float64Array.from(returns),
})

const finished = (trials: readonly TrialRecord[]) => ({
  result: sampleRun(),
  trials,
  verdict: 'red',
  metrics: { sharpe: 0.5 },
  artifacts: [{ name: 'report.html', path: 'backtests/cross-1/report.html', bytes: 10 }],
})

test('Backtests keeps a run with its equity, trades, orders and files, and making it again replaces them', () => {
  using desk = new TestLedger()
  const { backtests } = desk.ledger
  for (let again = 0; again < 2; again++) {
    backtests.begin(identity())
    expect(backtests.read('cross-1')).toMatchObject({ status: 'running', metrics: {} })
    backtests.finish('cross-1', finished([trial('p1', [0.01, -0.02])]))
  }
  const run = sampleRun()
  expect(backtests.read('cross-1')).toMatchObject({ status: 'done', verdict: 'red', metrics: { sharpe: 0.5 }, params: { fast: 5 } })
  expect(backtests.equity('cross-1')).toEqual({ dates: run.dates, equity: run.equity })
  expect(backtests.artifacts('cross-1').map(({ name }) => name)).toEqual(['report.html'])
  const counts = ['bt_trade', 'bt_order'].map((table) => desk.ledger.readTable(table, 5000).rows.length)
  expect(counts).toEqual([run.trades.length, run.orders.length])
})

test('Backtests.trialsOf() gives every trial of the family over its life, bit for bit, but those of the same settings on the same data', () => {
  using desk = new TestLedger()
  const { backtests } = desk.ledger
  backtests.begin(identity())
  backtests.finish('cross-1', finished([trial('p1', [0.01]), trial('p2', [0.1 + 0.2, NaN])]))
  backtests.begin(identity({ runId: 'cross-2', dataHash: 'd2' }))
  backtests.finish('cross-2', finished([trial('p1', [0.03])]))
  const others = backtests.trialsOf('cross', { dataHash: 'd1', paramHashes: new Set(['p1']) })
  expect(others.map(({ paramHash, returns }) => [paramHash, ...returns])).toEqual([
    ['p1', 0.03],
    ['p2', 0.1 + 0.2, NaN],
  ])
  expect(backtests.trialsOf('another', { dataHash: 'd1', paramHashes: new Set() })).toEqual([])
})

test('Backtests says how a run ended that came to nothing, newest first in its list', async () => {
  using desk = new TestLedger()
  const { backtests } = desk.ledger
  backtests.begin(identity())
  await desk.clock.tick(1000)
  backtests.begin(identity({ runId: 'cross-2' }))
  backtests.abandon('cross-2', 'cancelled', 'stopped by the user')
  expect(backtests.list().map(({ runId, status, note }) => ({ runId, status, note }))).toEqual([
    { runId: 'cross-2', status: 'cancelled', note: 'stopped by the user' },
    { runId: 'cross-1', status: 'running', note: undefined },
  ])
  expect(backtests.list({ strategy: 'nothing' })).toEqual([])
})
