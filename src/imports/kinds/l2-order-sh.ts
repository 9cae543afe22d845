import { frameOf, takeRows, toLabels } from '#core/frame.ts'
import { defineImportKind } from '#core/import-kind.ts'
import { byStockAndTime } from '../by-stock-and-time.ts'
import { always, clockTimes, codes, localTimes, optionalNumbers, requiredNumbers, wholeMilli } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { rejectRepeated } from '../repeated.ts'
import { Sieve } from '../sieve.ts'

/** 逐笔委托 (上交所 Level-2): orders added to and cancelled from the book. The time has no date; a Parquet file has one in `ts`. */
export const l2OrderSh = defineImportKind({
  name: 'l2_order_sh',
  label: { zh: '上交所逐笔委托', en: 'Level-2 orders, Shanghai' },
  about: 'OrderIndex,OrderChannel,SecurityID,OrderTime,OrderType (A add, D delete),OrderNO,OrderPrice,Balance (shares),OrderBSFlag.',
  needs: ['date'],
  tables: ['ods_l2_order'],
  columns: ['OrderIndex', 'OrderChannel', 'SecurityID', 'OrderTime', 'OrderType', 'OrderNO', 'OrderPrice', 'Balance', 'OrderBSFlag'],
  whole: true,
  recognises: (header) => hasAll(header, ['SecurityID'], ['OrderTime', 'ts'], ['OrderType'], ['OrderNO'], ['OrderPrice'], ['Balance'], ['OrderBSFlag']),
  decode(table, context) {
    const sieve = new Sieve(table)
    const cells = (name: string) => cellsOf(table, name)
    const stamped = cells('ts')
    const { date, at } = stamped === undefined ? clockTimes(cells('OrderTime')!, sieve, context.date!) : localTimes(stamped, sieve, context.today)
    const code = codes(cells('SecurityID')!, sieve)
    const [type, flag] = [cells('OrderType')!, cells('OrderBSFlag')!]
    const orderNo = requiredNumbers(cells('OrderNO')!, sieve, { reason: 'MISSING_KEY' })
    const volume = requiredNumbers(cells('Balance')!, sieve)
    const limit = optionalNumbers(cells('OrderPrice')!, sieve)
    const price = wholeMilli(
      limit.map((value) => (value === 0 ? NaN : value)),
      cells('OrderPrice')!,
      sieve,
    )
    const unknown = new Float64Array(sieve.length).fill(NaN)
    const [channel, index] = ['OrderChannel', 'OrderIndex'].map((name) => (cells(name) === undefined ? unknown : optionalNumbers(cells(name)!, sieve))) as [
      Float64Array,
      Float64Array,
    ]
    for (let row = 0; row < sieve.length; row++) {
      if (!/^[AD]$/.test(type[row]!) || !/^[BS]$/.test(flag[row]!)) sieve.reject(row, 'BAD_ROW', table.columns.map((column) => column[row]).join(','))
      else if (volume[row] === 0) sieve.reject(row, 'ZERO_VOLUME', table.columns.map((column) => column[row]).join(','))
    }
    rejectRepeated(table, sieve, ['SecurityID', 'OrderChannel', 'OrderIndex'])
    const { rows, seq } = byStockAndTime(sieve.rows(), date, code, at)
    const columns = {
      trade_date: date,
      ts_code: code,
      at,
      order_no: orderNo,
      action: toLabels(type),
      side: toLabels(flag),
      price,
      volume,
      channel,
      order_index: index,
    }
    const stored = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, takeRows(column, rows)]))
    return { frames: [{ table: 'ods_l2_order', frame: frameOf({ ...stored, source: always('l2_sh', rows.length), seq }) }], rejected: sieve.rejections() }
  },
})
