import { defineImportKind } from '#core/import-kind.ts'
import { always, clockTimes, localTimes, optionalNumbers } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { sharesPerUnit } from '../share-volume.ts'
import { Sieve } from '../sieve.ts'
import { tickRows, volumes } from '../trade-rows.ts'

/**
 * 分笔明细: prints merged over about three seconds, as vendors list them, usually newest first. Volume in lots unless the money says shares.
 * direction 1 buy, −1 sell, 0 neutral is the vendor's own inference.
 */
export const tickDetail = defineImportKind({
  name: 'tick_detail',
  label: { zh: '分笔明细', en: 'Tick detail' },
  about: 'timestamp,price,volume (lots),turnover (CNY),direction (1, −1, 0), one stock-day per file, newest first or oldest first.',
  needs: ['code', 'date'],
  tables: ['ods_tick'],
  columns: ['timestamp', 'price', 'volume', 'turnover', 'direction'],
  whole: true,
  recognises: (header) => hasAll(header, ['timestamp', 'time'], ['price'], ['volume'], ['turnover', 'amount'], ['direction']),
  decode(table, context) {
    const sieve = new Sieve(table)
    const times = cellsOf(table, 'timestamp', 'time')!
    const isWithDate = /^\s*\d{4}[-/.]/.test(times[0] ?? '')
    const { date, at } = isWithDate ? localTimes(times, sieve, context.today) : clockTimes(times, sieve, context.date!)
    const price = cellsOf(table, 'price')!
    const volume = volumes(cellsOf(table, 'volume')!, sieve)
    const amount = optionalNumbers(cellsOf(table, 'turnover', 'amount')!, sieve)
    const direction = cellsOf(table, 'direction')!
    const seen = new Set<string>()
    for (let row = 0; row < sieve.length; row++) {
      const text = table.columns.map((cells) => cells[row]).join(',')
      if (volume[row]! > 0) {
        const shares = amount[row]! > 0 && +price[row]! > 0 ? sharesPerUnit(amount[row]!, +price[row]!, volume[row]!) : 100
        if (shares === undefined) sieve.reject(row, 'BAD_NUMBER', `${text}: volume is neither lots nor shares for this turnover`)
        else volume[row] = volume[row]! * shares
        // Prints carry no number: a row that repeats another one in every cell is the same print.
        if (seen.has(text)) sieve.reject(row, 'DUPLICATE', text)
        seen.add(text)
      }
    }
    return tickRows({
      table,
      sieve,
      grain: 'AGG3S',
      source: 'tick_detail',
      code: always(context.code!, sieve.length),
      date,
      at,
      price,
      volume,
      amount,
      tradeCount: NaN,
      side: (row) => ({ '1': 'B', '-1': 'S', '0': 'M' })[String(Number(direction[row]))] as 'B' | 'S' | 'M' | undefined,
    })
  },
})
