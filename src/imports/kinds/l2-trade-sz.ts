import { defineImportKind } from '#core/import-kind.ts'
import { always, localTimes } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { rejectRepeated } from '../repeated.ts'
import { Sieve } from '../sieve.ts'
import { laterOrder, tickRows, volumes } from '../trade-rows.ts'

/** 逐笔成交 (深交所 Level-2): order numbers of both sides, neither turnover nor stock in the file; price × volume is exact for single trades. */
export const l2TradeSz = defineImportKind({
  name: 'l2_trade_sz',
  label: { zh: '深交所逐笔成交', en: 'Level-2 trades, Shenzhen' },
  about: 'timestamp,bid_uid,ask_uid,price,volume (shares), one stock per file.',
  needs: ['code'],
  tables: ['ods_tick'],
  columns: ['timestamp', 'bid_uid', 'ask_uid', 'price', 'volume'],
  whole: true,
  recognises: (header) => hasAll(header, ['timestamp'], ['bid_uid'], ['ask_uid'], ['price'], ['volume']),
  decode(table, context) {
    const sieve = new Sieve(table)
    const { date, at } = localTimes(cellsOf(table, 'timestamp')!, sieve, context.today)
    rejectRepeated(table, sieve, ['timestamp', 'bid_uid', 'ask_uid'])
    return tickRows({
      table,
      sieve,
      grain: 'TBT',
      source: 'l2_sz',
      code: always(context.code!, sieve.length),
      date,
      at,
      price: cellsOf(table, 'price')!,
      volume: volumes(cellsOf(table, 'volume')!, sieve),
      amount: new Float64Array(sieve.length).fill(NaN),
      tradeCount: 1,
      side: laterOrder(cellsOf(table, 'bid_uid')!, cellsOf(table, 'ask_uid')!),
    })
  },
})
