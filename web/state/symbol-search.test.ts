import { expect, test } from 'vitest'
import type { SymbolRow } from '../api.ts'
import { searchEntries, searchSymbols } from './symbol-search.ts'

const row = (code: string, name: string, pinyin: string): SymbolRow => ({ code, name, pinyin, board: 'main', industry: '' })

const entries = searchEntries([
  row('600519.SH', '贵州茅台', 'gzmt'),
  row('000001.SZ', '平安银行', 'payh'),
  row('601318.SH', '中国平安', 'zgpa'),
  row('002594.SZ', '比亚迪', 'byd'),
  row('600036.SH', '招商银行', 'zsyh'),
  row('300750.SZ', '宁德时代', 'ndsd'),
])
const codes = (text: string, limit = 10) => searchSymbols(entries, text, limit).map(({ code }) => code)

test('searchSymbols() finds by code, name and pinyin initials, whatever the case', () => {
  expect(codes('600519')).toEqual(['600519.SH'])
  expect(codes('GZMT')).toEqual(['600519.SH'])
  expect(codes('比亚')).toEqual(['002594.SZ'])
  expect(codes('000001.sz')).toEqual(['000001.SZ'])
})

test('searchSymbols() puts the beginning before the middle, and breaks ties by code', () => {
  expect(codes('pa')).toEqual(['000001.SZ', '601318.SH'])
  expect(codes('平安')).toEqual(['000001.SZ', '601318.SH'])
  expect(codes('600')).toEqual(['600036.SH', '600519.SH'])
  expect(codes('银行')).toEqual(['000001.SZ', '600036.SH'])
  expect(codes('519')).toEqual(['600519.SH'])
})

test('searchSymbols() stops at the limit and finds nothing for an empty text', () => {
  expect(codes('6', 1)).toEqual(['600036.SH'])
  expect(codes('  ')).toEqual([])
  expect(codes('qqqq')).toEqual([])
})

test('searchSymbols() answers a keystroke over 5,400 stocks well within 50 ms', () => {
  const many = searchEntries(Array.from({ length: 5400 }, (_, i) => row(`${String(i * 37).padStart(6, '0')}.SZ`, `股票${i}`, `gp${(i % 26) + 10}`)))
  const took = ['g', 'gp1', '股', '00', '7', 'gp', '票5', 'zz'].map((text) => {
    const from = performance.now()
    searchSymbols(many, text, 40)
    return performance.now() - from
  })
  expect(Math.min(...took)).toBeLessThan(50)
  // The median, not the worst: another process may take the core for one of them.
  expect(took.toSorted((a, b) => a - b)[4]).toBeLessThan(50)
})
