import { expect, test } from 'vitest'
import { readCode } from './code.ts'
import { marketOf, readSymbol } from './symbol.ts'

test('readSymbol() reads every market, in any case, and Hong Kong with its zeros', () => {
  expect(['00700.hk', '700.HK', 'aapl.us', 'BRK.B.US', 'btcusdt', '600519.sh', 'sz000001', '600519'].map(readSymbol)).toEqual([
    '700.HK',
    '700.HK',
    'AAPL.US',
    'BRK.B.US',
    'BTCUSDT',
    '600519.SH',
    '000001.SZ',
    '600519.SH',
  ])
})

test('readSymbol() refuses what is no symbol, and readCode() every foreign one', () => {
  for (const text of ['', '.HK', '0.HK', '123456.HK', '1A.US', 'TOOLONGNAME.US', 'USDT', 'AAPL', '60051.SH', "A'.US"])
    expect(() => readSymbol(text), text).toThrow(/^Cannot read a symbol: .*700.HK/)
  for (const text of ['700.HK', 'AAPL.US', 'BTCUSDT']) expect(() => readCode(text)).toThrow(RangeError)
})

test('marketOf() tells the market by the form of a symbol', () => {
  expect(['700.HK', 'AAPL.US', 'BTCUSDT', 'SOLUSDC', '600519.SH', '920001.BJ', '000985.CSI'].map(marketOf)).toEqual([
    'hk',
    'us',
    'crypto',
    'crypto',
    'cn',
    'cn',
    'cn',
  ])
})
