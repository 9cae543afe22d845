import { expect, test } from 'vitest'
import { keepCursor, moveCursor } from './table-cursor.ts'

const keys = ['a', 'b', 'c']

test('moveCursor() steps and stops at both ends', () => {
  expect(moveCursor(keys, 'a', 1)).toBe('b')
  expect(moveCursor(keys, 'b', 10)).toBe('c')
  expect(moveCursor(keys, 'b', -10)).toBe('a')
})

test('moveCursor() enters from nowhere at the end it comes from', () => {
  expect(moveCursor(keys, undefined, 1)).toBe('a')
  expect(moveCursor(keys, undefined, -1)).toBe('c')
  expect(moveCursor(keys, 'gone', 1)).toBe('a')
  expect(moveCursor([], 'a', 1)).toBeUndefined()
})

test('keepCursor() stays on the stock when the order changes, and on the place when the stock goes', () => {
  expect(keepCursor(keys, ['c', 'b', 'a'], 'b')).toBe('b')
  expect(keepCursor(keys, ['a', 'c'], 'b')).toBe('c')
  expect(keepCursor(keys, ['a', 'b'], 'c')).toBe('b')
  expect(keepCursor(keys, [], 'c')).toBeUndefined()
})
