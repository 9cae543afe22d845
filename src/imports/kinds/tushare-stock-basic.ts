import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { isLabels, labelAt, toLabels } from '#core/frame.ts'
import { always } from '../cells.ts'
import { cellsOf } from '../header.ts'
import { instrumentOf } from '../instrument.ts'
import { pinyinInitials } from '../pinyin-initials.ts'
import { codeOf, optionalDate, optionalText, requiredText, vendorTable } from '../vendor-table.ts'

const EXCHANGES = { SH: 'SSE', SZ: 'SZSE', BJ: 'BSE' } as const

/** TuShare 股票列表. Board, exchange and pinyin initials are derived; a file without list_status holds listed stocks only. */
export const tushareStockBasic = vendorTable({
  name: 'tushare_stock_basic',
  label: { zh: 'TuShare 股票列表', en: 'TuShare stock list' },
  about: 'TuShare stock_basic: ts_code,symbol,name,area,industry,…,list_date.',
  table: 'dim_stock',
  fields: {
    ts_code: codeOf((code) => instrumentOf(code) === 'stock', 'ts_code'),
    name: requiredText('name'),
    area: optionalText('area'),
    industry: optionalText('industry'),
    market: optionalText('market'),
    curr_type: optionalText('curr_type'),
    list_date: optionalDate('list_date'),
    delist_date: optionalDate('delist_date'),
    is_hs: optionalText('is_hs'),
  },
  marks: [['list_date', 'industry', 'list_status']],
  derive({ ts_code, name }, table) {
    if (ts_code === undefined || name === undefined || !isLabels(ts_code) || !isLabels(name)) return {}
    const codes = table.line.map((_, row) => labelAt(ts_code, row) as Code | undefined)
    const status = cellsOf(table, 'list_status')
    return {
      symbol: toLabels(codes.map((code) => code?.slice(0, 6))),
      exchange: toLabels(codes.map((code) => code && EXCHANGES[exchangeOf(code)])),
      board: toLabels(codes.map((code) => code && boardOf(code))),
      is_a_share: Uint8Array.from(codes, (code) => (code === undefined || /^(?:900|20)/.test(code) ? 0 : 1)),
      list_status: toLabels(table.line.map((_, row) => (/^[LDPG]$/.test(status?.[row] ?? '') ? status![row]! : 'L'))),
      pinyin: toLabels(table.line.map((_, row) => pinyinInitials(labelAt(name, row) ?? ''))),
      source: always('tushare', table.line.length),
    }
  },
})
