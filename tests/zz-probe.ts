import { tinyMarket } from './laws/tiny-market.ts'
import { WarehouseRig, builtTables, daysOf } from './laws/warehouse-rig.ts'
let t = performance.now(), c = process.cpuUsage()
const lap = (what: string) => { console.log(what.padEnd(40), (performance.now() - t).toFixed(0), 'cpu', ((process.cpuUsage(c).user+process.cpuUsage(c).system)/1000).toFixed(0)); t = performance.now(); c = process.cpuUsage() }
const raw = await tinyMarket()
const rig = await WarehouseRig.open()
await rig.world(raw)
lap('first world')
await rig.empty(); lap('empty')
await rig.load(raw); lap('load')
for (const table of builtTables) { const p = await rig.build(table, daysOf(table)); lap(`${table.name} ${p.written}`) }
await rig.built(); lap('read')
for (const table of builtTables) { const p = await rig.build(table, daysOf(table).slice(-1)); lap(`one day ${table.name} ${p.written}`) }
await rig.close(); lap('close')
