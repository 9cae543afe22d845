import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
import { stockBollingerData as table } from '#warehouse/dws/stock_bollinger_data.ts'
import { ddlOf } from '#warehouse/ddl.ts'
import { benchDates } from './synthetic-bars.ts'
const folder = process.argv[2]!
const engine = await openEmbeddedEngine({ directory: folder + '/engine', threadPoolSize: 16 })
const dates = benchDates(4000).slice(0, -1)
let [t, c] = [performance.now(), process.cpuUsage()]
const lap = (what: string) => { const u = process.cpuUsage(c); console.log(what.padEnd(30), ((performance.now() - t) / 1000).toFixed(2), 's wall', ((u.user + u.system) / 1e6).toFixed(2), 's cpu', (process.memoryUsage.rss() / 1e9).toFixed(2), 'GB'); t = performance.now(); c = process.cpuUsage() }
const it = (table.build as any).compute({ engine, dates, scope: 'all', progress() {} })[Symbol.asyncIterator]()
const frames = []
for (;;) { const s = await it.next(); if (s.done) break; frames.push(s.value) }
lap('read + kernel')
for (const [codec, merge] of [['zstd', true], ['zstd', false], ['lz4', false], ['lz4low', false]] as const) {
  let ddl = ddlOf(table)[0]!.replace('fupan.stock_bollinger_data', 'fupan.att').replace('ReplacingMergeTree(ver, is_deleted)', 'MergeTree').replace('ver UInt64', 'ver UInt64 default 9')
  if (codec.startsWith('lz4')) ddl = ddl.replaceAll('codec(ZSTD(1))', '')
  if (codec === 'lz4low') ddl = ddl.replace('params String', 'params LowCardinality(String)')
  if (!merge) ddl += ' settings max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1'
  await engine.exec(ddl)
  for (const f of frames) await engine.insert('fupan.att', f, { settings: { max_partitions_per_insert_block: 0 } })
  lap(`insert ${codec} merge ${merge}`)
  const [s] = await engine.rows<any>("select count() as parts, sum(bytes_on_disk) as bytes from system.parts where active and table = 'att' and database='fupan'")
  console.log(s)
  if (codec === 'zstd') {
    const parts = await engine.rows<any>("select distinct partition_id as p from system.parts where active and table = 'att' and database='fupan'")
    for (const { p } of parts) await engine.exec(`alter table fupan.stock_bollinger_data attach partition id '${p}' from fupan.att`)
    lap('attach')
    console.log(await engine.rows('select toUInt32(count()) as n, sum(flags) as s, max(ver) as v from fupan.stock_bollinger_data'))
    lap('count final')
    await engine.exec('truncate table fupan.stock_bollinger_data')
  }
  await engine.exec('drop table fupan.att')
  lap('drop')
}
await engine.close()
