/** A cell of an exported table; what is not known is an empty cell. */
export type CsvCell = string | number | null | undefined

/**
 * Comma-separated text (RFC 4180) that spreadsheets open as it is: it begins with a byte order mark so that Chinese is read as UTF-8,
 * and numbers keep full precision. A text that a spreadsheet would run as a formula is kept a text by a leading apostrophe.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `\ufeff${[header, ...rows].map((row) => row.map(cellText).join(',')).join('\r\n')}\r\n`
}

function cellText(cell: CsvCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
