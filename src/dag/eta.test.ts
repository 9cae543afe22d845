import { expect, test } from 'vitest'
import { medianOf, remainingMs } from './eta.ts'
import { Rig, task } from './test-rig.ts'

// ods --> a --> c,  ods --> b
const rig = new Rig([task('ods', [], { given: true }), task('a', ['ods']), task('b', ['ods']), task('c', ['a'])], [20260105, 20260106])
rig.states.arrive('ods', 20260105, 20260106)
const { steps } = rig.plan()
const seconds: Readonly<Record<string, number>> = { a: 1000, b: 500, c: 2000 }
const estimate = (ended: readonly string[], concurrency: number, known = seconds): number | undefined =>
  remainingMs({ steps, isEnded: ({ task }) => ended.includes(task), msPerDay: (task) => known[task], concurrency })

test('remainingMs() is the critical path when there are places enough, else the work shared out', () => {
  expect(estimate([], 8)).toBe(2 * (1000 + 2000))
  expect(estimate([], 1)).toBe(2 * (1000 + 500 + 2000))
  expect(estimate(['a'], 8)).toBe(2 * 2000)
  expect(estimate(['a', 'b', 'c'], 1)).toBe(0)
})

test('remainingMs() is silent while a task left has no known duration', () => {
  expect(estimate([], 8, { a: 1, c: 1 })).toBeUndefined()
  expect(estimate(['b'], 8, { a: 1, c: 1 })).toBe(4)
})

test('medianOf() takes the middle, or the mean of the two middle values', () => {
  expect([medianOf([]), medianOf([5]), medianOf([9, 1, 5]), medianOf([4, 1, 2, 9])]).toEqual([undefined, 5, 5, 3])
})
