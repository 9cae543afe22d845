/** Cells of consecutive records, column by column, and what was left over. */
export interface Split {
  /** One array per column, all equally long. */
  readonly columns: string[][]
  /** 1-based line of the file on which each record begins. */
  readonly line: number[]
  /** Records with another number of cells than the header. */
  readonly odd: { readonly line: number; readonly text: string }[]
  /** The unfinished record at the end: text that belongs before the next piece. Empty when `last`. */
  readonly rest: string
  /** The line on which `rest` begins. */
  readonly nextLine: number
}

const COMMA = 44
const NEWLINE = 10
const RETURN = 13
const QUOTE = 34

/**
 * Split comma-separated text (RFC 4180: quoted cells, doubled quotes, CRLF or LF) into `width` columns. Empty lines are no records.
 * `last` says that no more text follows, so that a record without a line end is complete. Throws SyntaxError with the line of a quote that never closes.
 */
export function splitCells(text: string, width: number, firstLine: number, last: boolean): Split {
  return text.includes('"') ? splitQuoted(text, width, firstLine, last) : splitPlain(text, width, firstLine, last)
}

/** One record as cells; for the header. */
export function splitRecord(record: string): string[] {
  const cells: string[] = []
  let at = 0
  for (;;) {
    const { cell, end } = readCell(record, at)
    cells.push(cell)
    if (end >= record.length) return cells
    at = end + 1
  }
}

function splitPlain(text: string, width: number, firstLine: number, last: boolean): Split {
  const columns = emptyColumns(width)
  const line: number[] = []
  const odd: { line: number; text: string }[] = []
  const end = last ? text.length : text.lastIndexOf('\n') + 1
  let lineNumber = firstLine
  let start = 0
  let at = 0
  let cell = 0
  let begin = 0
  let row = 0
  while (at < end || begin < end) {
    const char = at < end ? text.charCodeAt(at) : NEWLINE
    if (char === COMMA) {
      if (cell < width) columns[cell]![row] = text.slice(start, at)
      cell++
      start = ++at
    } else if (char === NEWLINE) {
      const stop = at > start && text.charCodeAt(at - 1) === RETURN ? at - 1 : at
      const isBlank = cell === 0 && stop === start
      if (!isBlank) {
        if (cell === width - 1) {
          columns[cell]![row++] = text.slice(start, stop)
          line.push(lineNumber)
        } else odd.push({ line: lineNumber, text: text.slice(begin, stop) })
      }
      lineNumber++
      cell = 0
      begin = start = ++at
    } else at++
  }
  for (const column of columns) column.length = row
  return { columns, line, odd, rest: text.slice(end), nextLine: lineNumber }
}

function splitQuoted(text: string, width: number, firstLine: number, last: boolean): Split {
  const columns = emptyColumns(width)
  const line: number[] = []
  const odd: { line: number; text: string }[] = []
  let lineNumber = firstLine
  let at = 0
  while (at < text.length) {
    const begin = at
    const cells: string[] = []
    let isOpen = false
    for (;;) {
      const { cell, end, closed } = readCell(text, at)
      cells.push(cell)
      at = end + 1
      if (!closed || end >= text.length) {
        isOpen = !last || !closed
        break
      }
      if (text.charCodeAt(end) !== COMMA) break
    }
    if (isOpen) {
      if (last) throw new SyntaxError(`a quoted cell that begins on line ${lineNumber} never closes`)
      return { columns, line, odd, rest: text.slice(begin), nextLine: lineNumber }
    }
    const record = text.slice(begin, Math.min(at, text.length)).replace(/\r?\n$/, '')
    if (record !== '') {
      if (cells.length === width) {
        for (let i = 0; i < width; i++) columns[i]!.push(cells[i]!)
        line.push(lineNumber)
      } else odd.push({ line: lineNumber, text: record })
    }
    lineNumber += countNewlines(record) + 1
  }
  return { columns, line, odd, rest: '', nextLine: lineNumber }
}

/** One cell from `at`; `end` is the comma, the newline or the end of text after it. `closed` is false when the text ends inside quotes. */
function readCell(text: string, at: number): { cell: string; end: number; closed: boolean } {
  if (text.charCodeAt(at) !== QUOTE) {
    const end = endOfPlain(text, at)
    return { cell: text.slice(at, withoutReturn(text, at, end)), end, closed: true }
  }
  let cell = ''
  let from = at + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) return { cell: cell + text.slice(from), end: text.length, closed: false }
    cell += text.slice(from, quote)
    if (text.charCodeAt(quote + 1) !== QUOTE) {
      // Whatever stands between the closing quote and the separator is kept: vendors write "1",2 and sometimes "a"b.
      const end = endOfPlain(text, quote + 1)
      return { cell: cell + text.slice(quote + 1, withoutReturn(text, quote + 1, end)), end, closed: true }
    }
    cell += '"'
    from = quote + 2
  }
}

function endOfPlain(text: string, from: number): number {
  let end = from
  while (end < text.length) {
    const char = text.charCodeAt(end)
    if (char === COMMA || char === NEWLINE) break
    end++
  }
  return end
}

function withoutReturn(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === RETURN && (end === text.length || text.charCodeAt(end) === NEWLINE) ? end - 1 : end
}

function emptyColumns(width: number): string[][] {
  return Array.from({ length: width }, () => [])
}

function countNewlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}
