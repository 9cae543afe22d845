import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'

/** What a function makes of each row, its stock and its trade date. */
export function eachRow<T>(frame: Frame, make: (row: number, code: string, date: number) => T): readonly T[] {
  const [date, code] = [numbers(frame, 'trade_date'), labels(frame, 'ts_code')]
  return Array.from({ length: frame.length }, (_, row) => make(row, labelAt(code, row)!, date[row]!))
}
