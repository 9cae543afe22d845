import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitCells, splitRecord } from './split-cells.ts'

const cell = fc.oneof(fc.string({ maxLength: 6 }), fc.stringMatching(/^[",\r\n a1茅]{0,5}$/))
const rowsOf = (width: number) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 })

/** The inverse of splitting: every cell that needs quotes gets them; a lone empty cell does too, because an empty line is no record. */
function joined(rows: readonly (readonly string[])[], lineEnd: string): string {
  const quoted = (text: string, alone: boolean) => (/[",\r\n]/.test(text) || (alone && text === '') ? `"${text.replaceAll('"', '""')}"` : text)
  return rows.map((cells) => cells.map((each) => quoted(each, cells.length === 1)).join(',') + lineEnd).join('')
}

function rowsIn(columns: readonly (readonly string[])[]): string[][] {
  return columns[0]!.map((_, row) => columns.map((cells) => cells[row]!))
}

test('splitCells() gives back any cells that were joined, with LF and with CRLF', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }).chain((width) => rowsOf(width)),
      fc.constantFrom('\n', '\r\n'),
      (rows, lineEnd) => {
        const split = splitCells(joined(rows, lineEnd), rows[0]!.length, 2, true)
        expect(split.odd).toEqual([])
        expect(rowsIn(split.columns)).toEqual(rows)
      },
    ),
  )
})

test('splitCells() in two pieces, cut anywhere, equals splitting at once, line numbers included', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }).chain((width) => rowsOf(width)),
      fc.nat(),
      (rows, at) => {
        const text = joined(rows, '\n')
        const width = rows[0]!.length
        const whole = splitCells(text, width, 2, true)
        const cut = at % (text.length + 1)
        const first = splitCells(text.slice(0, cut), width, 2, false)
        const second = splitCells(first.rest + text.slice(cut), width, first.nextLine, true)
        expect([...rowsIn(first.columns), ...rowsIn(second.columns)]).toEqual(rowsIn(whole.columns))
        expect([...first.line, ...second.line]).toEqual(whole.line)
      },
    ),
  )
})

test('splitCells() sets records with another number of cells aside, with their line', () => {
  const split = splitCells('1,2\n3\n4,5,6\n\n7,8', 2, 2, true)
  expect(split.columns).toEqual([
    ['1', '7'],
    ['2', '8'],
  ])
  expect(split.line).toEqual([2, 6])
  expect(split.odd).toEqual([
    { line: 3, text: '3' },
    { line: 4, text: '4,5,6' },
  ])
})

test('splitCells() counts the lines inside quoted cells', () => {
  const split = splitCells('"a\nb",1\nc,"2 ""x"""\n', 2, 2, true)
  expect(split.columns).toEqual([
    ['a\nb', 'c'],
    ['1', '2 "x"'],
  ])
  expect(split.line).toEqual([2, 4])
})

test('splitCells() keeps a last record without a line end only when the text is over', () => {
  expect(splitCells('1,2\n3,4', 2, 2, false)).toMatchObject({ columns: [['1'], ['2']], rest: '3,4', nextLine: 3 })
  expect(splitCells('1,2\n3,4', 2, 2, true)).toMatchObject({
    columns: [
      ['1', '3'],
      ['2', '4'],
    ],
    rest: '',
  })
  expect(splitCells('1,2\n3,', 2, 2, true).columns).toEqual([
    ['1', '3'],
    ['2', ''],
  ])
})

test('splitCells() names the line of a quote that never closes', () => {
  expect(() => splitCells('1,2\n3,"4\n5,6\n', 2, 2, true)).toThrow('begins on line 3')
})

test('splitRecord() splits a header line', () => {
  expect(splitRecord(',open,"a,b",')).toEqual(['', 'open', 'a,b', ''])
})
