import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
import { stockBollingerData as table } from '#warehouse/dws/stock_bollinger_data.ts'
import { sqlOf } from '#warehouse/table-sql.ts'
import { benchDates } from './synthetic-bars.ts'
const engine = await openEmbeddedEngine({ directory: process.argv[2]! + '/engine', threadPoolSize: 16 })
const dates = benchDates(4000)
const params = { from: dates[0]!, to: dates.at(-2)!, since: 20050104 }
const own = 'select ts_code, trade_date, close, close_hfq, vol_adj, adj_factor, bar_no, day_idx, is_ex_day from fupan.dwd_stock_daily_standard where trade_date <= {to:UInt32} and trade_date >= {since:UInt32}'
const label = "select ts_code, trade_date, toUInt8(ifNull(is_limit_up = 1 or is_limit_down = 1, 0)) as is_limit_day, toUInt8(ifNull(no_limit_reason = 'IPO_WINDOW', 0)) as is_no_limit_ipo from fupan.dwd_stock_label_daily where trade_date between {since:UInt32} and {to:UInt32} and (is_limit_up = 1 or is_limit_down = 1 or no_limit_reason = 'IPO_WINDOW')"
const L = 'from fupan.dwd_stock_label_daily where trade_date between {since:UInt32} and {to:UInt32} and '
const variants: Record<string, [string, Record<string, number | string>?]> = {
  'labels sorted': [label + ' order by ts_code, trade_date'],
  'labels unsorted': [label],
  'labels nofinal': [label, { final: 0 }],
  'labels no reason': ['select ts_code, trade_date ' + L + '(is_limit_up = 1 or is_limit_down = 1)'],
  'labels no reason nofinal': ['select ts_code, trade_date ' + L + '(is_limit_up = 1 or is_limit_down = 1)', { final: 0 }],
  'labels no reason prewhere': ['select ts_code, trade_date ' + L + '(is_limit_up = 1 or is_limit_down = 1)', { optimize_move_to_prewhere_if_final: 1 }],
  'reason only': ['select ts_code, trade_date ' + L + "no_limit_reason = 'IPO_WINDOW'"],
  'reason only nofinal': ['select ts_code, trade_date ' + L + "no_limit_reason = 'IPO_WINDOW'", { final: 0 }],
  'reason not null': ['select ts_code, trade_date ' + L + "no_limit_reason is not null", { optimize_functions_to_subcolumns: 1 }],
  'reason not null nofinal': ['select ts_code, trade_date ' + L + "no_limit_reason is not null", { optimize_functions_to_subcolumns: 1, final: 0 }],
}
for (const round of [1, 2]) for (const [name, [sql, settings]] of Object.entries(variants)) {
  const [t, c] = [performance.now(), process.cpuUsage()]
  let rows = 0, blocks = 0, first = 0
  for await (const f of engine.frames(sql, { params: sql.includes('{from') ? params : { to: params.to, since: params.since }, ...(settings ? { settings } : {}) })) { if (blocks++ === 0) first = performance.now() - t; rows += f.length }
  const u = process.cpuUsage(c)
  console.log(name.padEnd(30), rows, blocks, 'first', first.toFixed(0), 'ms', ((performance.now() - t) / 1000).toFixed(2), 's', ((u.user + u.system) / 1e6).toFixed(2), 'cpu')
}
console.log((await engine.rows<any>('explain plan actions=0 ' + own.replace('{to:UInt32}', '20260930').replace('{since:UInt32}', '20050101') + ' order by ts_code, trade_date')).map((r) => r.explain).join('\n'))
await engine.close()
