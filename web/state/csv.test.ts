import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'

test('toCsv() quotes what needs it and leaves the unknown empty', () => {
  expect(
    toCsv(
      ['code', 'name', 'net'],
      [
        ['600519.SH', 'a "b", c', 1.5e8],
        ['000001.SZ', '平安\n银行', null],
        ['x', undefined, NaN],
      ],
    ),
  ).toBe('\ufeffcode,name,net\r\n600519.SH,"a ""b"", c",150000000\r\n000001.SZ,"平安\n银行",\r\nx,,\r\n')
})

test('toCsv() never hands a spreadsheet a formula, and leaves negative numbers numbers', () => {
  expect(toCsv(['a'], [['=1+1'], ['-cmd'], [-3]])).toBe("\ufeffa\r\n'=1+1\r\n'-cmd\r\n-3\r\n")
})
