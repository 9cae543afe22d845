import type { FoldedDays } from '#api/views.ts'
import { fingerprintsOf } from '#dag/fingerprint.ts'
import { marketKlineBuckets } from '#warehouse/dws/market_kline_buckets.ts'
import { marketKlines } from '#warehouse/dws/market_klines.ts'
import type { App } from './app.ts'
import { nightGraph } from './night-graph.ts'

/** The days whose `market_kline_buckets` were built from the minutes as they stand, by the kernel as it stands: what the ledger's fingerprints say. */
export function foldedDays({ ledger }: Pick<App, 'ledger'>): FoldedDays {
  const graph = nightGraph()
  const task = graph.byName.get(marketKlineBuckets.name)!
  return {
    stamp: () => [marketKlines, marketKlineBuckets].map(({ name }) => ledger.partitions.maxVersion(name, 0 as never, 99_999_999 as never)).join(' '),
    reader() {
      const stateOf = ledger.partitions.reader()
      return (date) => stateOf(task.name, date)?.fingerprint === fingerprintsOf(graph, task, [date], 0, 0, stateOf)[0]
    },
  }
}
