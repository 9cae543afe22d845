import { defineImportKind } from '#core/import-kind.ts'
import { clockTimes, codes, localTimes, optionalNumbers } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { rejectRepeated } from '../repeated.ts'
import { Sieve } from '../sieve.ts'
import { tickRows, volumes } from '../trade-rows.ts'

/** 逐笔成交 (上交所 Level-2): every trade with the exchange's own aggressor flag. The time has no date; a Parquet file has one in `ts`. */
export const l2TradeSh = defineImportKind({
  name: 'l2_trade_sh',
  label: { zh: '上交所逐笔成交', en: 'Level-2 trades, Shanghai' },
  about: 'TradeIndex,TradeChan,SecurityID,TradTime,TradPrice,TradVolume (shares),TradeMoney (CNY),…,TradeBSFlag (B, S, N).',
  needs: ['date'],
  tables: ['ods_tick'],
  columns: ['SecurityID', 'TradTime', 'TradPrice', 'TradVolume', 'TradeMoney', 'TradeBuyNo', 'TradeSellNo', 'TradeBSFlag', 'TradeIndex', 'TradeChan'],
  whole: true,
  recognises: (header) => hasAll(header, ['SecurityID'], ['TradTime', 'ts'], ['TradPrice'], ['TradVolume'], ['TradeBSFlag']),
  decode(table, context) {
    const sieve = new Sieve(table)
    const stamped = cellsOf(table, 'ts')
    const { date, at } = stamped === undefined ? clockTimes(cellsOf(table, 'TradTime')!, sieve, context.date!) : localTimes(stamped, sieve, context.today)
    const money = cellsOf(table, 'TradeMoney')
    const flags = cellsOf(table, 'TradeBSFlag')!
    const code = codes(cellsOf(table, 'SecurityID')!, sieve)
    rejectRepeated(table, sieve, ['SecurityID', 'TradeChan', 'TradeIndex'])
    return tickRows({
      table,
      sieve,
      grain: 'TBT',
      source: 'l2_sh',
      code,
      date,
      at,
      price: cellsOf(table, 'TradPrice')!,
      volume: volumes(cellsOf(table, 'TradVolume')!, sieve),
      amount: money === undefined ? new Float64Array(sieve.length).fill(NaN) : optionalNumbers(money, sieve),
      tradeCount: 1,
      // N: a call auction, nobody was the aggressor.
      side: (row) => (flags[row] === 'B' || flags[row] === 'S' ? flags[row] : undefined),
    })
  },
})
