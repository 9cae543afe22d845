import type { Code } from '#core/code.ts'
import { frameOf, takeRows, toLabels, type Labels } from '#core/frame.ts'
import type { Decoded, RawTable } from '#core/import-kind.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import type { Grain, VendorSide } from '#core/tick.ts'
import { byStockAndTime } from './by-stock-and-time.ts'
import { always, prices, requiredNumbers, wholeMilli } from './cells.ts'
import type { Sieve } from './sieve.ts'

const BEFORE_OPENING_PRINT = 33_900_000 // 09:25
const CONTINUOUS = 34_200_000 // 09:30
const CLOSE = 54_000_000 // 15:00
const SH_CLOSING_CALL_FROM = 20180820

/** The columns of a trade file, decoded as far as they mean the same everywhere. Rows marked in `sieve` are left out. */
export interface Trades {
  readonly table: RawTable
  readonly sieve: Sieve
  readonly grain: Grain
  readonly source: string
  readonly code: Labels
  readonly date: Uint32Array
  readonly at: Float64Array
  readonly price: readonly string[]
  /** Shares. */
  readonly volume: Float64Array
  /** CNY; NaN where the feed gives none: then price × volume counts and the row says so. */
  readonly amount: Float64Array
  /** The vendor's flag of a row, if it gives one. */
  side(row: number): VendorSide | undefined
  /** Trades merged into a row: 1 in trade-by-trade data, unknown (NaN) in merged prints. */
  readonly tradeCount: number
}

/**
 * Rows of ods_tick in time order, from 0 per stock and day. Rejected: prices and volumes that are not positive (BAD_PRICE, ZERO_VOLUME, BAD_NUMBER),
 * and rows before 09:25, which are indicative and no trades (BAD_TIME; spec microstructure §2.3). A side in a call auction says nothing and is dropped.
 */
export function tickRows(trades: Trades): Decoded {
  const { table, sieve, code, date, at, volume } = trades
  const price = wholeMilli(prices(trades.price, sieve), trades.price, sieve)
  for (let row = 0; row < sieve.length; row++) {
    if (price[row] === 0) sieve.reject(row, 'BAD_PRICE', found(table, row))
    else if (volume[row] === 0) sieve.reject(row, 'ZERO_VOLUME', found(table, row))
    else if (!(volume[row]! > 0)) sieve.reject(row, 'BAD_NUMBER', found(table, row))
    else if (timeOfDay(at[row]! as EpochMs) < BEFORE_OPENING_PRINT) sieve.reject(row, 'BAD_TIME', found(table, row))
  }
  const { rows, seq } = byStockAndTime(sieve.rows(), date, code, at)
  const milli = new Int32Array(rows.length)
  const amount = new Float64Array(rows.length)
  const isEstimated = new Uint8Array(rows.length)
  const sides: (VendorSide | undefined)[] = []
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    milli[i] = price[row]!
    isEstimated[i] = trades.amount[row]! > 0 ? 0 : 1
    amount[i] = isEstimated[i] === 1 ? milli[i]! * volume[row]! : Math.round(trades.amount[row]! * 1000)
    sides.push(isCallAuction(timeOfDay(at[row]! as EpochMs), date[row]!, code.values[code.index[row]!] as Code) ? undefined : trades.side(row))
  }
  const frame = frameOf({
    trade_date: takeRows(date, rows),
    ts_code: takeRows(code, rows),
    grain: always(trades.grain, rows.length),
    source: always(trades.source, rows.length),
    at: takeRows(at, rows),
    seq,
    price: milli,
    volume: takeRows(volume, rows),
    amount,
    amount_est: isEstimated,
    vendor_side: toLabels(sides),
    trade_count: new Float64Array(rows.length).fill(trades.tradeCount),
  })
  return { frames: [{ table: 'ods_tick', frame }], rejected: sieve.rejections() }
}

/** Opening print, and closing print where the exchange had a closing call: Shenzhen always, Shanghai since 2018-08-20. */
function isCallAuction(time: number, date: number, code: Code): boolean {
  return time < CONTINUOUS || (time >= CLOSE && (!code.endsWith('.SH') || date >= SH_CLOSING_CALL_FROM))
}

/** Volumes that must be numbers; zero is left for `tickRows` to name. */
export function volumes(cells: readonly string[], sieve: Sieve): Float64Array {
  return requiredNumbers(cells, sieve, { signed: true })
}

/** A row as it stands in the file, for people. */
function found(table: RawTable, row: number): string {
  return table.columns.map((cells) => cells[row]).join(',')
}

/** The side whose order number is larger came later and was the aggressor (spec microstructure §3); equal or unreadable numbers say nothing. */
export function laterOrder(buy: readonly string[], sell: readonly string[]): (row: number) => VendorSide | undefined {
  return (row) => {
    const lead = Number(buy[row]) - Number(sell[row])
    return lead > 0 ? 'B' : lead < 0 ? 'S' : undefined
  }
}
