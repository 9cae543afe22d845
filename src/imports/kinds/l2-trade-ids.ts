import { defineImportKind } from '#core/import-kind.ts'
import { codes, localTimes, optionalNumbers } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { rejectRepeated } from '../repeated.ts'
import { Sieve } from '../sieve.ts'
import { laterOrder, tickRows, volumes } from '../trade-rows.ts'

/** 逐笔成交 with the order numbers of both sides and no flag: the aggressor is the larger, later number. */
export const l2TradeIds = defineImportKind({
  name: 'l2_trade_ids',
  label: { zh: '逐笔成交 (委托号)', en: 'Level-2 trades with order numbers' },
  about: 'SecurityID,Market,TradeTime,TradePrice,TradeQty (shares),TradeAmount (CNY),BuyNum,SellNum.',
  needs: [],
  tables: ['ods_tick'],
  columns: ['SecurityID', 'Market', 'TradeTime', 'TradePrice', 'TradeQty', 'TradeAmount', 'BuyNum', 'SellNum'],
  whole: true,
  recognises: (header) => hasAll(header, ['SecurityID'], ['TradeTime'], ['TradePrice'], ['TradeQty'], ['BuyNum'], ['SellNum']),
  decode(table, context) {
    const sieve = new Sieve(table)
    const market = cellsOf(table, 'Market')
    const ids = cellsOf(table, 'SecurityID')!
    const { date, at } = localTimes(cellsOf(table, 'TradeTime')!, sieve, context.today)
    const code = codes(market === undefined ? ids : ids.map((id, row) => (market[row] === '' ? id : `${id}.${market[row]}`)), sieve)
    const money = cellsOf(table, 'TradeAmount')
    rejectRepeated(table, sieve, ['SecurityID', 'TradeTime', 'BuyNum', 'SellNum'])
    return tickRows({
      table,
      sieve,
      grain: 'TBT',
      source: 'l2_ids',
      code,
      date,
      at,
      price: cellsOf(table, 'TradePrice')!,
      volume: volumes(cellsOf(table, 'TradeQty')!, sieve),
      amount: money === undefined ? new Float64Array(sieve.length).fill(NaN) : optionalNumbers(money, sieve),
      tradeCount: 1,
      side: laterOrder(cellsOf(table, 'BuyNum')!, cellsOf(table, 'SellNum')!),
    })
  },
})
