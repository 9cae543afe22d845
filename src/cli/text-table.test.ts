import { expect, test } from 'vitest'
import { clip, textTable, widthOf } from './text-table.ts'

test('widthOf() counts Chinese as two columns', () => {
  expect(widthOf('贵州茅台')).toBe(8)
  expect(widthOf('ST华微 A')).toBe(8)
})

test('textTable() aligns numbers right, text left and Chinese by columns', () => {
  expect(
    textTable(
      ['name', 'rows'],
      [
        ['日频行情', 5],
        ['x', 1200],
        ['y', null],
      ],
    ),
  ).toBe(['name      rows', '────────  ────', '日频行情     5', 'x         1200', 'y            –'].join('\n'))
})

test('clip() never cuts a wide character in half', () => {
  expect(clip('贵州茅台', 5)).toBe('贵州…')
  expect(clip('abc', 3)).toBe('abc')
})
