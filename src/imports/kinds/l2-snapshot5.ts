import type { Labels } from '#core/frame.ts'
import { defineImportKind } from '#core/import-kind.ts'
import { byStockAndTime } from '../by-stock-and-time.ts'
import { always, localTimes, optionalNumbers, requiredNumbers } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { quoteRows } from '../quote-rows.ts'
import { Sieve } from '../sieve.ts'

/**
 * 五档快照 per interval: open, high, low, volume and amount are those of the three seconds before the picture, the amount in 分 (CNY × 100).
 * Stored like every quote: of the day so far, in CNY.
 */
export const l2Snapshot5 = defineImportKind({
  name: 'l2_snapshot5',
  label: { zh: '五档快照', en: 'Five-level quotes' },
  about: 'timestamp,open,high,low,close,volume (shares of the interval),amount (0.01 CNY of the interval),bid_price_1…ask_volume_5, one stock per file.',
  needs: ['code'],
  tables: ['ods_quote'],
  columns: ['timestamp', 'open', 'high', 'low', 'close', 'volume', 'amount', 'bid_price_1', 'ask_price_1', 'bid_volume_1', 'ask_volume_1'],
  whole: true,
  recognises: (header) =>
    hasAll(header, ['timestamp'], ['close'], ['volume'], ['amount'], ['bid_price_1'], ['ask_price_1'], ['bid_volume_1'], ['ask_volume_1']),
  decode(table, context) {
    const sieve = new Sieve(table)
    const cells = (name: string) => cellsOf(table, name)
    const optional = (name: string) => (cells(name) === undefined ? new Float64Array(sieve.length).fill(NaN) : optionalNumbers(cells(name)!, sieve))
    const { date, at } = localTimes(cells('timestamp')!, sieve, context.today)
    const code = always(context.code!, sieve.length)
    const interval = { open: optional('open'), high: optional('high'), low: optional('low'), close: optional('close') }
    const volume = requiredNumbers(cells('volume')!, sieve)
    const fen = requiredNumbers(cells('amount')!, sieve)
    return quoteRows({
      sieve,
      source: 'l2_sz',
      code,
      date,
      at,
      last: interval.close,
      ...soFar(sieve, date, code, at, interval, volume, fen),
      level: (side, what, depth) => cells(`${side}_${what}_${depth}`),
    })
  },
})

interface Interval {
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
}

/** The day so far at each picture: the first open, the extremes, and the sums; whole 分 are summed so that nothing is lost. */
function soFar(sieve: Sieve, date: Uint32Array, code: Labels, at: Float64Array, interval: Interval, volume: Float64Array, fen: Float64Array) {
  const { rows, seq } = byStockAndTime(sieve.rows(), date, code, at)
  const [open, high, low, cumVolume, cumAmount] = Array.from({ length: 5 }, () => new Float64Array(sieve.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  let day = { open: NaN, high: NaN, low: NaN, volume: 0, fen: 0 }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (seq[i] === 0) day = { open: NaN, high: NaN, low: NaN, volume: 0, fen: 0 }
    if (volume[row]! > 0) {
      if (Number.isNaN(day.open)) day.open = interval.open[row]!
      if (!(day.high >= interval.high[row]!)) day.high = interval.high[row]!
      if (!(day.low <= interval.low[row]!)) day.low = interval.low[row]!
      day.volume += volume[row]!
      day.fen += fen[row]!
    }
    open[row] = day.open
    high[row] = day.high
    low[row] = day.low
    cumVolume[row] = day.volume
    cumAmount[row] = day.fen / 100
  }
  return { open, high, low, cumVolume, cumAmount }
}
