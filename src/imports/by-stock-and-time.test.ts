import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toLabels } from '#core/frame.ts'
import { byStockAndTime } from './by-stock-and-time.ts'

function ordered(codes: readonly string[], at: readonly number[]) {
  const all = Uint32Array.from(codes, (_, i) => i)
  const { rows, seq } = byStockAndTime(all, new Uint32Array(codes.length).fill(20260105), toLabels(codes), Float64Array.from(at))
  return { rows: [...rows], seq: [...seq] }
}

test('byStockAndTime() turns a newest-first file round, rows of one instant included', () => {
  expect(ordered(['a', 'a', 'a', 'a'], [30, 20, 20, 10])).toEqual({ rows: [3, 2, 1, 0], seq: [0, 1, 2, 3] })
})

test('byStockAndTime() keeps the order of rows of one instant in an oldest-first file', () => {
  expect(ordered(['a', 'a', 'a'], [10, 10, 20])).toEqual({ rows: [0, 1, 2], seq: [0, 1, 2] })
})

test('byStockAndTime() counts from 0 within each stock', () => {
  expect(ordered(['a', 'b', 'a', 'b'], [10, 10, 20, 20])).toEqual({ rows: [0, 2, 1, 3], seq: [0, 1, 0, 1] })
})

test('byStockAndTime() equals a slow sort of a file that is mostly in order', () => {
  const tick = fc.record({ code: fc.constantFrom('a', 'b', 'c'), at: fc.nat(50) })
  fc.assert(
    fc.property(fc.array(tick, { maxLength: 30 }), (ticks) => {
      const inOrder = ticks.toSorted((x, y) => x.at - y.at)
      const codes = [...new Set(inOrder.map(({ code }) => code))]
      const expected = inOrder.map((each, i) => ({ ...each, i })).toSorted((x, y) => codes.indexOf(x.code) - codes.indexOf(y.code) || x.at - y.at || x.i - y.i)
      expect(
        ordered(
          inOrder.map(({ code }) => code),
          inOrder.map(({ at }) => at),
        ).rows,
      ).toEqual(expected.map(({ i }) => i))
    }),
  )
})
