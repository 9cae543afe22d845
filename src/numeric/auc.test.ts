import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auc, precisionRecall } from './auc.ts'

test('auc() equals comparing every positive with every negative', () => {
  const sample = fc.tuple(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(NaN)), fc.integer({ min: 0, max: 1 }))
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 20 }), (rows) => {
      const known = rows.filter(([score]) => !Number.isNaN(score))
      const pairs = known.flatMap(([high, p]) => (p === 1 ? known.flatMap(([low, n]) => (n === 0 ? [high > low ? 1 : high === low ? 0.5 : 0] : [])) : []))
      const expected = pairs.reduce<number>((sum, x) => sum + x, 0) / pairs.length
      const found = auc(
        Float64Array.from(rows, ([score]) => score),
        Uint8Array.from(rows, ([, p]) => p),
      )
      if (pairs.length === 0) expect(found).toBeNaN()
      else expect(found).toBeCloseTo(expected, 12)
    }),
  )
})

test('precisionRecall() counts what a threshold calls', () => {
  const quality = precisionRecall(Float64Array.of(0.9, 0.8, 0.4, 0.2, NaN), Uint8Array.of(1, 0, 1, 0, 1), 0.5)
  expect(quality).toEqual({ truePositives: 1, falsePositives: 1, falseNegatives: 1, trueNegatives: 1, precision: 0.5, recall: 0.5 })
  expect(precisionRecall(Float64Array.of(0.1), Uint8Array.of(0), 0.5)).toMatchObject({ precision: NaN, recall: NaN })
  expect(() => auc(Float64Array.of(1), new Uint8Array(2))).toThrow('Cannot compare')
})
