/** How many terminal columns a text takes: East Asian wide and full-width characters take two (Unicode UAX #11), combining marks none. */
export function widthOf(text: string): number {
  let width = 0
  for (const char of text) {
    const point = char.codePointAt(0)!
    if (point < 32 || (point >= 0x300 && point <= 0x36f)) continue
    width += isWide(point) ? 2 : 1
  }
  return width
}

function isWide(point: number): boolean {
  return (
    (point >= 0x1100 && point <= 0x115f) ||
    (point >= 0x2e80 && point <= 0x303e) ||
    (point >= 0x3041 && point <= 0xa4cf) ||
    (point >= 0xac00 && point <= 0xd7a3) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    (point >= 0xfe30 && point <= 0xfe6f) ||
    (point >= 0xff00 && point <= 0xff60) ||
    (point >= 0xffe0 && point <= 0xffe6) ||
    (point >= 0x1f300 && point <= 0x1faff) ||
    (point >= 0x20000 && point <= 0x3fffd)
  )
}

/** Cut a text to `width` columns, the last one an ellipsis when something was cut. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  for (const char of text) {
    if (widthOf(kept) + widthOf(char) > width - 1) break
    kept += char
  }
  return `${kept}…`
}

/** What a cell of a text table may hold. */
export type Cell = string | number | boolean | null | undefined

/** Rows as aligned text: numbers to the right, everything else to the left; `null` shows as –. */
export function textTable(header: readonly string[], rows: readonly (readonly Cell[])[], maxColumn = 60): string {
  const cells = rows.map((row) => row.map((cell) => clip(cell === null || cell === undefined ? '–' : String(cell).replaceAll(/[\r\n\t]+/g, ' '), maxColumn)))
  const widths = header.map((name, i) => Math.max(widthOf(name), ...cells.map((row) => widthOf(row[i] ?? ''))))
  const isNumeric = header.map(
    (_, i) =>
      rows.length > 0 &&
      rows.every((row) => row[i] === null || typeof row[i] === 'number' || (typeof row[i] === 'string' && /^-?[\d,]+(?:\.\d+)?%?$/.test(row[i]))),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isNumeric[i] === true ? ' '.repeat(widths[i]! - widthOf(cell)) + cell : cell + ' '.repeat(widths[i]! - widthOf(cell))))
      .join('  ')
      .trimEnd()
  return [line(header), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)].join('\n')
}
