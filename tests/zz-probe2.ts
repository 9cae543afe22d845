import { tinyMarket, marketDays, tableNamed, lastDay } from './laws/tiny-market.ts'
import { WarehouseRig, differencesOf, daysOf } from './laws/warehouse-rig.ts'
import { textsOf } from './laws/raw-market.ts'
const raw = await tinyMarket()
const rig = await WarehouseRig.open()
const a = await rig.world(raw)
const pool = tableNamed('stock_active_pool')
const codes = textsOf(raw.get(tableNamed('dim_stock'))!, 'ts_code') as string[]
for (const parity of [0, 1]) console.log(await rig.build(pool, marketDays.slice(-2), { codes: codes.filter((_, i) => i % 2 === parity) }))
console.log(differencesOf(pool, await rig.rows(pool), a.get(pool.name)!, undefined, () => 0))
console.log(differencesOf(pool, await rig.rows(pool), a.get(pool.name)!, undefined))
console.log(await rig.engine.rows(`with m as (select trade_date, ts_code, tick_count, total_value-auction_value as v from fupan.stock_microstructure_daily), b as (select trade_date, ts_code, sum(tick_count) as n, sum(amount) as v from fupan.dws_flow_bucket group by 1,2)
 select * from m join b on m.trade_date=b.trade_date and m.ts_code=b.ts_code where m.tick_count != b.n`))
await rig.close()
