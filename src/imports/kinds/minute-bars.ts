import { frameOf, type Labels } from '#core/frame.ts'
import { defineImportKind } from '#core/import-kind.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { always, codes, localTimes, optionalNumbers, requiredNumbers } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { sharesPerUnit } from '../share-volume.ts'
import { Sieve } from '../sieve.ts'

const TIME = ['datetime', 'trade_time', 'time', '时间', '日期']
const CODE = ['symbol', 'ts_code', 'code', '代码', '股票代码']
const OPEN = ['open', '开盘', '开盘价']
const HIGH = ['high', '最高', '最高价']
const LOW = ['low', '最低', '最低价']
const CLOSE = ['close', '收盘', '收盘价']
const VOLUME = ['volume', 'vol', '成交量']
const AMOUNT = ['amount', '成交额', 'turnover', 'money']
const FIRST_LABEL = 33_900_000 // 09:25
const LAST_LABEL = 55_800_000 // 15:30

/**
 * 分钟K线, labelled at the end of the bar, in the header styles of several vendors. Whether volume is in lots or shares is told by the money of each row;
 * the length of the bars by the distance of the labels. Rows with a zero price are rejected (a lone zero open is only unknown); rows with a
 * zero volume are kept, because a minute without trades is a flat bar (spec intraday §7.1).
 */
export const minuteBars = defineImportKind({
  name: 'minute_bars',
  label: { zh: '分钟K线', en: 'Minute bars' },
  about: 'Bars of 1 to 240 minutes labelled at their end: datetime[,symbol],open,high,low,close,volume (lots or shares),amount or 成交额 (CNY).',
  needs: ['code'],
  tables: ['ods_minute_bar'],
  columns: ['datetime', 'symbol', 'open', 'high', 'low', 'close', 'volume', 'amount'],
  whole: false,
  recognises: (header) => hasAll(header, TIME, OPEN, HIGH, LOW, CLOSE, VOLUME, AMOUNT) && !hasAll(header, ['securityId', 'bid_price_1', 'BidPrice1', 'bid1']),
  decode(table, context) {
    const sieve = new Sieve(table)
    const { date, at } = localTimes(cellsOf(table, ...timeNames(table.header))!, sieve, context.today)
    const codeCells = cellsOf(table, ...CODE)
    const code = codeCells === undefined ? always(context.code!, sieve.length) : codes(codeCells, sieve)
    const open = optionalNumbers(cellsOf(table, ...OPEN)!, sieve).map((value) => (value > 0 ? value : NaN))
    const [high, low, close] = [HIGH, LOW, CLOSE].map((names) => requiredNumbers(cellsOf(table, ...names)!, sieve, { reason: 'BAD_PRICE' })) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    const volumeCells = cellsOf(table, ...VOLUME)!
    const volume = requiredNumbers(volumeCells, sieve)
    const amount = optionalNumbers(cellsOf(table, ...AMOUNT)!, sieve)
    for (let row = 0; row < sieve.length; row++) {
      const time = timeOfDay(at[row]! as EpochMs)
      if (!(high[row]! > 0 && low[row]! > 0 && close[row]! > 0)) sieve.reject(row, 'BAD_PRICE', table.columns.map((cells) => cells[row]).join(','))
      else if (time < FIRST_LABEL || time > LAST_LABEL) sieve.reject(row, 'BAD_TIME', cellsOf(table, ...timeNames(table.header))![row]!)
      else if (volume[row]! > 0 && amount[row]! > 0) {
        const shares = sharesPerUnit(amount[row]!, close[row]!, volume[row]!)
        if (shares === undefined) sieve.reject(row, 'BAD_NUMBER', `volume ${volumeCells[row]} is neither shares nor lots for this turnover`)
        else volume[row] = volume[row]! * shares
      }
    }
    const rows = sieve.rows()
    const length = barLength(rows, date, code, at) ?? lengthNamed(context.fileName)
    if (length === undefined) for (const row of rows) sieve.reject(row, 'BAD_TIME', 'how long are the bars? Name the file like 600519_5min.csv')
    const columns = {
      trade_date: date,
      ts_code: code,
      minutes: new Uint32Array(sieve.length).fill(length ?? 0),
      at,
      open,
      high,
      low,
      close,
      volume,
      amount,
      source: always('minute_file', sieve.length),
    }
    const frame = frameOf(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, sieve.keep(column)])))
    return { frames: [{ table: 'ods_minute_bar', frame }], rejected: sieve.rejections() }
  },
})

/** BaoStock gives a date and a time column, where the time is the whole instant. */
function timeNames(header: readonly string[]): readonly string[] {
  return header.some((name) => /^time$/i.test(name.trim())) ? ['time'] : TIME
}

/** The shortest distance between neighbouring labels of a stock and day, in minutes; nothing when no day has two. */
function barLength(rows: Uint32Array, date: Uint32Array, code: Labels, at: Float64Array): number | undefined {
  let shortest = Infinity
  for (let i = 1; i < rows.length; i++) {
    const [here, before] = [rows[i]!, rows[i - 1]!]
    if (date[here] !== date[before] || code.index[here] !== code.index[before]) continue
    const gap = Math.abs(at[here]! - at[before]!) / 60_000
    if (gap > 0 && gap < shortest) shortest = gap
  }
  return Number.isInteger(shortest) ? shortest : undefined
}

/** 600519_1min.csv, bars15m_2025.csv, 30分钟.csv */
function lengthNamed(fileName: string): number | undefined {
  const match = /(?<!\d)(\d{1,3})\s*(?:min|m(?![a-z])|分钟)/i.exec(fileName)
  return match === null ? undefined : Number(match[1])
}
