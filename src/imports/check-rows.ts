import { frameRows, isLabels, labelAt, type Column, type Frame, type Labels } from '#core/frame.ts'
import type { Rejection } from '#core/import-kind.ts'

/** Prices of A-shares stand on this grid; a mean may lie off the range of a day by as much. */
const TICK = 0.01
const EPSILON = 1e-6

/** A frame without its unusable rows, and those rows with a reason each (spec pipeline §8: V01, V02, V07, V08). */
export interface CheckedRows {
  readonly frame: Frame
  readonly rejected: readonly Rejection[]
}

/**
 * 行校验 of a vendor's rows by the table they are for: of rows with the same key only the last counts; a daily bar of a stock has positive prices, a range that holds its open and
 * close, and a turnover that its volume and range allow (an index has points, not prices); the records of a stock-day are numbered once, positive, and at no price that turnover and neighbours contradict.
 */
export function checkRows(frame: Frame, table: { readonly name: string; readonly grain: readonly string[] }): CheckedRows {
  const { ts_code: codes, trade_date: dates } = frame.columns
  if ('at' in frame.columns)
    return codes === undefined || dates === undefined || !isLabels(codes) || isLabels(dates) ? { frame, rejected: [] } : checkRecords(frame, codes, dates)
  const columns = table.grain.map((name) => frame.columns[name])
  const keyOf = (row: number) => columns.map((column) => (column === undefined ? '' : isLabels(column) ? labelAt(column, row) : column[row])).join(' ')
  const last = new Map<string, number>()
  const isKeyed = columns.length > 0 && columns.every((column) => column !== undefined)
  if (isKeyed) for (let row = 0; row < frame.length; row++) last.set(keyOf(row), row)
  const hasRepeated = isKeyed && last.size < frame.length
  const isBar = table.name === 'ods_daily'
  if (!hasRepeated && !isBar) return { frame, rejected: [] }
  const kept: number[] = []
  const rejected: Rejection[] = []
  for (let row = 0; row < frame.length; row++) {
    const reason = hasRepeated && last.get(keyOf(row)) !== row ? ('DUPLICATE' as const) : isBar ? wrongBar(frame, row) : undefined
    if (reason === undefined) kept.push(row)
    else rejected.push({ line: row + 1, reason, found: textOf(frame, row) })
  }
  return rejected.length === 0 ? { frame, rejected } : { frame: frameRows(frame, Uint32Array.from(kept)), rejected }
}

/** A price this far from what its turnover says was traded at, and from the prices before and after it, is a glitch of the feed. */
const GLITCH = 0.02

/**
 * Records of trades: positive numbers, no price that its turnover and its neighbours contradict, each ordinal of a stock-day once; of repeated ones the first counts. Turnover alone
 * proves nothing: feeds drop odd lots from the volume.
 */
function checkRecords(frame: Frame, codes: Labels, dates: Exclude<Column, Labels>): CheckedRows {
  const [price, volume, amount, ordinals] = ['price', 'volume', 'amount', 'seq'].map((name) => frame.columns[name])
  if ([price, volume, amount, ordinals].some((column) => column === undefined || isLabels(column))) return { frame, rejected: [] }
  const read = (column: Column | undefined, row: number) => (column as Float64Array)[row]!
  const isSameDay = (a: number, b: number) => b >= 0 && b < frame.length && codes.index[a] === codes.index[b] && dates[a] === dates[b]
  const isGlitch = (row: number) => {
    const at = read(price, row)
    const apart = [
      read(amount, row) / read(volume, row),
      ...[row - 1, row + 1].filter((other) => isSameDay(row, other)).map((other) => read(price, other)),
    ].map((other) => at / other - 1)
    return apart.every((part) => part > GLITCH) || apart.every((part) => part < -GLITCH)
  }
  const kept: number[] = []
  const rejected: Rejection[] = []
  let seen = new Set<number>()
  for (let row = 0; row < frame.length; row++) {
    if (!isSameDay(row, row - 1)) seen = new Set()
    const ordinal = read(ordinals, row)
    const isPositive = read(price, row) > 0 && read(volume, row) > 0 && read(amount, row) > 0
    const reason = seen.has(ordinal) ? ('DUPLICATE' as const) : !isPositive ? ('BAD_PRICE' as const) : isGlitch(row) ? ('BAD_VWAP' as const) : undefined
    seen.add(ordinal)
    if (reason === undefined) kept.push(row)
    else rejected.push({ line: row + 1, reason, found: textOf(frame, row) })
  }
  return rejected.length === 0 ? { frame, rejected } : { frame: frameRows(frame, Uint32Array.from(kept)), rejected }
}

/** What is missing is not judged. */
function wrongBar(frame: Frame, row: number): Rejection['reason'] | undefined {
  const read = (name: string) => (frame.columns[name] as Float64Array)[row]!
  const [open, high, low, close, vol, amount] = [read('open'), read('high'), read('low'), read('close'), read('vol'), read('amount')]
  if ([open, high, low, close].some((price) => price <= 0)) return 'BAD_PRICE'
  if (vol < 0 || amount < 0) return 'BAD_NUMBER'
  if (low > Math.min(open, close) + EPSILON || high < Math.max(open, close) - EPSILON) return 'BAD_OHLC'
  const mean = (amount * 1000) / (vol * 100)
  if (vol > 0 && (mean < low - TICK || mean > high + TICK)) return 'BAD_VWAP'
  return undefined
}

function textOf(frame: Frame, row: number): string {
  return Object.entries(frame.columns)
    .map(([name, column]) => `${name}=${isLabels(column) ? (labelAt(column, row) ?? '') : column[row]}`)
    .join(' ')
    .slice(0, 200)
}

/** What of a set of days is not there: codes and dates that other tables know of. */
export interface AbsentRow {
  readonly table: 'ods_daily' | 'ods_adj_factor'
  readonly date: number
  readonly code: string
}

/**
 * 缺行: a stock with a factor has a bar or is suspended; a stock with a bar or a suspension has a factor (spec pipeline §8.3: expected = listed − suspended). A day without any bar
 * is absent for every stock.
 */
export function absentRows(frames: {
  readonly bars: readonly Frame[]
  readonly factors: readonly Frame[]
  readonly suspended: readonly Frame[]
}): readonly AbsentRow[] {
  const keysOf = (parts: readonly Frame[], isWanted: (frame: Frame, row: number) => boolean = () => true) =>
    new Set(
      parts.flatMap((frame) => {
        const { ts_code: codes, trade_date: dates } = frame.columns
        if (codes === undefined || dates === undefined || !isLabels(codes) || isLabels(dates)) return []
        return Array.from({ length: frame.length }, (_, row) => row)
          .filter((row) => isWanted(frame, row))
          .map((row) => `${dates[row]} ${labelAt(codes, row)}`)
      }),
    )
  const isStopped = (frame: Frame, row: number) => {
    const type = frame.columns['suspend_type']
    return type !== undefined && isLabels(type) && labelAt(type, row) === 'S'
  }
  const [bars, factors, stopped] = [keysOf(frames.bars), keysOf(frames.factors), keysOf(frames.suspended, isStopped)]
  const rowOf = (table: AbsentRow['table'], key: string): AbsentRow => ({ table, date: Number(key.slice(0, 8)), code: key.slice(9) })
  return [
    ...[...factors].filter((key) => !bars.has(key) && !stopped.has(key)).map((key) => rowOf('ods_daily', key)),
    ...[...bars, ...stopped].filter((key) => !factors.has(key)).map((key) => rowOf('ods_adj_factor', key)),
  ]
}
