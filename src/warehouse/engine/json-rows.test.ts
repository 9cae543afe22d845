import { expect, test } from 'vitest'
import { parseRows } from './json-rows.ts'

test('parseRows() reads rows, and refuses whole numbers a double cannot hold', () => {
  expect(parseRows('')).toEqual([])
  expect(parseRows('{"a":1,"b":null}\n{"a":2.5,"b":"x\\ny"}\n')).toEqual([
    { a: 1, b: null },
    { a: 2.5, b: 'x\ny' },
  ])
  expect(parseRows('{"a":9007199254740991,"t":"12345678901234567890","f":0.12345678901234567890,"e":1e300}')).toHaveLength(1)
  expect(() => parseRows('{"a":1}\n{"a":[{"deep":-9007199254740993}]}')).toThrow('Cannot read rows: column "deep" holds the whole number -9007199254740993')
})
