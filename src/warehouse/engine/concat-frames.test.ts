import { expect, test } from 'vitest'
import { frameOf, labelAt, labels, toLabels } from '#core/frame.ts'
import { concatFrames } from './concat-frames.ts'

test('concatFrames() joins numbers of one kind and merges dictionaries', () => {
  const a = frameOf({ n: Int32Array.of(1, 2), c: toLabels(['x', undefined]) })
  const b = frameOf({ n: Int32Array.of(3), c: toLabels(['y']) })
  const c = frameOf({ n: Int32Array.of(4, 5), c: toLabels(['y', 'x']) })
  const joined = concatFrames([a, b, c])
  expect(joined.columns['n']).toEqual(Int32Array.of(1, 2, 3, 4, 5))
  const text = labels(joined, 'c')
  expect([0, 1, 2, 3, 4].map((row) => labelAt(text, row))).toEqual(['x', undefined, 'y', 'y', 'x'])
  expect(text.values).toEqual(['x', 'y'])
  expect(concatFrames([])).toEqual({ length: 0, columns: {} })
  expect(concatFrames([a])).toBe(a)
})
