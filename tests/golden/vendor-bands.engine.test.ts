import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Frame } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { openFile } from '#imports/decode-file.ts'
import type { Table } from '#warehouse/table.ts'
import { tableNamed } from '../laws/tiny-market.ts'
import { WarehouseRig } from '../laws/warehouse-rig.ts'

const file = join(process.env['FUPAN_SHARED'] ?? '../shared', 'data/tushare/600519.SH/stk_factor.csv')

let rig: WarehouseRig

beforeAll(async () => {
  rig = await WarehouseRig.open()
})

afterAll(() => rig.close())

test.skipIf(!existsSync(file))(
  'stock_bollinger_data reproduces the vendor’s published bands of 600519, from the file through the tables, to their three digits (needs FUPAN_SHARED)',
  async () => {
    const { decoded } = await openFile({ path: file, today: tradeDate(20260701) })
    for await (const { frames, rejected } of decoded) {
      expect(rejected).toEqual([])
      await rig.load(new Map(frames.map(({ table, frame }) => [tableNamed(table), frame])))
    }
    const of = (columns: string) => rig.engine.frame(`select trade_date, ts_code, ${columns} from fupan.ods_stk_factor order by trade_date`)
    await rig.load(
      new Map<Table, Frame>([
        [tableNamed('ods_daily'), await of('open, high, low, close, pre_close, pct_chg, vol, amount')],
        [tableNamed('ods_adj_factor'), await of('adj_factor')],
      ]),
    )
    const dates = aShareCalendar.dates(tradeDate(20230925), tradeDate(20251023))
    for (const name of ['dwd_daily', 'dwd_adj_factor', 'dwd_stock_daily_standard', 'dwd_stock_label_daily', 'stock_bollinger_data'])
      await rig.build(tableNamed(name), dates)
    // The vendor's bands are in the price scale of its last day, ours in that of each day.
    const rows = await rig.engine.rows<Record<'bar' | 'mid' | 'upper' | 'lower', number>>(
      `select b.n_bars as bar, abs(b.mid * scale - boll_mid_qfq) as mid, abs(b.upper * scale - boll_upper_qfq) as upper, abs(b.lower * scale - boll_lower_qfq) as lower
     from fupan.stock_bollinger_data as b
     inner join (select trade_date, adj_factor / (select argMax(adj_factor, trade_date) from fupan.ods_adj_factor) as scale, boll_mid_qfq, boll_upper_qfq, boll_lower_qfq from fupan.ods_stk_factor) as v
       on v.trade_date = b.trade_date
     where b.n_bars >= 20`,
    )
    expect(rows.length).toBeGreaterThan(450)
    for (const { bar, mid, upper, lower } of rows) expect(Math.max(mid, upper, lower), `bar ${bar}`).toBeLessThan(0.00051)
  },
)
