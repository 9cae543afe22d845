import { expect, test } from 'vitest'
import { readPageSearch, readSort, writeSort } from './page-search.ts'

test('readPageSearch() takes what it understands and drops the rest', () => {
  expect(readPageSearch({ date: 20260105, sort: 'bigNetSum.desc', adjust: 'hfq', open: '600519.SH', board: 'star', only: 'selected', other: 1 })).toEqual({
    date: 20260105,
    sort: 'bigNetSum.desc',
    adjust: 'hfq',
    open: '600519.SH',
    board: 'star',
    only: 'selected',
  })
  expect(readPageSearch({ date: '2026', sort: 'x; drop', adjust: 'both', open: 'abc', board: '<b>', only: 'all' })).toEqual({})
  expect(readPageSearch({ date: '20260105' })).toEqual({ date: 20260105 })
})

test('readSort() is the inverse of writeSort() for known columns, and the default for others', () => {
  const otherwise = { id: 'rank', desc: false }
  expect(readSort(writeSort({ id: 'close', desc: true }), ['rank', 'close'], otherwise)).toEqual({ id: 'close', desc: true })
  expect(readSort('nope.desc', ['rank'], otherwise)).toBe(otherwise)
  expect(readSort(undefined, ['rank'], otherwise)).toBe(otherwise)
})

test('readPageSearch() keeps an interval it knows, telling minutes from months', () => {
  expect(readPageSearch({ interval: '1M' })).toEqual({ interval: '1M' })
  expect(readPageSearch({ interval: '5m' })).toEqual({ interval: '5m' })
  expect(readPageSearch({ interval: '7m' })).toEqual({})
})
