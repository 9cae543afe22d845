import { isWithin, median, type Measurement } from './bench.ts'

/** The table that `npm run bench` prints: one line per measurement. */
export function reportTable(measured: readonly (Measurement & { readonly bench: string })[]): string {
  const head = ['bench', 'measured', 'median', 'min … max', 'budget', 'of budget', 'baseline', 'times', 'peak RSS', '', 'note']
  const lines = [head, ...measured.map(cellsOf)]
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)))
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => (column < 2 || column > 8 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cellsOf(measurement: Measurement & { readonly bench: string }): string[] {
  const { bench, name, unit, readings, budget, baseline, memory, note } = measurement
  const middle = median(readings)
  const isRate = unit === 'per s'
  const plain = baseline === undefined ? undefined : median(baseline.readings)
  const judged = budget !== undefined || memory?.budget !== undefined
  return [
    bench,
    name,
    `${short(middle)} ${unit}`,
    readings.length === 1 ? '' : `${short(Math.min(...readings))} … ${short(Math.max(...readings))}`,
    budget === undefined ? '' : `${isRate ? '≥' : '≤'} ${short(budget)} ${unit}`,
    budget === undefined ? '' : `${Math.round((isRate ? budget / middle : middle / budget) * 100)} %`,
    plain === undefined ? '' : `${short(plain)} ${unit} ${baseline!.name}`,
    plain === undefined ? '' : `${(isRate ? plain / middle : middle / plain).toFixed(2)}×`,
    memory === undefined ? '' : `${gigabytes(memory.peak)}${memory.budget === undefined ? '' : ` < ${gigabytes(memory.budget)}`}`,
    !judged ? '' : isWithin(measurement) ? 'ok' : 'OVER',
    note ?? '',
  ]
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`
}

function short(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
