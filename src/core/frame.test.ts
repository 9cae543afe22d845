import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameOf, isLabels, labelAt, labels, MISSING, numbers, toLabels } from './frame.ts'

test('toLabels() and labelAt() keep every text and every absence', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string({ maxLength: 3 }), { nil: undefined })), (texts) => {
      const column = toLabels(texts)
      expect(texts.map((_, row) => labelAt(column, row))).toEqual(texts)
      expect(new Set(column.values).size).toBe(column.values.length)
    }),
  )
  expect(toLabels(['b', undefined, 'a', 'b'])).toEqual({ index: Uint32Array.of(0, MISSING, 1, 0), values: ['b', 'a'] })
})

test('frameOf() counts rows of either kind of column and refuses unequal lengths', () => {
  const frame = frameOf({ code: toLabels(['600519.SH', '000001.SZ']), close: Float64Array.of(1, 2) })
  expect(frame.length).toBe(2)
  expect(frameOf({}).length).toBe(0)
  expect(() => frameOf({ a: new Float64Array(2), b: toLabels(['x']) })).toThrow('Cannot build a frame: columns must be equally long, "b" has 1 rows, "a" has 2')
})

test('numbers() and labels() hand out the column asked for and name what is there when it is not', () => {
  const frame = frameOf({ code: toLabels(['600519.SH']), close: Float64Array.of(1) })
  expect(numbers(frame, 'close')).toEqual(Float64Array.of(1))
  expect(isLabels(labels(frame, 'code'))).toBe(true)
  expect(() => numbers(frame, 'code')).toThrow('the frame has code (text), close (Float64Array)')
  expect(() => numbers(frame, 'open')).toThrow(TypeError)
  expect(() => labels(frame, 'close')).toThrow(TypeError)
})
