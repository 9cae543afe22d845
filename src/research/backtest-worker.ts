import { parentPort, workerData } from 'node:worker_threads'
import { dailyReturns } from '#backtest/daily-returns.ts'
import { Market } from '#backtest/market.ts'
import type { RunResult } from '#backtest/result.ts'
import { withNoise, withoutFuture } from './changed-future.ts'
import { runWithCandidates, type Job } from './job.ts'
import type { MarketData } from './read-market.ts'
import { runFacts, type RunFacts } from './run-facts.ts'

/** What is asked of a worker: a job, and whether its whole result is wanted or only its daily returns. */
export interface WorkerTask {
  readonly id: number
  readonly job: Job
  readonly want: 'summary' | 'result'
}

/** What a job comes to without its orders and trades: enough to choose, deflate and compare. */
export interface JobSummary {
  /** Simple daily returns. */
  readonly returns: Float64Array
  /** Traded both ways over mean equity, a year of 252 days. */
  readonly turnover: number
  readonly trades: number
  /** A text for all orders up to each day: equal texts, equal decisions. */
  readonly orders: readonly string[]
}

/** A run with its orders and trades, and what only the market can say of it. */
export interface FullResult {
  readonly result: RunResult
  readonly facts: RunFacts
}

export type WorkerReply =
  | { readonly id: number; readonly summary: JobSummary; readonly full?: FullResult }
  | { readonly id: number; readonly usage: string }
  | { readonly id: number; readonly bug: string }

/** A thread that makes runs on one market. It ends with the process that started it. */
function serve(data: MarketData): void {
  const market = new Market(data)
  parentPort!.on('message', ({ id, job, want }: WorkerTask) => {
    try {
      const changed =
        job.future === undefined ? undefined : job.future.kind === 'removed' ? withoutFuture(data, job.future.days) : withNoise(data, job.future.days)
      const own = changed === undefined ? market : new Market(changed)
      const { result, candidates } = runWithCandidates(own, (changed ?? data).candidateTable, job)
      const full = want === 'result' ? { full: { result, facts: runFacts(own, result, candidates) } } : {}
      const reply: WorkerReply = { id, summary: summaryOf(result), ...full }
      parentPort!.postMessage(reply)
    } catch (error) {
      // Expected: a setting nobody knows. Anything else is a bug, told to the thread that asked.
      const { name, message, stack } = error as Error
      parentPort!.postMessage(name === 'UsageError' ? { id, usage: message } : { id, bug: stack ?? message })
    }
  })
}

export function summaryOf(result: RunResult): JobSummary {
  const returns = dailyReturns(result.equity, result.startEquity)
  const meanEquity = result.equity.reduce((sum, value) => sum + value, 0) / Math.max(1, result.equity.length)
  const traded = result.tradedAmount.reduce((sum, value) => sum + value, 0)
  return {
    returns,
    turnover: meanEquity > 0 && result.equity.length > 0 ? (traded / 2 / meanEquity) * (252 / result.equity.length) : NaN,
    trades: result.trades.length,
    orders: result.orders.map((order) => `${order.createdOn} ${order.code} ${order.side} ${order.type} ${order.shares} ${order.rule}`),
  }
}

if (parentPort !== null && workerData !== null) serve(workerData as MarketData)
