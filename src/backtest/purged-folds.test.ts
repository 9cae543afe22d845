import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backtestPaths, combinatorialFolds, purgedFolds } from './purged-folds.ts'

const spansOf = (lengths: number[]) => ({ from: Int32Array.from(lengths.keys()), to: Int32Array.from(lengths, (length, i) => i + length) })

test('purgedFolds() by hand: ten labels of two days, five groups, embargo one', () => {
  const folds = purgedFolds(spansOf(Array.from({ length: 10 }, () => 2)), 5, 1)
  // Test 4 and 5 look at 4 to 7: labels 2 and 3 end inside, 6 and 7 begin inside, 8 is embargoed.
  expect([...folds[2]!.test]).toEqual([4, 5])
  expect([...folds[2]!.train]).toEqual([0, 1, 9])
})

test('combinatorialFolds() never let a training label touch a test label, and lose nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 6, maxLength: 40 }), fc.integer({ min: 0, max: 4 }), (lengths, embargo) => {
      const spans = spansOf(lengths)
      const folds = combinatorialFolds(spans, 6, 2, embargo)
      expect(folds).toHaveLength(15)
      for (const { train, test } of folds)
        for (const i of train) for (const j of test) expect(spans.to[i]! < spans.from[j]! || spans.from[i]! > spans.to[j]!).toBe(true)
      if (lengths.every((length) => length === 0) && embargo === 0) for (const { train, test } of folds) expect(train.length + test.length).toBe(lengths.length)
    }),
  )
})

test('backtestPaths() of 6 groups by 2 are 5 paths that use every fold-group once', () => {
  const folds = combinatorialFolds(spansOf(Array.from({ length: 12 }, () => 0)), 6, 2, 0)
  const paths = backtestPaths(folds, 6)
  expect(paths).toHaveLength(5)
  const used = new Set(paths.flatMap((path) => path.map((fold, group) => `${fold}:${group}`)))
  expect(used.size).toBe(30)
  for (const path of paths) path.forEach((fold, group) => expect(folds[fold]!.testGroups).toContain(group))
})

test('purgedFolds() refuses what cannot be folded', () => {
  expect(() => purgedFolds(spansOf([1, 1]), 3, 0)).toThrow('Cannot fold')
  expect(() => purgedFolds({ from: Int32Array.of(3, 1), to: Int32Array.of(4, 2) }, 2, 0)).toThrow('spans must be ordered')
})
