/* A process that inserts numbered batches for ever and says which are acknowledged; it is killed in the middle. Arguments: directory, first batch, the socket of an engine in its own process. */
import { frameOf } from '#core/frame.ts'
import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
import { batchRows } from './batch-rows.ts'

const [directory, first, socket] = process.argv.slice(2) as [string, string, string?]
const engine = await openEmbeddedEngine({ directory, ...(socket === undefined ? {} : { socket }) })
await engine.exec(
  'create table if not exists fupan.batches (batch UInt32, k UInt32, v Float64, ver UInt64) engine = ReplacingMergeTree(ver) order by (batch, k)',
)
for (let batch = Number(first); ; batch++) {
  const k = Uint32Array.from({ length: batchRows }, (_, i) => i)
  await engine.insert(
    'fupan.batches',
    frameOf({ batch: new Uint32Array(batchRows).fill(batch), k, v: Float64Array.from(k), ver: new Float64Array(batchRows).fill(1) }),
  )
  process.stdout.write(`${batch}\n`)
}
