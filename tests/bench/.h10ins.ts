import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
import { stockBollingerData as table } from '#warehouse/dws/stock_bollinger_data.ts'
import { encodeNative } from '#warehouse/engine/native-encoder.ts'
import { engineTypeOf } from '#warehouse/column.ts'
import { stagingDdl } from '#warehouse/ddl.ts'
import { benchDates } from './synthetic-bars.ts'
import { writeFileSync } from 'node:fs'
const engine = await openEmbeddedEngine({ directory: process.argv[2]! + '/engine', threadPoolSize: 16 })
const dates = benchDates(4000).slice(0, -1)
const it = (table.build as any).compute({ engine, dates, scope: 'all', progress() {} })[Symbol.asyncIterator]()
const frames: any[] = []
for (;;) { const s = await it.next(); if (s.done) break; frames.push(s.value) }
const types = Object.fromEntries(Object.entries(table.columns).map(([n, c]) => [n, engineTypeOf(c)]))
const lap = async (what: string, work: () => Promise<void>) => { const t = performance.now(), c = process.cpuUsage(); await work(); const u = process.cpuUsage(c); console.log(what.padEnd(30), ((performance.now() - t) / 1000).toFixed(2), 's', ((u.user + u.system) / 1e6).toFixed(2), 'cpu') }
const ddl = stagingDdl(table, 'att', 9)
const variants: Record<string, string> = {
  null: ddl.replace(/engine = MergeTree[\s\S]*/, 'engine = Null'),
  'null no codec': ddl.replace(/engine = MergeTree[\s\S]*/, 'engine = Null'),
  'tuple lz4': ddl.replaceAll(' codec(ZSTD(1))', '').replace(/partition by .*? order by \(.*?\)/, 'order by tuple()'),
  'tuple zstd': ddl.replace(/partition by .*? order by \(.*?\)/, 'order by tuple()'),
  'order zstd': ddl.replace(/partition by .*? order by/, 'order by'),
  'partition lz4': ddl.replaceAll(' codec(ZSTD(1))', ''),
  'partition none': ddl.replaceAll(' codec(ZSTD(1))', ' codec(NONE)'),
  'staging': ddl,
}
for (const round of [1, 2]) {
await lap('encode', async () => { for (const f of frames) encodeNative(f, types) })
await lap('encode + write', async () => { for (const f of frames) writeFileSync('/tmp/h10/x', Buffer.concat(encodeNative(f, types))) })
for (const [name, sql] of Object.entries(variants)) {
  await engine.exec(sql)
  await lap(name, async () => { for (const f of frames) await engine.insert('fupan.att', f, { settings: { max_partitions_per_insert_block: 0 } }) })
  await engine.exec('drop table fupan.att sync')
}
}
await engine.close()
