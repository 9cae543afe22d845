import { expect, test } from 'vitest'
import { boardOf, exchangeOf, isFundCode, readCode } from './code.ts'

test.each([
  ['600519.SH', '600519.SH'],
  ['sh.600519', '600519.SH'],
  ['sh600519', '600519.SH'],
  ['600519.XSHG', '600519.SH'],
  ['000001.XSHE', '000001.SZ'],
  [' 000001.sz ', '000001.SZ'],
  ['000001.SH', '000001.SH'],
  ['1', '000001.SZ'],
  ['300750', '300750.SZ'],
  ['688981', '688981.SH'],
  ['920047', '920047.BJ'],
  ['830799', '830799.BJ'],
  ['510300', '510300.SH'],
  ['501018', '501018.SH'],
  ['159915', '159915.SZ'],
])('readCode() reads %s as %s', (text, code) => expect(readCode(text)).toBe(code))

test('readCode() refuses what it cannot place', () => {
  for (const bad of ['', 'AAPL', '6005190', '600519.HK', '700000', '999999', 'sh60051', '600519SH'])
    expect(() => readCode(bad), bad).toThrow(/^Cannot read a security code/)
})

test('boardOf() and exchangeOf() follow the number ranges', () => {
  const boards = [
    '600000.SH',
    '605499.SH',
    '688001.SH',
    '689009.SH',
    '000001.SZ',
    '003816.SZ',
    '300001.SZ',
    '301001.SZ',
    '302132.SZ',
    '920047.BJ',
    '430047.BJ',
  ].map((text) => boardOf(readCode(text)))
  expect(boards).toEqual(['main', 'main', 'star', 'star', 'main', 'main', 'chinext', 'chinext', 'chinext', 'bse', 'bse'])
  expect(exchangeOf(readCode('920047'))).toBe('BJ')
})

test('isFundCode() knows exchange-traded funds from stocks', () => {
  expect(['510300.SH', '588000.SH', '159915.SZ', '162411.SZ', '180101.SZ'].every((text) => isFundCode(readCode(text)))).toBe(true)
  expect(['600519.SH', '000001.SZ', '300750.SZ', '128136.SZ', '920047.BJ'].some((text) => isFundCode(readCode(text)))).toBe(false)
})
