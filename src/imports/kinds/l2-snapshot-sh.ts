import { defineImportKind } from '#core/import-kind.ts'
import { clockTimes, codes, localTimes, optionalNumbers, requiredNumbers } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { quoteRows } from '../quote-rows.ts'
import { Sieve } from '../sieve.ts'

/** 快照行情 (上交所 Level-2): ten levels, cumulative volume and turnover. Pictures before 09:25 show the indicative price of the opening call. */
export const l2SnapshotSh = defineImportKind({
  name: 'l2_snapshot_sh',
  label: { zh: '上交所十档快照', en: 'Level-2 quotes, Shanghai' },
  about: 'UpdateTime,SecurityID,PreCloPrice,…,LastPrice,TradNumber,TradVolume,Turnover,AskPrice1…BidVolume10; shares and CNY.',
  needs: ['date'],
  tables: ['ods_quote'],
  columns: [
    'UpdateTime',
    'SecurityID',
    'PreCloPrice',
    'OpenPrice',
    'HighPrice',
    'LowPrice',
    'LastPrice',
    'TradNumber',
    'TradVolume',
    'Turnover',
    'AskPrice1',
    'AskVolume1',
    'BidPrice1',
    'BidVolume1',
  ],
  whole: true,
  recognises: (header) => hasAll(header, ['UpdateTime', 'ts'], ['SecurityID'], ['LastPrice'], ['TradVolume'], ['Turnover'], ['BidPrice1'], ['AskPrice1']),
  decode(table, context) {
    const sieve = new Sieve(table)
    const cells = (name: string) => cellsOf(table, name)
    const stamped = cells('ts')
    const number = (name: string) => (cells(name) === undefined ? new Float64Array(sieve.length).fill(NaN) : optionalNumbers(cells(name)!, sieve))
    return quoteRows({
      sieve,
      source: 'l2_sh',
      code: codes(cells('SecurityID')!, sieve),
      ...(stamped === undefined ? clockTimes(cells('UpdateTime')!, sieve, context.date!) : localTimes(stamped, sieve, context.today)),
      last: number('LastPrice'),
      prevClose: number('PreCloPrice'),
      open: number('OpenPrice'),
      high: number('HighPrice'),
      low: number('LowPrice'),
      cumVolume: requiredNumbers(cells('TradVolume')!, sieve),
      cumAmount: requiredNumbers(cells('Turnover')!, sieve),
      tradeCount: number('TradNumber'),
      level: (side, what, depth) => cells(`${side === 'bid' ? 'Bid' : 'Ask'}${what === 'price' ? 'Price' : 'Volume'}${depth}`),
    })
  },
})
