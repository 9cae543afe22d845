import { frameOf } from '#core/frame.ts'
import { defineImportKind } from '#core/import-kind.ts'
import { always, codes, dates, texts } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { isIndex } from '../instrument.ts'
import { Sieve } from '../sieve.ts'

const named: readonly (readonly [RegExp, string])[] = [
  [/hs_?300|csi_?300|沪深300/i, '000300.SH'],
  [/zz_?500|csi_?500|中证500/i, '000905.SH'],
  [/zz_?1000|csi_?1000|中证1000/i, '000852.SH'],
  [/sz_?50|sse_?50|上证50/i, '000016.SH'],
]

/** BaoStock 指数成分 (query_hs300_stocks and its like). The file does not say which index: its name does (hs300, zz500, sz50), or `--code`. */
export const baostockIndexMember = defineImportKind({
  name: 'baostock_index_member',
  label: { zh: 'BaoStock 指数成分', en: 'BaoStock index members' },
  about: 'BaoStock updateDate,code,code_name: the members of an index on a date; the index from the file name (hs300, zz500, sz50) or --code.',
  needs: [],
  tables: ['ods_index_member'],
  columns: ['updateDate', 'code', 'code_name'],
  whole: false,
  recognises: (header) => hasAll(header, ['updateDate'], ['code'], ['code_name']) && header.length <= 4,
  decode(table, context) {
    const sieve = new Sieve(table)
    const index =
      named.find(([pattern]) => pattern.test(context.fileName))?.[1] ?? (context.code !== undefined && isIndex(context.code) ? context.code : undefined)
    if (index === undefined)
      for (let row = 0; row < sieve.length; row++) sieve.reject(row, 'MISSING_KEY', 'which index? Say --code 000300.SH, or name the file hs300')
    const columns = {
      trade_date: dates(cellsOf(table, 'updateDate')!, sieve, context.today),
      index_code: always(index ?? '', sieve.length),
      ts_code: codes(cellsOf(table, 'code')!, sieve, (code) => !isIndex(code)),
      name: texts(cellsOf(table, 'code_name')!),
    }
    const frame = frameOf(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, sieve.keep(column)])))
    return { frames: [{ table: 'ods_index_member', frame }], rejected: sieve.rejections() }
  },
})
