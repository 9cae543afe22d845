import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
import { stockBollingerData as table } from '#warehouse/dws/stock_bollinger_data.ts'
import { buildTable } from '#warehouse/build.ts'
import { createTables } from '#warehouse/schema.ts'
import { tables } from '#warehouse/tables.ts'
import { ClientEngine } from '#warehouse/engine/client-engine.ts'
import { benchDates } from './synthetic-bars.ts'
import { measured } from './peak-memory.ts'
const engine = await openEmbeddedEngine({ directory: process.argv[2]! + '/engine', threadPoolSize: 16 })
await engine.exec('drop table fupan.stock_bollinger_data sync')
await createTables(engine, tables)
const p = ClientEngine.prototype as any
const total = new Map<string, [number, number]>()
const add = (k: string, ms: number) => { const t = total.get(k) ?? [0, 0]; t[0]++; t[1] += ms; total.set(k, t) }
for (const name of ['exec', 'rows', 'insert', 'frame']) { const o = p[name]; p[name] = async function (sql: string, ...rest: any[]) { const t = performance.now(); try { return await o.call(this, sql, ...rest) } finally { add(name + ' ' + sql.replace(/\s+/g, ' ').replace(/\d{3,}/g, 'N').replace(/'\d+'/g, "'N'").slice(0, 70), performance.now() - t) } } }
const of = p.frames
p.frames = async function* (sql: string, ...rest: any[]) { const it = of.call(this, sql, ...rest)[Symbol.asyncIterator](); let n = 0; for (;;) { const t = performance.now(); const s = await it.next(); add((n++ === 0 ? 'first ' : 'next ') + sql.replace(/--.*\n/g, '').slice(0, 50), performance.now() - t); if (s.done) return; yield s.value } }
const dates = benchDates(4000)
const loop = setInterval(() => {}, 5)
const { monitorEventLoopDelay } = await import('node:perf_hooks')
const c = process.cpuUsage()
const el0 = performance.eventLoopUtilization()
const r = await measured(() => buildTable(engine, table, { dates: dates.slice(0, -1), scope: 'all', version: 9, progress() {} }))
const el = performance.eventLoopUtilization(el0)
const u = process.cpuUsage(c)
console.log(r.seconds.toFixed(2), 's', ((u.user + u.system) / 1e6).toFixed(2), 'cpu', (r.peak / 1e9).toFixed(2), 'GB', 'loop busy', (el.active / 1000).toFixed(1))
for (const [k, [n, ms]] of [...total].toSorted((a, b) => b[1][1] - a[1][1]).slice(0, 16)) console.log((ms / 1000).toFixed(2).padStart(8), String(n).padStart(5), k)
clearInterval(loop)
await engine.close()
