import { expect, test } from 'vitest'
import { frameOf, labelAt, MISSING, toLabels, type Labels } from '#core/frame.ts'
import { Gathering } from './gathering.ts'

test('Gathering stacks pieces per table, joins their dictionaries and forgets what it gave', () => {
  const piece = (codes: (string | undefined)[], close: number[], line: number) => ({
    frames: [{ table: 'ods_daily', frame: frameOf({ ts_code: toLabels(codes), close: Float64Array.from(close) }) }],
    rejected: [{ line, reason: 'BAD_PRICE' as const, found: '' }],
    rowsRead: close.length + 1,
  })
  const gathering = new Gathering()
  gathering.add(piece(['a', 'b'], [1, 2], 4))
  gathering.add(piece(['b', undefined, 'c'], [3, 4, 5], 9))
  expect(gathering.rowsRead).toBe(7)
  const { frames, rejected, rowsRead } = gathering.take()
  expect(rowsRead).toBe(7)
  expect(rejected.map(({ line }) => line)).toEqual([4, 9])
  expect(frames).toHaveLength(1)
  const { frame } = frames[0]!
  const codes = frame.columns['ts_code'] as Labels
  expect([...codes.index].map((_, row) => labelAt(codes, row))).toEqual(['a', 'b', 'b', undefined, 'c'])
  expect(codes.values).toEqual(['a', 'b', 'c'])
  expect(codes.index[3]).toBe(MISSING)
  expect([...(frame.columns['close'] as Float64Array)]).toEqual([1, 2, 3, 4, 5])
  expect(gathering.take()).toEqual({ frames: [], rejected: [], rowsRead: 0 })
})
