import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { UsageError } from '#core/errors.ts'
import type { FullResult, JobSummary, WorkerReply, WorkerTask } from './backtest-worker.ts'
import type { Job } from './job.ts'
import type { MarketData } from './read-market.ts'

/** Most threads: each holds the market in its own columns once more, about 25 bytes a stock-day. */
const MOST_THREADS = 8

interface Pending {
  readonly task: WorkerTask
  resolve(reply: Extract<WorkerReply, { readonly summary: JobSummary }>): void
  reject(error: Error): void
}

/** 回测线程池: runs of one market on the cores there are. Results do not depend on the number of threads. */
export class BacktestPool {
  readonly #idle: Worker[] = []
  readonly #threads: readonly Worker[]
  readonly #waiting: Pending[] = []
  readonly #running = new Map<Worker, Pending>()
  #next = 0
  #ended: Error | undefined

  constructor(data: MarketData, threads: number = Math.min(MOST_THREADS, availableParallelism())) {
    this.#threads = Array.from({ length: threads }, () => this.#start(data))
  }

  /** The summary of a run. Rejects with UsageError on a bad setting; any other rejection is a bug, or the pool was closed. */
  async summary(job: Job): Promise<JobSummary> {
    return (await this.#ask(job, 'summary')).summary
  }

  /** A run with its orders and trades. */
  async result(job: Job): Promise<FullResult & { readonly summary: JobSummary }> {
    const { full, summary } = await this.#ask(job, 'result')
    return { ...full!, summary }
  }

  /** Summaries of many runs in their order, told as they are done. Stops asking for more when the signal fires, and rejects with its reason. */
  async summaries(jobs: readonly Job[], progress: (done: number) => void, signal?: AbortSignal): Promise<readonly JobSummary[]> {
    let done = 0
    const asked = jobs.map(async (job) => {
      const summary = await this.summary(job)
      signal?.throwIfAborted()
      progress(++done)
      return summary
    })
    return await Promise.all(asked)
  }

  /** End the threads; runs under way are given up. */
  async close(): Promise<void> {
    this.#end(new Error('Cannot run: the pool was closed'))
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }

  #ask(job: Job, want: WorkerTask['want']): Promise<Extract<WorkerReply, { readonly summary: JobSummary }>> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended)
      this.#waiting.push({ task: { id: this.#next++, job, want }, resolve, reject })
      this.#assign()
    })
  }

  #assign(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const [thread, pending] = [this.#idle.pop()!, this.#waiting.shift()!]
      this.#running.set(thread, pending)
      thread.postMessage(pending.task)
    }
  }

  #start(data: MarketData): Worker {
    const thread = new Worker(new URL('./backtest-worker.ts', import.meta.url), { workerData: data })
    this.#idle.push(thread)
    thread.on('message', (reply: WorkerReply) => {
      const pending = this.#running.get(thread)!
      this.#running.delete(thread)
      this.#idle.push(thread)
      if ('summary' in reply) pending.resolve(reply)
      else pending.reject('usage' in reply ? new UsageError(reply.usage) : new Error(reply.bug))
      this.#assign()
    })
    // A thread that dies takes the pool with it: nothing may wait for ever.
    thread.on('error', (error: Error) => this.#end(error))
    return thread
  }

  #end(error: Error): void {
    this.#ended ??= error
    for (const pending of [...this.#waiting.splice(0), ...this.#running.values()]) pending.reject(this.#ended)
    this.#running.clear()
  }
}
