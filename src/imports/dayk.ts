import { frameOf, type Column } from '#core/frame.ts'
import { defineImportKind, type ImportKind } from '#core/import-kind.ts'
import { codes, dates, prices, requiredNumbers } from './cells.ts'
import { rejectOffGrid } from './daily-shape.ts'
import { cellsOf, hasAll, plainHeader } from './header.ts'
import { instrumentOf } from './instrument.ts'
import { Sieve } from './sieve.ts'

interface Dayk extends Pick<ImportKind, 'name' | 'label' | 'about'> {
  readonly table: string
  readonly hasFactor: boolean
}

/** Daily bars of the vendor whose header is timestamp,code,low,open,close,high,volume,turnover,securityId[,factor]: into TuShare's units (lots, thousand CNY). */
export function daykKind({ name, label, about, table: target, hasFactor }: Dayk): ImportKind {
  return defineImportKind({
    name,
    label,
    about,
    needs: [],
    tables: hasFactor ? [target, 'ods_adj_factor'] : [target],
    columns: ['timestamp', 'code', 'low', 'open', 'close', 'high', 'volume', 'turnover', 'securityId', ...(hasFactor ? ['factor'] : [])],
    whole: false,
    recognises: (header) =>
      hasAll(header, ['timestamp'], ['code'], ['low'], ['open'], ['close'], ['high'], ['volume'], ['turnover'], ['securityId']) &&
      plainHeader(header).includes('factor') === hasFactor,
    decode(table, context) {
      const sieve = new Sieve(table)
      const cells = (column: string) => cellsOf(table, column)!
      const bars: Record<string, Column> = {
        trade_date: dates(cells('timestamp'), sieve, context.today),
        // securityId is stock_sz_300027: it says the exchange, which the six digits of `code` leave open.
        ts_code: codes(
          cells('securityId').map((id) => id.replace(/^[a-z]+_([a-z]{2})_(\d{6})$/i, '$1$2')),
          sieve,
          (code) => instrumentOf(code) === 'stock',
        ),
        open: prices(cells('open'), sieve),
        high: prices(cells('high'), sieve),
        low: prices(cells('low'), sieve),
        close: prices(cells('close'), sieve),
        vol: requiredNumbers(cells('volume'), sieve, { per: 100 }),
        amount: requiredNumbers(cells('turnover'), sieve, { per: 1000 }),
      }
      const factor = hasFactor ? prices(cells('factor'), sieve) : undefined
      if (!hasFactor) rejectOffGrid(bars, sieve, table)
      const kept = Object.fromEntries(Object.entries(bars).map(([column, values]) => [column, sieve.keep(values)]))
      const frames = [{ table: target, frame: frameOf(kept) }]
      if (factor !== undefined) {
        frames.push({ table: 'ods_adj_factor', frame: frameOf({ trade_date: kept['trade_date']!, ts_code: kept['ts_code']!, adj_factor: sieve.keep(factor) }) })
      }
      return { frames, rejected: sieve.rejections() }
    },
  })
}
