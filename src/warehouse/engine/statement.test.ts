import { expect, test } from 'vitest'
import { checkStatement } from './statement.ts'

test('checkStatement() takes one statement, without its semicolon, and the parameters it has holes for', () => {
  expect(checkStatement(" select {a:UInt32}, '{b:String}', `{c:x}` -- {d:y}\n ; ", { a: 1, unused: 2 })).toEqual({
    query: "select {a:UInt32}, '{b:String}', `{c:x}` -- {d:y}",
    params: { a: 1 },
  })
  expect(checkStatement('select {a:Nullable(String)}', { a: null }).params).toEqual({ a: null })
})

test('checkStatement() refuses what would outlive the call or differ between engines', () => {
  for (const [sql, found] of [
    ['', 'it is empty'],
    ['select 1; select 2', 'only one at a time'],
    ['SET x = 1', 'SET would outlive the call'],
    ['/* */ use fupan', 'USE would outlive the call'],
    ['select {from:UInt32}, {to:UInt32}', 'found none for from, to'],
    ["select 'x", 'a quote that is not closed at position 7'],
  ] as const)
    expect(() => checkStatement(sql), sql).toThrow(found)
})
