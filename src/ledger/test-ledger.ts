import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '#core/clock.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { openLedger, type Ledger, type LedgerOptions } from './ledger.ts'
import type { ProcessTable } from './process-mark.ts'

/** A clock set by hand; `sleep` ends when `tick` has passed its hour. For tests. */
export class HandClock implements Clock {
  #now = Date.UTC(2026, 0, 5, 8, 1)
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()

  now(): EpochMs {
    return this.#now as EpochMs
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const sleeper = { until: this.#now + ms, wake: resolve }
    this.#sleepers.add(sleeper)
    signal?.addEventListener('abort', () => resolve(), { once: true })
    await promise
    this.#sleepers.delete(sleeper)
  }

  async tick(ms: number): Promise<void> {
    this.#now += ms
    for (const { until, wake } of this.#sleepers) if (until <= this.#now) wake()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A machine whose processes are listed by hand: pid → mark. */
export function fakeProcesses(space: string, marks: Map<number, string>): ProcessTable {
  return { space, markOf: (pid) => marks.get(pid) }
}

/** A ledger in a folder of its own, gone with `using`. `another` opens the same folder as another process would. */
export class TestLedger implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'fupan-ledger-'))
  readonly clock = new HandClock()
  readonly marks = new Map([
    [1, 'one'],
    [2, 'two'],
  ])
  readonly #open: Ledger[] = []
  readonly ledger = this.another(1)

  another(processId: number, rest: Partial<LedgerOptions> = {}): Ledger {
    const { directory, clock } = this
    const ledger = openLedger({ directory, clock, processId, hostName: 'desk', processes: fakeProcesses('desk', this.marks), ...rest })
    this.#open.push(ledger)
    return ledger
  }

  [Symbol.dispose](): void {
    for (const ledger of this.#open) ledger.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

export const D = (date: number): TradeDate => date as TradeDate
