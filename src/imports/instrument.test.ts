import { expect, test } from 'vitest'
import { codeFrom, instrumentOf, isIndex } from './instrument.ts'

test('instrumentOf() tells stocks, indices, funds and bonds by number and exchange', () => {
  const cases = {
    '600519.SH': 'stock',
    '900901.SH': 'stock',
    '000001.SZ': 'stock',
    '200002.SZ': 'stock',
    '301269.SZ': 'stock',
    '920047.BJ': 'stock',
    '430047.BJ': 'stock',
    '000001.SH': 'index',
    '000300.SH': 'index',
    '399001.SZ': 'index',
    '899050.BJ': 'index',
    '510300.SH': 'fund',
    '159915.SZ': 'fund',
    '110059.SH': 'bond',
    '123001.SZ': 'bond',
  }
  for (const [code, instrument] of Object.entries(cases)) expect(instrumentOf(codeFrom(code)!), code).toBe(instrument)
})

test('codeFrom() strips blanks inside a code, knows index publishers and refuses words', () => {
  expect(codeFrom('510050 .SH')).toBe('510050.SH')
  expect(codeFrom('000985.csi')).toBe('000985.CSI')
  expect(isIndex(codeFrom('000985.CSI')!)).toBe(true)
  expect(codeFrom('sh.600000')).toBe('600000.SH')
  for (const text of ['', 'AAPL', '60051', '6005190.SH', '600519.NY', '990000']) expect(codeFrom(text), text).toBeUndefined()
})
