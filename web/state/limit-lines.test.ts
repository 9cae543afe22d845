import { expect, test } from 'vitest'
import { limitLines } from './limit-lines.ts'

const facts = { code: '600519.SH', name: '贵州茅台', board: 'main', date: 20260105, previousClose: 10.05 }

test('limitLines() rounds half up to the tick: ten percent of 10.05 is 11.06 and 9.05', () => {
  expect(limitLines(facts)).toEqual({ up: 11.06, down: 9.05 })
})

test('limitLines() knows ST by its name and the wide boards by theirs', () => {
  expect(limitLines({ ...facts, name: '*ST 某某', previousClose: 10 })).toEqual({ up: 10.5, down: 9.5 })
  expect(limitLines({ ...facts, code: '300750.SZ', board: 'chinext', previousClose: 10 })).toEqual({ up: 12, down: 8 })
})

test('limitLines() draws none for a new listing and without a previous close', () => {
  expect(limitLines(facts, 2)).toBeUndefined()
  expect(limitLines({ ...facts, previousClose: null })).toBeUndefined()
  expect(limitLines({ ...facts, board: 'elsewhere' })).toBeUndefined()
})
