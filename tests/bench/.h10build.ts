import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
import { stockBollingerData as table } from '#warehouse/dws/stock_bollinger_data.ts'
import { buildTable } from '#warehouse/build.ts'
import { createTables } from '#warehouse/schema.ts'
import { tables } from '#warehouse/tables.ts'
import { benchDates } from './synthetic-bars.ts'
import { measured } from './peak-memory.ts'
const engine = await openEmbeddedEngine({ directory: process.argv[2]! + '/engine', threadPoolSize: 16 })
await engine.exec('drop table fupan.stock_bollinger_data sync')
await createTables(engine, tables)
const dates = benchDates(4000)
for (const [d, v] of [[dates.slice(0, -1), 9], [dates.slice(-1), 10], [dates.slice(-1), 11]] as const) {
  const c = process.cpuUsage()
  const r = await measured(() => buildTable(engine, table, { dates: d, scope: 'all', version: v, progress() {} }))
  const u = process.cpuUsage(c)
  console.log(r.seconds.toFixed(2), 's', ((u.user + u.system) / 1e6).toFixed(2), 'cpu', (r.peak / 1e9).toFixed(2), 'GB', JSON.stringify(r.value.type === 'published' ? { ...r.value.published, changed: r.value.published.changed.length } : r.value))
}
console.log(await engine.rows(`select toUInt32(count()) as n, hex(groupBitXor(cityHash64(tuple(${Object.keys(table.columns).join(',')})))) as h from fupan.stock_bollinger_data`))
console.log(await engine.rows(`select toUInt32(count()) as parts, max(rows) from system.parts where active and database='fupan' and table='stock_bollinger_data'`))
await engine.close()
