import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
import { stockBollingerData as table } from '#warehouse/dws/stock_bollinger_data.ts'
import { createStaging, publish, dropStaging } from '#warehouse/publish.ts'
import { runAudits } from '#warehouse/audit.ts'
import { sqlOf } from '#warehouse/table-sql.ts'
import { benchDates } from './synthetic-bars.ts'
const folder = process.argv[2]!
const engine = await openEmbeddedEngine({ directory: folder + '/engine', threadPoolSize: 16 })
const dates = benchDates(4000).slice(0, -1)
let [t, c] = [performance.now(), process.cpuUsage()]
const lap = (what: string) => { const u = process.cpuUsage(c); console.log(what.padEnd(30), ((performance.now() - t) / 1000).toFixed(2), 's wall', ((u.user + u.system) / 1e6).toFixed(2), 's cpu', (process.memoryUsage.rss() / 1e9).toFixed(2), 'GB'); t = performance.now(); c = process.cpuUsage() }
const [from, to] = [dates[0]!, dates.at(-1)!]
let rows = 0
for await (const f of engine.frames(sqlOf(table), { params: { from, to, since: 20050104 } })) rows += f.length
lap('read ' + rows)
const staging = await createStaging(engine, table, 9)
let compute = 0
const it = (table.build as any).compute({ engine, dates, scope: 'all', progress() {} })[Symbol.asyncIterator]()
const frames = []
for (;;) { const s = await it.next(); if (s.done) break; frames.push(s.value) }
lap('read + kernel')
for (const f of frames) await engine.insert(staging, f, { settings: { max_partitions_per_insert_block: 0 } })
lap('insert')
for (const a of await runAudits(engine, table, staging)) console.log(a.audit, a.offending)
lap('audits')
console.log(await publish(engine, table, staging, 9, { from, to }).then((p) => ({ ...p, changed: p.changed.length })))
lap('publish')
await dropStaging(engine, staging)
await engine.exec('truncate table fupan.stock_bollinger_data')
await engine.close()
