import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
import { stockBollingerData as table } from '#warehouse/dws/stock_bollinger_data.ts'
import { stagingDdl } from '#warehouse/ddl.ts'
import { benchDates } from './synthetic-bars.ts'
const engine = await openEmbeddedEngine({ directory: process.argv[2]! + '/engine', threadPoolSize: 16 })
const dates = benchDates(4000).slice(0, -1)
const it = (table.build as any).compute({ engine, dates, scope: 'all', progress() {} })[Symbol.asyncIterator]()
await engine.exec(stagingDdl(table, 'att', 9))
for (;;) { const s = await it.next(); if (s.done) break; await engine.insert('fupan.att', s.value, { settings: { max_partitions_per_insert_block: 0 } }) }
const lap = async (what: string, work: () => Promise<unknown>) => { const t = performance.now(), c = process.cpuUsage(); const r = await work(); const u = process.cpuUsage(c); console.log(what.padEnd(44), ((performance.now() - t) / 1000).toFixed(2), 's', ((u.user + u.system) / 1e6).toFixed(2), 'cpu', JSON.stringify(r)) }
const u = 'select toUInt32(count()) as n from (select ts_code, trade_date, count() as copies from fupan.att group by ts_code, trade_date having copies > 1)'
for (const round of [1, 2]) {
  await lap('unique in order', () => engine.rows(u, { settings: { optimize_aggregation_in_order: 1 } }))
  await lap('unique in order 1 thread', () => engine.rows(u, { settings: { optimize_aggregation_in_order: 1, max_threads: 1 } }))
  await lap('unique hashed', () => engine.rows(u))
  await lap('unique hashed final 0', () => engine.rows(u, { settings: { final: 0 } }))
  await lap('unique hashed by number', () => engine.rows("select toUInt32(count()) as n from (select count() as copies from fupan.att group by cityHash64(ts_code), trade_date having copies > 1)"))
  await lap('uniqExact', () => engine.rows('select toUInt32(count() - uniqExact(ts_code, trade_date)) as n from fupan.att'))
  await lap('uniqExact hash', () => engine.rows('select toUInt32(count() - uniqExact(cityHash64(ts_code, trade_date))) as n from fupan.att'))
  await lap('uniqExact per part', () => engine.rows('select toUInt32(sum(d)) as n from (select count() - uniqExact(cityHash64(ts_code, trade_date)) as d from fupan.att group by intDiv(trade_date,10000))'))
  await lap('between', () => engine.rows('select toUInt32(count()) as n from fupan.att where price_position < -58.98 or price_position > 158.98'))
  await lap('final parts', () => engine.rows('select count() as n, max(n2) as m from (select _part, count() as n2 from fupan.att group by _part)'))
}
await engine.exec('drop table fupan.att sync')
await engine.close()
