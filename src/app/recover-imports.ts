import type { ImportBatch } from '#ledger/import-batches.ts'
import type { Ledger } from '#ledger/ledger.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { publishAgain } from '#warehouse/load.ts'
import { findTable } from '#warehouse/tables.ts'
import type { Logger } from 'pino'
import { recordArrival } from './record-arrival.ts'

/**
 * Finish what a killed process left of its imports: one that was still staging is forgotten (nothing of it was visible), one that was
 * publishing is published again from its complete staging tables. Returns the staging tables still needed: none.
 */
export async function finishImports(engine: Engine, ledger: Ledger, unfinished: readonly ImportBatch[], log: Logger): Promise<ReadonlySet<string>> {
  for (const batch of unfinished) {
    if (batch.state === 'staging') {
      ledger.imports.abandon(batch.batchId)
      log.warn({ path: batch.path }, 'an import was interrupted before anything of it was visible: import the file again')
      continue
    }
    let [written, unchanged] = [0, 0]
    for (const { table: name, staging } of batch.tables) {
      const table = findTable(name)
      if (table === undefined || staging === undefined) continue
      const published = await publishAgain(engine, table, staging, batch.version)
      if (published === undefined) continue
      written += published.written
      unchanged += published.unchanged
      await recordArrival(engine, ledger, table, batch.version, batch.batchId, published.changed)
    }
    ledger.imports.finish(batch.batchId, { ...batch, rowsWritten: written, rowsUnchanged: unchanged })
    log.warn({ path: batch.path, written, unchanged }, 'an import was interrupted while publishing: finished now')
  }
  return new Set()
}
