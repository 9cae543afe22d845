import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { labelAt, labels, toLabels } from '#core/frame.ts'
import { Load } from '#warehouse/load.ts'
import { findTable } from '#warehouse/tables.ts'
import type { App } from './app.ts'
import { recordArrival } from './record-arrival.ts'

const EXCHANGES = { SH: 'SSE', SZ: 'SZSE', BJ: 'BSE' } as const

/** Stocks with bars or ticks that no list of stocks names get a row under their code, so that search and pages find them. A later list names them. */
export async function nameUnknownStocks(app: App): Promise<number> {
  const table = findTable('dim_stock')!
  const unknown = await app.engine.frame(
    `select distinct ts_code from (
       select distinct ts_code from fupan.ods_daily union all select distinct ts_code from fupan.ods_daily_qfq union all select distinct ts_code from fupan.ods_tick
     ) where match(ts_code, '^[0-9]{6}\\\\.(SH|SZ|BJ)$') and ts_code not in (select ts_code from fupan.dim_stock) order by ts_code`,
  )
  if (unknown.length === 0) return 0
  const codes = Array.from({ length: unknown.length }, (_, row) => labelAt(labels(unknown, 'ts_code'), row)! as Code)
  const version = app.ledger.nextVersion()
  const load = new Load(app.engine, version)
  await load.add(table, {
    length: codes.length,
    columns: {
      ts_code: toLabels(codes),
      symbol: toLabels(codes.map((code) => code.slice(0, 6))),
      name: toLabels(codes),
      pinyin: toLabels(codes.map(() => '')),
      exchange: toLabels(codes.map((code) => EXCHANGES[exchangeOf(code)])),
      board: toLabels(codes.map(boardOf)),
      is_a_share: Uint8Array.from(codes, (code) => (/^(?:900|200)/.test(code) ? 0 : 1)),
      list_status: toLabels(codes.map(() => 'L')),
      source: toLabels(codes.map(() => 'code')),
    },
  })
  await load.publish()
  await load.discard()
  await recordArrival(app.engine, app.ledger, table, version, 'name-unknown-stocks', [])
  return codes.length
}
